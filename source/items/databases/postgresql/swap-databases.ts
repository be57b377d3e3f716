import type {Swap, SwapJournal} from '../swap-journal.ts';
import {quoteName, quoteText, type Postgresql} from './postgresql.ts';

export type SwapOptions = {
	/** The database of the name, where there is one. */
	readonly live: string | undefined;
	readonly name: string;
	readonly fresh: string;
	/** What the live one is called from then on. */
	readonly old: string;
	/** Knows of the exchange until whoever asked for it has brought it to its end. */
	readonly journal: SwapJournal;
};

/**
Gives the fresh database the name, in one transaction with taking it from the live one. A database with connections cannot be renamed, so they are refused and ended before.
@throws Error with the live database as it was
*/
export const swapDatabases = async (server: Postgresql, {live, name, fresh, old, journal}: SwapOptions): Promise<void> => {
	if (live === undefined) {
		await server.run(`ALTER DATABASE ${quoteName(fresh)} RENAME TO ${quoteName(name)}`);
		return;
	}

	await journal.write({
		version: 1, kind: 'postgresql', name, fresh, old, tables: null, objects: null,
	});

	try {
		await server.run(`ALTER DATABASE ${quoteName(live)} WITH ALLOW_CONNECTIONS false`);
		await server.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${quoteText(live)}`);
		await server.run(`BEGIN; ALTER DATABASE ${quoteName(live)} RENAME TO ${quoteName(old)}; ALTER DATABASE ${quoteName(fresh)} RENAME TO ${quoteName(name)}; COMMIT`);
	} catch (error) {
		await server.run(`ALTER DATABASE ${quoteName(live)} WITH ALLOW_CONNECTIONS true`);
		await journal.remove({kind: 'postgresql', fresh});
		throw error;
	}
};

/**
Ends what a dead process left of an exchange: both names change at once, so they have changed or not.
@returns what was done, in words
*/
export const mendDatabases = async (server: Postgresql, {kind, name, fresh, old}: Swap, journal: SwapJournal): Promise<string> => {
	const rows = await server.query<{name: string}>('SELECT datname AS name FROM pg_database');
	const isMoved = rows.some(row => row.name === old);
	await server.run(`ALTER DATABASE ${quoteName(name)} WITH ALLOW_CONNECTIONS true`);
	await journal.remove({kind, fresh});

	for (const scratch of [fresh, old]) {
		await server.run(`DROP DATABASE IF EXISTS ${quoteName(scratch)} WITH (FORCE)`);
	}

	return isMoved ? 'it had been restored when the process died, and is whole now' : 'it takes connections again, and is as it was before the restore';
};
