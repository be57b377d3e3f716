import type {Swap, SwapJournal} from '../swap-journal.ts';
import {readTables} from './capture.ts';
import {dropDatabase} from './import-dump.ts';
import {unstoppable, type Mariadb} from './mariadb.ts';
import {createObjects, dropObjects} from './objects.ts';

/**
Ends what a dead process left of an exchange. All tables move in one statement, so they have moved or not; what stands beside them is made again as it belongs there.
@returns what was done, in words
@throws Error where it cannot be done
*/
export const mendTables = async (server: Mariadb, swap: Swap, journal: SwapJournal): Promise<string> => {
	const {name, fresh, old, objects} = swap;
	const steady = unstoppable(server);
	const isMoved = await haveMoved(steady, swap);
	const {live, fresh: restored} = objects ?? {live: [], fresh: []};
	const wanted = isMoved ? restored : live;
	await dropObjects(steady, name, [...live, ...restored]);
	const [failure] = await createObjects(steady, name, wanted);

	if (failure !== undefined) {
		throw new Error(`the ${failure[0].type.toLowerCase()} ${failure[0].name} cannot be made: ${failure[1]}`);
	}

	await journal.remove(swap);
	await dropDatabase(steady, fresh);

	if (isMoved || await countTables(steady, old) === 0) {
		await dropDatabase(steady, old);
	}

	return isMoved ? 'it had been restored when the process died, and is whole now' : 'it was put back as it was before the restore';
};

const haveMoved = async (server: Mariadb, {fresh, old, tables}: Swap): Promise<boolean> => {
	const {live, fresh: restored} = tables ?? {live: 0, fresh: 0};

	return live > 0 ? await countTables(server, old) > 0 : restored > 0 && await countTables(server, fresh) === 0;
};

const countTables = async (server: Mariadb, database: string): Promise<number> => {
	const tables = await readTables(server, database);

	return tables.length;
};
