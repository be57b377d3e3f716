import {open, writeFile} from 'node:fs/promises';
import type {Finding} from '../../../domain/item.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import {systemPath} from '../../../system/directory.ts';
import {type DatabaseObject, readObjects, scriptOf} from './objects.ts';
import {runEither, type Mariadb} from './mariadb.ts';
import {scanDump} from './scan-dump.ts';
import {quoteText} from './sql.ts';

/** What lies beside a dump. */
export type MariadbFacts = {
	readonly version: 1;
	readonly kind: 'mysql';
	readonly name: string;
	readonly characterSet: string;
	readonly collation: string;
	/** With the rows of each in the dump; `null`: not counted. */
	readonly tables: ReadonlyArray<{readonly name: string; readonly rows: number | null}>;
	readonly objects: readonly DatabaseObject[];
};

export const tablesFile = 'tables.sql';
export const objectsFile = 'objects.sql';

/** Views are made anew from what `objects` says of them: a view has no rows. */
export const readTables = async (server: Mariadb, database: string): Promise<ReadonlyArray<{readonly name: string; readonly type: string; readonly engine: string}>> => {
	const rows = await server.query(`SELECT table_name, table_type, engine FROM information_schema.tables WHERE table_schema = ${quoteText(database)} ORDER BY table_name`);

	return rows.map(([name, type, engine]) => ({name: name!, type: type!, engine: engine!}));
};

/**
Writes a dump and what is known about it into the folder. Neither date nor anything else in it changes while the database does not, so that it adds next to nothing to a vault that has it.
*/
export const captureMariadb = async (server: Mariadb, name: string, folder: RawPath): Promise<{readonly facts: MariadbFacts; readonly findings: readonly Finding[]}> => {
	const all = await readTables(server, name);
	const tables = all.filter(({type}) => type !== 'VIEW');
	const [[characterSet, collation] = []] = await server.query(`SELECT default_character_set_name, default_collation_name FROM information_schema.schemata WHERE schema_name = ${quoteText(name)}`);
	const objects = await readObjects(server, name);
	await dump(server, name, {folder, views: all.filter(({type}) => type === 'VIEW').map(table => table.name)});
	const rows = await scanDump(`${folder}/${tablesFile}`);
	const lost = rows.keys().find(table => tables.every(each => each.name !== table));

	if (characterSet === undefined || collation === undefined || lost !== undefined) {
		throw new Error('the database changed its shape while it was read');
	}

	await writeFile(systemPath(`${folder}/${objectsFile}`), scriptOf(objects), {mode: 0o600, flag: 'wx'});
	const loose = tables.filter(({type, engine}) => type === 'BASE TABLE' && engine !== 'InnoDB' && engine !== 'RocksDB').map(table => table.name);

	return {
		facts: {
			version: 1, kind: 'mysql', name, characterSet, collation, objects, tables: tables.map(table => ({name: table.name, rows: table.type === 'SEQUENCE' ? null : (rows.has(table.name) ? rows.get(table.name)! : 0)})),
		},
		findings: loose.length === 0 ? [] : [{level: 'note', path: '', message: `databases: ${name}: ${loose.length} of ${tables.length} tables know no transactions (${loose.slice(0, 5).join(', ')}${loose.length > 5 ? ', …' : ''}) and may be of another moment than the rest`}],
	};
};

const dump = async ({socket, signal}: Mariadb, name: string, {folder, views}: {readonly folder: RawPath; readonly views: readonly string[]}): Promise<void> => {
	await using file = await open(systemPath(`${folder}/${tablesFile}`), 'wx', 0o600);
	const {complaint} = await runEither(['mariadb-dump', 'mysqldump'], [
		'--no-defaults',
		`--socket=${socket}`,
		'--user=root',
		'--single-transaction',
		'--quick',
		'--hex-blob',
		'--skip-triggers',
		'--skip-dump-date',
		'--default-character-set=utf8mb4',
		'--max-allowed-packet=1G',
		...views.map(view => `--ignore-table=${name}.${view}`),
		'--',
		name,
	], {signal, outputFd: file.fd});

	if (complaint !== '') {
		throw new Error(`mariadb-dump said: ${complaint}`);
	}
};
