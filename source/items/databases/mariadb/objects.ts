/** What a database has beside its tables. Each is kept as one statement without its definer, which is kept beside it. */
import type {Mariadb} from './mariadb.ts';
import {
	quoteName,
	quoteText,
	quoteUser,
	single,
} from './sql.ts';

export type DatabaseObject = {
	readonly type: 'VIEW' | 'PROCEDURE' | 'FUNCTION' | 'TRIGGER' | 'EVENT';
	readonly name: string;
	readonly definer: {readonly user: string; readonly host: string};
	/** What follows `CREATE DEFINER=…`, with nothing said about the schema. */
	readonly statement: string;
	/** Session variables it was made with, in camel case. */
	readonly session: Readonly<Record<string, string>>;
};

export const readObjects = async (server: Mariadb, database: string): Promise<readonly DatabaseObject[]> => {
	const at = `= ${quoteText(database)}`;
	const views = await server.query(`SELECT 'VIEW', table_name FROM information_schema.views WHERE table_schema ${at} ORDER BY 2`);
	const routines = await server.query(`SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema ${at} AND routine_type IN ('PROCEDURE', 'FUNCTION') ORDER BY 1, 2`);
	const events = await server.query(`SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema ${at} ORDER BY 2`);
	const objects: DatabaseObject[] = [];

	for (const [type, name] of [...views, ...routines, ...events] as ReadonlyArray<readonly string[]>) {
		objects.push(await readObject(server, {database, type: type as DatabaseObject['type'], name: name!}));
	}

	return [...objects, ...await readTriggers(server, database)];
};

const readObject = async (server: Mariadb, {database, type, name}: {readonly database: string; readonly type: DatabaseObject['type']; readonly name: string}): Promise<DatabaseObject> => {
	const rows = await server.query(`USE ${quoteName(database)}; SHOW CREATE ${type} ${quoteName(name)}`);
	const row = rows[0] ?? [];
	const [text, session] = type === 'VIEW' ? [row[1], sessionOf(row[2], row[3])] : (type === 'EVENT' ? [row[3], {...sessionOf(row[4], row[5]), sqlMode: row[1]!, timeZone: row[2]!}] : [row[2], {...sessionOf(row[3], row[4]), sqlMode: row[1]!}]);
	const match = /^CREATE (?<before>(?:ALGORITHM=\w+ )?)DEFINER=`(?<user>(?:[^`]|``)*)`@`(?<host>(?:[^`]|``)*)` (?<after>.*)$/sv.exec(text ?? '');

	if (match === null) {
		throw new Error(`the ${type.toLowerCase()} ${name} cannot be read`);
	}

	const {before, user, host, after} = match.groups as Record<'before' | 'user' | 'host' | 'after', string>;

	return {
		type, name, definer: {user: unquote(user), host: unquote(host)}, statement: `${before}${after}`, session,
	};
};

const readTriggers = async (server: Mariadb, database: string): Promise<readonly DatabaseObject[]> => {
	const rows = await server.query(`SELECT trigger_name, action_timing, event_manipulation, event_object_table, action_statement, definer, character_set_client, collation_connection, sql_mode
		FROM information_schema.triggers WHERE trigger_schema = ${quoteText(database)} ORDER BY event_object_table, event_manipulation, action_timing, action_order`);

	return rows.map((row): DatabaseObject => {
		const [name, timing, event, table, body, definer, client, collation, mode] = row as readonly [string, string, string, string, string, string, string, string, string];
		const cut = definer.lastIndexOf('@');

		return {
			type: 'TRIGGER', name, definer: {user: definer.slice(0, cut), host: definer.slice(cut + 1)}, statement: `TRIGGER ${quoteName(name)} ${timing} ${event} ON ${quoteName(table)} FOR EACH ROW ${body}`, session: {...sessionOf(client, collation), sqlMode: mode},
		};
	});
};

const sessionOf = (client: string | undefined, collation: string | undefined): Record<string, string> => ({characterSetClient: client!, collationConnection: collation!});

const unquote = (text: string): string => text.replaceAll('``', '`');

/** Makes objects of a database; views may need each other, so those that fail are tried again while others succeed. Returns why each that is left failed. */
export const createObjects = async (server: Mariadb, database: string, objects: readonly DatabaseObject[]): Promise<ReadonlyMap<DatabaseObject, string>> => {
	let left = objects;

	for (;;) {
		const failures = new Map<DatabaseObject, string>();

		for (const object of left) {
			try {
				await server.query(creationOf(database, object));
			} catch (error) {
				server.signal.throwIfAborted();
				failures.set(object, (error as Error).message);
			}
		}

		if (failures.size === 0 || failures.size === left.length) {
			return failures;
		}

		left = failures.keys().toArray();
	}
};

/**
Looks at what is stored before anything is done with it.
@throws Error where a statement would do something else than make its object: no database was ever saved like that
*/
export const checkStatements = (database: string, objects: readonly DatabaseObject[]): void => {
	for (const object of objects) {
		creationOf(database, object);
	}
};

/** One statement, of which the beginning is ours: it can make this object in this database for this definer, and nothing else. */
const creationOf = (database: string, {type, name, definer, statement, session}: DatabaseObject): string => {
	const expected = `${type} ${quoteName(name)}`;
	const [before = ''] = /^(?:ALGORITHM=\w+ )?/v.exec(statement)!;
	const rest = statement.slice(before.length).replace(/^SQL SECURITY (?:DEFINER|INVOKER) /v, '');

	const following = rest.slice(expected.length);

	if (!rest.startsWith(expected) || !(type === 'TRIGGER' ? /^ (?:BEFORE|AFTER) (?:INSERT|UPDATE|DELETE) ON `(?:[^`]|``)+` FOR EACH ROW /v : /^\s*[^\s.]/v).test(following)) {
		throw new Error(`the statement of the ${type.toLowerCase()} ${name} is another than it should be`);
	}

	const variables = Object.entries(session).map(([key, value]) => `${variableOf(key)} = '${checkWord(value)}'`);

	return `USE ${quoteName(database)}; SET ${variables.map(variable => `SESSION ${variable}`).join(', ')}; ${single(`CREATE ${before}DEFINER=${quoteUser(definer)} ${statement.slice(before.length)}`)}`;
};

const variableOf = (key: string): string => checkWord(key.replaceAll(/[A-Z]/gv, letter => `_${letter.toLowerCase()}`));

const checkWord = (word: string): string => {
	if (!/^[\w+,\-\/:]*$/v.test(word)) {
		throw new Error(`"${word}" is no value of a session variable`);
	}

	return word;
};

/** In seconds; who waits longer than this for a table's user would keep everybody else from it, too. */
const patience = 30;

export const withPatience = `SET SESSION lock_wait_timeout = ${patience};`;

export const dropObjects = async (server: Mariadb, database: string, objects: readonly DatabaseObject[]): Promise<void> => {
	if (objects.length > 0) {
		await server.query(`${withPatience} USE ${quoteName(database)}; ${objects.map(({type, name}) => `DROP ${type} IF EXISTS ${quoteName(name)};`).join(' ')}`);
	}
};

/** For hands: what the client of the server reads. */
export const scriptOf = (objects: readonly DatabaseObject[]): string => [
	'DELIMITER ;;',
	...objects.map(({definer, statement, session}) => {
		const [before = ''] = /^(?:ALGORITHM=\w+ )?/v.exec(statement)!;

		return `${Object.entries(session).map(([key, value]) => `SET SESSION ${variableOf(key)} = '${value}' ;;\n`).join('')}CREATE ${before}DEFINER=${quoteUser(definer)} ${statement.slice(before.length)} ;;`;
	}),
	'DELIMITER ;',
	'',
].join('\n');
