/** A user of a MariaDB server with all its hosts, as it is kept: hashes, never passwords; and rights on the account's databases alone. */
import {Buffer} from 'node:buffer';
import type {Mariadb} from '../databases/mariadb/mariadb.ts';
import {quoteName, quoteUser} from '../databases/mariadb/sql.ts';

export type Grant = {
	/** As in SQL, such as `SELECT, INSERT (`a`)`. */
	readonly privileges: string;
	readonly type: '' | 'FUNCTION' | 'PROCEDURE';
	/** The database as the server keeps it: in a right on all of it, `_` and `%` are wildcards unless a backslash is before them. */
	readonly database: string;
	/** `null`: all of the database. */
	readonly object: string | null;
	readonly isGrantable: boolean;
};

export type UserHost = {
	readonly host: string;
	/** How the user is known, as in SQL after its name: plugin, hash, requirements, limits. */
	readonly identified: string;
	readonly grants: readonly Grant[];
};

export type UserRecord = {
	readonly version: 1;
	readonly kind: 'mysql';
	readonly user: string;
	readonly hosts: readonly UserHost[];
};

export type ReadRecord = {
	readonly record: UserRecord;
	/** Rights that are not the account's to have back. */
	readonly foreign: readonly string[];
};

export type ReadOptions = {
	readonly user: string;
	/** Whether a grant on a database, or on databases like it, is on the account's alone. */
	readonly isOwn: (database: string) => boolean;
};

export const readUser = async (server: Mariadb, {user, isOwn}: ReadOptions): Promise<ReadRecord> => {
	const names = await server.query(`SELECT host FROM mysql.user WHERE user = CONVERT(X'${Buffer.from(user).toString('hex')}' USING utf8mb4) ORDER BY host`);
	const hosts: UserHost[] = [];
	const foreign: string[] = [];

	for (const [host] of names) {
		const account = quoteUser({user, host: host!});
		const [[created = ''] = []] = await server.query(`SHOW CREATE USER ${account}`);
		const lines = await server.query(`SHOW GRANTS FOR ${account}`);
		const all = lines.map(([line]) => ({line: line!, grant: parseGrant(line!, account)}));

		if (!created.startsWith(`CREATE USER ${account}`)) {
			throw new Error(`the user ${user} cannot be read`);
		}

		foreign.push(...all.filter(({line, grant}) => !line.startsWith('GRANT USAGE ON *.* ') && (grant === undefined || !isOwn(grant.database))).map(({line}) => line.replace(/ IDENTIFIED .*$/sv, '')));
		hosts.push({host: host!, identified: created.slice(`CREATE USER ${account}`.length).trim(), grants: all.flatMap(({grant}) => grant !== undefined && isOwn(grant.database) ? [grant] : [])});
	}

	return {
		record: {
			version: 1, kind: 'mysql', user, hosts,
		}, foreign,
	};
};

const grantLine = /^GRANT (?<privileges>.+) ON (?:(?<type>FUNCTION|PROCEDURE) )?`(?<database>(?:[^`]|``)+)`\.(?:\*|`(?<object>(?:[^`]|``)+)`) TO (?<rest>.+)$/sv;

const parseGrant = (line: string, account: string): Grant | undefined => {
	const groups = grantLine.exec(line)?.groups;
	const tail = groups?.rest?.slice(account.length);

	if (groups === undefined || !groups.rest!.startsWith(account) || (tail !== '' && tail !== ' WITH GRANT OPTION')) {
		return undefined;
	}

	return {
		privileges: groups.privileges!, type: (groups.type ?? '') as Grant['type'], database: unquote(groups.database!), object: groups.object === undefined ? null : unquote(groups.object), isGrantable: tail !== '',
	};
};

const unquote = (text: string): string => text.replaceAll('``', '`');

/**
A grant as one statement that can be nothing else.
@throws Error where the record is not sound
*/
export const grantTo = (account: string, grant: Grant): string => `GRANT ${checkPrivileges(grant.privileges)} ON ${targetOf(grant)} TO ${account}${grant.isGrantable ? ' WITH GRANT OPTION' : ''}`;

export const revokeFrom = (account: string, grant: Grant): readonly string[] => [
	`REVOKE ${checkPrivileges(grant.privileges)} ON ${targetOf(grant)} FROM ${account}`,
	...grant.isGrantable ? [`REVOKE GRANT OPTION ON ${targetOf(grant)} FROM ${account}`] : [],
];

const targetOf = ({type, database, object}: Grant): string => {
	if (!['', 'FUNCTION', 'PROCEDURE'].includes(type)) {
		throw new Error(`there is no right on a ${type}`);
	}

	return `${type} ${quoteName(database)}.${object === null ? '*' : quoteName(object)}`;
};

const checkPrivileges = (text: string): string => {
	const words = text.replaceAll(/`(?:[^`]|``)*`/gv, '');

	if (!/^[ \(\),A-Z]+$/v.test(words) || /\b(?:ON|TO|FROM|WITH|PROXY)\b/v.test(words)) {
		throw new Error(`"${text}" are no rights`);
	}

	return text;
};

/** Plugins, hashes, limits: words and quoted texts, without anything that could name a second user. */
export const checkIdentified = (text: string): string => {
	if (!/^(?:'[^'\\]*'|[\w \-.])*$/v.test(text)) {
		throw new Error('how the user is known is not sound');
	}

	return text;
};
