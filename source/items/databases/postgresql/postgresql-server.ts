import {fromText, type RawPath} from '../../../domain/raw-name.ts';
import {readFacts, writeFacts} from '../facts.ts';
import type {DatabaseServer} from '../server.ts';
import {capturePostgresql, readShape, type PostgresqlFacts} from './capture.ts';
import type {Postgresql} from './postgresql.ts';
import {dropDatabase, restorePostgresql} from './restore.ts';
import {mendDatabases} from './swap-databases.ts';

export const postgresqlServer = (server: Postgresql): DatabaseServer => ({
	kind: 'postgresql',
	async list() {
		const rows = await server.query<{name: string}>('SELECT datname AS name FROM pg_database WHERE NOT datistemplate ORDER BY 1');

		return rows.map(({name}) => name);
	},
	async dataFolder() {
		return readDataFolder(server);
	},
	async capture(name, folder) {
		await writeFacts(folder, await capturePostgresql(server, name, folder));

		return [];
	},
	async restore(name, {folder, isOwnUser, journal}) {
		const facts = await readFacts<PostgresqlFacts>(folder, 'postgresql');

		return restorePostgresql(server, {
			folder, dataFolder: await readDataFolder(server), facts: {...facts, name}, isOwnUser, journal,
		});
	},
	async mend(swap, journal) {
		return mendDatabases(server.unstoppable(), swap, journal);
	},
	async remove(name) {
		await dropDatabase(server, name);
	},
	async check(name, folder) {
		const {shape} = await readFacts<PostgresqlFacts>(folder, 'postgresql');
		const live = await readShape(server, name);

		if (live?.owner !== shape.owner || live.encoding !== shape.encoding) {
			throw new Error('the database is not what was imported');
		}
	},
});

const readDataFolder = async (server: Postgresql): Promise<RawPath | undefined> => {
	const [row] = await server.query<{folder: string}>('SELECT current_setting(\'data_directory\') AS folder');

	return row && fromText(row.folder);
};
