import {isDeepStrictEqual} from 'node:util';
import type {Finding} from '../../../domain/item.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import {scratchNames} from '../scratch-name.ts';
import type {SwapJournal} from '../swap-journal.ts';
import {whileSound} from '../while-sound.ts';
import {endAfter} from '../with-ending.ts';
import {readTables, tablesFile, type MariadbFacts} from './capture.ts';
import {dropDatabase, importDump} from './import-dump.ts';
import {stoppedBy, unstoppable, type Mariadb} from './mariadb.ts';
import {
	checkStatements,
	createObjects,
	dropObjects,
	readObjects,
	type DatabaseObject,
} from './objects.ts';
import {scanDump} from './scan-dump.ts';
import {quoteName, quoteText} from './sql.ts';
import {swapTables} from './swap-tables.ts';

export type MariadbRestore = {
	readonly folder: RawPath;
	/** Where the server keeps its data; `undefined` where that is not known. */
	readonly dataFolder: RawPath | undefined;
	readonly facts: MariadbFacts;
	/** Whether a user of the server is the account's. */
	readonly isOwnUser: (name: string) => boolean;
	readonly journal: SwapJournal;
};

/**
Imports a dump beside the live database, counts what came of it, and only then puts it into its place.
@throws Error with the live database as it was
*/
export const restoreMariadb = async (server: Mariadb, {folder, dataFolder, facts, isOwnUser, journal}: MariadbRestore): Promise<readonly Finding[]> => {
	const {name} = facts;
	const names = scratchNames(name);
	const dump = `${folder}/${tablesFile}`;
	await scanDump(dump);
	await checkReferences(server, name);
	const live = await readObjects(server, name);
	const steady = unstoppable(server);
	const {safe, findings} = choose(facts, live, isOwnUser);
	checkStatements(name, safe);
	let sound: readonly DatabaseObject[];

	try {
		await dropDatabase(server, names.fresh);
		await dropDatabase(server, names.old);
		await server.query(`CREATE DATABASE ${quoteName(names.fresh)} ${charsetOf(facts)}; CREATE DATABASE ${quoteName(names.old)} ${charsetOf(facts)}`);
		await whileSound({
			folder: dataFolder, ask: async signal => stoppedBy(server, signal).query('SELECT 1'), signal: server.signal,
		}, async signal => importDump(stoppedBy(server, signal), {database: names.fresh, login: names.login, dump}));
		await checkImport(server, names.fresh, facts);
		const broken = await tryObjects(server, names.fresh, safe);
		sound = safe.filter(object => !broken.has(object));
		// One that is as broken live as it was then stays as it is.
		const steadfast = live.filter(object => broken.keys().some(other => isSame(object, other, name)));
		findings.push(...broken.entries().filter(([object]) => steadfast.every(other => !isSame(object, other, name))).map(([object, reason]) => problem(name, `${describe(object)} was left out, as it cannot be made: ${reason.replaceAll(names.fresh, () => name)}`)));
		await server.query(`CREATE DATABASE IF NOT EXISTS ${quoteName(name)} ${charsetOf(facts)}`);
		server.signal.throwIfAborted();
		await swapTables(steady, {
			live: name, fresh: names.fresh, old: names.old, liveObjects: live.filter(object => !steadfast.includes(object)), freshObjects: sound, journal,
		});
	} catch (error) {
		await endAfter(error as Error, async () => {
			await dropDatabase(server, names.fresh);
			await dropEmpty(steady, names.old);
		});
		throw error;
	}

	await steady.query(`ALTER DATABASE ${quoteName(name)} ${charsetOf(facts)}`);
	const failures = await createObjects(steady, name, sound);
	await journal.remove({kind: 'mysql', fresh: names.fresh});
	await dropDatabase(server, names.fresh);
	await dropDatabase(server, names.old);

	return [...findings, ...Array.from(failures, ([object, reason]): Finding => problem(name, `${describe(object)} could not be made: ${reason}`))];
};

const charsetOf = ({characterSet, collation}: MariadbFacts): string => {
	if (!/^\w+$/v.test(characterSet) || !/^\w+$/v.test(collation)) {
		throw new Error('what is stored beside the dump is not sound');
	}

	return `CHARACTER SET ${characterSet} COLLATE ${collation}`;
};

/** Keys of other databases would follow the tables that are set aside. */
const checkReferences = async (server: Mariadb, database: string): Promise<void> => {
	const at = quoteText(database);
	const [other] = await server.query(`SELECT table_schema, table_name FROM information_schema.key_column_usage WHERE referenced_table_schema = ${at} AND table_schema <> ${at} LIMIT 1`);

	if (other !== undefined) {
		throw new Error(`the table ${other[1]!} of the database ${other[0]!} refers to it by a foreign key; drop that key first`);
	}
};

/** Something that runs with the rights of another user comes back only where it is live just so: else a hostile backup could borrow anybody's rights. */
const choose = ({name, objects}: MariadbFacts, live: readonly DatabaseObject[], isOwnUser: (name: string) => boolean): {readonly safe: readonly DatabaseObject[]; readonly findings: Finding[]} => {
	const isSafe = (object: DatabaseObject): boolean => isOwnUser(object.definer.user) || live.some(other => isSame(object, other, name));

	return {
		safe: objects.filter(object => isSafe(object)),
		findings: objects.filter(object => !isSafe(object)).map(object => problem(name, `${describe(object)} was left out: it would run with the rights of ${object.definer.user}@${object.definer.host}, who is none of the account's users`)),
	};
};

/** Of a view whose tables are gone, the server names the database itself before each column. */
const isSame = (object: DatabaseObject, other: DatabaseObject, database: string): boolean => {
	const [left, right] = [object, other].map(({statement, ...facts}) => ({...facts, statement: facts.type === 'VIEW' ? statement.replaceAll(`${quoteName(database)}.`, '') : statement}));

	return isDeepStrictEqual(left, right);
};

const checkImport = async (server: Mariadb, database: string, {tables}: MariadbFacts): Promise<void> => {
	const made = await readTables(server, database);
	const strange = await readObjects(server, database);
	const wanted = tables.map(table => table.name).toSorted().join('\n');

	if (strange.length > 0 || made.map(table => table.name).toSorted().join('\n') !== wanted) {
		throw new Error('the dump made other tables than it should have');
	}

	for (const {name, rows} of tables) {
		if (rows === null) {
			continue;
		}

		const [[count] = []] = await server.query(`SELECT COUNT(*) FROM ${quoteName(database)}.${quoteName(name)}`);

		if (Number(count) !== rows) {
			throw new Error(`the table ${name} has ${count} rows after the import, and had ${rows}`);
		}
	}
};

/**
What cannot be made, as a view of a table that was gone already then, is found out before anything live is touched. An event might run, so events are not tried. Only we have rights here, so it is ours while it is tried.
@returns why each of those cannot
*/
const tryObjects = async (server: Mariadb, database: string, objects: readonly DatabaseObject[]): Promise<ReadonlyMap<DatabaseObject, string>> => {
	const tried = new Map(objects.filter(({type}) => type !== 'EVENT').map(object => [{...object, definer: {user: 'root', host: 'localhost'}}, object]));
	const failures = await createObjects(server, database, tried.keys().toArray());
	await dropObjects(server, database, tried.keys().toArray());

	return new Map(failures.entries().map(([object, reason]) => [tried.get(object)!, reason]));
};

/** Whatever was set aside is never thrown away by a restore that failed. */
const dropEmpty = async (server: Mariadb, database: string): Promise<void> => {
	const tables = await readTables(server, database);

	if (tables.length === 0) {
		await dropDatabase(server, database);
	}
};

const describe = ({type, name}: DatabaseObject): string => `the ${type.toLowerCase()} ${name}`;

const problem = (database: string, message: string): Finding => ({level: 'problem', path: '', message: `databases: ${database}: ${message}`});
