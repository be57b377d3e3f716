import {readTables} from './capture.ts';
import type {Mariadb} from './mariadb.ts';
import {createObjects, dropObjects, type DatabaseObject} from './objects.ts';
import {quoteName} from './sql.ts';

export type SwapOptions = {
	readonly live: string;
	readonly fresh: string;
	/** Receives what was live. */
	readonly old: string;
	readonly liveObjects: readonly DatabaseObject[];
};

/** In seconds; who waits longer than this for a table's user would keep everybody else from it, too. */
const patience = 30;

/**
Exchanges all tables in one statement. A table with triggers cannot move, so what the live database has beside its tables goes first, and comes back where the exchange fails.
@throws Error with the live database as it was
*/
export const swapTables = async (server: Mariadb, {live, fresh, old, liveObjects}: SwapOptions): Promise<void> => {
	const away = await listTables(server, live);
	const here = await listTables(server, fresh);
	const moves = [
		...away.map(table => `${quoteName(live)}.${quoteName(table)} TO ${quoteName(old)}.${quoteName(table)}`),
		...here.map(table => `${quoteName(fresh)}.${quoteName(table)} TO ${quoteName(live)}.${quoteName(table)}`),
	];

	try {
		await dropObjects(server, live, liveObjects);

		if (moves.length > 0) {
			await server.query(`SET SESSION lock_wait_timeout = ${patience}; RENAME TABLE ${moves.join(', ')}`);
		}
	} catch (error) {
		await putBackObjects(server, live, {objects: liveObjects, cause: error as Error});
		throw error;
	}
};

const listTables = async (server: Mariadb, database: string): Promise<readonly string[]> => {
	const tables = await readTables(server, database);

	return tables.filter(({type}) => type !== 'VIEW').map(({name}) => name);
};

const putBackObjects = async (server: Mariadb, live: string, {objects, cause}: {readonly objects: readonly DatabaseObject[]; readonly cause: Error}): Promise<void> => {
	await dropObjects(server, live, objects);
	const [failure] = await createObjects(server, live, objects);

	if (failure !== undefined) {
		throw new Error(`${cause.message}; and the ${failure[0].type.toLowerCase()} ${failure[0].name} could not be made again: ${failure[1]}`, {cause});
	}
};
