import type {SwapJournal} from '../swap-journal.ts';
import {readTables} from './capture.ts';
import type {Mariadb} from './mariadb.ts';
import {
	createObjects,
	dropObjects,
	withPatience,
	type DatabaseObject,
} from './objects.ts';
import {quoteName} from './sql.ts';

export type SwapOptions = {
	readonly live: string;
	readonly fresh: string;
	/** Receives what was live. */
	readonly old: string;
	readonly liveObjects: readonly DatabaseObject[];
	/** What comes to stand beside the tables afterwards. */
	readonly freshObjects: readonly DatabaseObject[];
	/** Knows of the exchange until whoever asked for it has brought it to its end. */
	readonly journal: SwapJournal;
};

/**
Exchanges all tables in one statement. A table with triggers cannot move, so what the live database has beside its tables goes first, and comes back where the exchange fails.
@throws Error with the live database as it was
*/
export const swapTables = async (server: Mariadb, {live, fresh, old, liveObjects, freshObjects, journal}: SwapOptions): Promise<void> => {
	const away = await listTables(server, live);
	const here = await listTables(server, fresh);
	const moves = [
		...away.map(table => `${quoteName(live)}.${quoteName(table)} TO ${quoteName(old)}.${quoteName(table)}`),
		...here.map(table => `${quoteName(fresh)}.${quoteName(table)} TO ${quoteName(live)}.${quoteName(table)}`),
	];

	await journal.write({
		version: 1, kind: 'mysql', name: live, fresh, old, tables: {live: away.length, fresh: here.length}, objects: {live: [...liveObjects], fresh: [...freshObjects]},
	});

	try {
		await dropObjects(server, live, liveObjects);

		if (moves.length > 0) {
			await server.query(`${withPatience} RENAME TABLE ${moves.join(', ')}`);
		}
	} catch (error) {
		await putBackObjects(server, live, {objects: liveObjects, cause: error as Error});
		await journal.remove({kind: 'mysql', fresh});
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
