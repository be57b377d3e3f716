import {fromText, type RawPath} from '../../../domain/raw-name.ts';
import type {DatabaseServer} from '../server.ts';
import {readFacts, writeFacts} from '../facts.ts';
import {captureMariadb, readTables, type MariadbFacts} from './capture.ts';
import {dropDatabase} from './import-dump.ts';
import type {Mariadb} from './mariadb.ts';
import {mendTables} from './mend-tables.ts';
import {restoreMariadb} from './restore.ts';

export const mariadbServer = (server: Mariadb): DatabaseServer => ({
	kind: 'mysql',
	async list() {
		const rows = await server.query('SELECT schema_name FROM information_schema.schemata ORDER BY 1');

		return rows.map(([name]) => name!);
	},
	async dataFolder() {
		return readDataFolder(server);
	},
	async capture(name, folder) {
		const {facts, findings} = await captureMariadb(server, name, folder);
		await writeFacts(folder, facts);

		return findings;
	},
	async restore(name, {folder, isOwnUser, journal}) {
		const facts = await readFacts<MariadbFacts>(folder, 'mysql');

		return restoreMariadb(server, {
			folder, dataFolder: await readDataFolder(server), facts: {...facts, name}, isOwnUser, journal,
		});
	},
	async mend(swap, journal) {
		return mendTables(server, swap, journal);
	},
	async remove(name) {
		await dropDatabase(server, name);
	},
	async check(name, folder) {
		const {tables} = await readFacts<MariadbFacts>(folder, 'mysql');
		const live = await readTables(server, name);
		const names = new Set(live.map(table => table.name));
		const missing = tables.find(table => !names.has(table.name));

		if (missing !== undefined) {
			throw new Error(`the table ${missing.name} is not there`);
		}
	},
});

const readDataFolder = async (server: Mariadb): Promise<RawPath | undefined> => {
	const [[folder] = []] = await server.query('SELECT @@datadir');

	return folder === undefined ? undefined : fromText(folder);
};
