import {quoteName, quoteText, type Postgresql} from './postgresql.ts';

export type SwapOptions = {
	/** The database of the name, where there is one. */
	readonly live: string | undefined;
	readonly name: string;
	readonly fresh: string;
	/** What the live one is called from then on. */
	readonly old: string;
};

/**
Gives the fresh database the name, in one transaction with taking it from the live one. A database with connections cannot be renamed, so they are refused and ended before.
@throws Error with the live database as it was
*/
export const swapDatabases = async (server: Postgresql, {live, name, fresh, old}: SwapOptions): Promise<void> => {
	if (live === undefined) {
		await server.run(`ALTER DATABASE ${quoteName(fresh)} RENAME TO ${quoteName(name)}`);
		return;
	}

	try {
		await server.run(`ALTER DATABASE ${quoteName(live)} WITH ALLOW_CONNECTIONS false`);
		await server.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${quoteText(live)}`);
		await server.run(`BEGIN; ALTER DATABASE ${quoteName(live)} RENAME TO ${quoteName(old)}; ALTER DATABASE ${quoteName(fresh)} RENAME TO ${quoteName(name)}; COMMIT`);
	} catch (error) {
		await server.run(`ALTER DATABASE ${quoteName(live)} WITH ALLOW_CONNECTIONS true`);
		throw error;
	}
};
