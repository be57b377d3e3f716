/** A role of a PostgreSQL server as it is kept: its verifier, never a password; memberships among the account's own roles, and rights on its own databases. What it may do inside a database is in that one's dump. */
import * as z from 'zod';
import {quoteName, quoteText, type Postgresql} from '../databases/postgresql/postgresql.ts';

const membership = z.strictObject({role: z.string(), isAdmin: z.boolean()});

const timePattern = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00$/v;
const verifierPattern = /^(?:SCRAM-SHA-256\$\d+:[\w+\/=]+\$[\w+\/=]+:[\w+\/=]+|md5[\da-f]{32})$/v;
const right = z.strictObject({database: z.string(), privilege: z.enum(['CONNECT', 'CREATE', 'TEMPORARY']), isGrantable: z.boolean()});

const roleRecord = z.strictObject({
	version: z.literal(1),
	kind: z.literal('postgresql'),
	user: z.string(),
	canLogin: z.boolean(),
	isInheriting: z.boolean(),
	/** -1: any number. */
	connectionLimit: z.int().min(-1),
	/** In UTC. */
	validUntil: z.string().regex(timePattern).nullable(),
	/** As the server keeps it. */
	verifier: z.string().regex(verifierPattern).nullable(),
	memberOf: z.array(membership),
	members: z.array(membership),
	rights: z.array(right),
});

export type RoleRecord = z.infer<typeof roleRecord>;

/**
What is stored, as a record.
@throws Error where it is none
*/
export const parseRole = (record: unknown): RoleRecord => roleRecord.parse(record);

export type Ownership = {
	readonly isOwnRole: (role: string) => boolean;
	readonly isOwnDatabase: (database: string) => boolean;
};

export type ReadRole = {
	readonly record: RoleRecord;
	/** What it has of others, in words. */
	readonly foreign: readonly string[];
};

/** A role as it is now; `undefined` where there is none. */
export const readRole = async (server: Postgresql, role: string, {isOwnRole, isOwnDatabase}: Ownership): Promise<ReadRole | undefined> => {
	const name = quoteText(role);
	const [facts] = await server.query<Pick<RoleRecord, 'canLogin' | 'isInheriting' | 'connectionLimit' | 'validUntil' | 'verifier'>>(`SELECT rolcanlogin AS "canLogin", rolinherit AS "isInheriting", rolconnlimit AS "connectionLimit", rolpassword AS verifier,
		CASE WHEN isfinite(rolvaliduntil) THEN to_char(rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' END AS "validUntil" FROM pg_authid WHERE rolname = ${name}`);

	if (facts === undefined) {
		return undefined;
	}

	const above = await server.query<Member>(memberships('m.member', 'm.roleid', name));
	const below = await server.query<Member>(memberships('m.roleid', 'm.member', name));
	const rights = await server.query<RoleRecord['rights'][number]>(`SELECT d.datname AS database, a.privilege_type AS privilege, a.is_grantable AS "isGrantable" FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a
		JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname = ${name} AND d.datdba <> r.oid ORDER BY 1, 2`);

	return {
		record: parseRole({
			version: 1,
			kind: 'postgresql',
			user: role,
			...facts,
			memberOf: above.filter(each => isOwnRole(each.role)),
			members: below.filter(each => isOwnRole(each.role)),
			rights: rights.filter(({database}) => isOwnDatabase(database)),
		}),
		foreign: [
			...above.filter(each => !isOwnRole(each.role)).map(each => `its membership in ${each.role}, which is not the account's, is not taken`),
			...rights.filter(({database}) => !isOwnDatabase(database)).map(({database, privilege}) => `its right ${privilege} on ${database}, which is not the account's, is not taken`),
		],
	};
};

type Member = RoleRecord['memberOf'][number];

const memberships = (own: string, other: string, name: string): string => `SELECT o.rolname AS role, bool_or(m.admin_option) AS "isAdmin" FROM pg_auth_members m JOIN pg_roles r ON r.oid = ${own} JOIN pg_roles o ON o.oid = ${other} WHERE r.rolname = ${name} GROUP BY 1 ORDER BY 1`;

export type RoleSurroundings = {
	/** Names of all roles and databases that there are. */
	readonly roles: ReadonlySet<string>;
	readonly databases: ReadonlySet<string>;
};

/** What of a role can be now: memberships and rights come with the roles and databases that they are about. */
export const possibleOf = (record: RoleRecord, {roles, databases}: RoleSurroundings): RoleRecord => ({
	...record,
	memberOf: record.memberOf.filter(({role}) => roles.has(role)),
	members: record.members.filter(({role}) => roles.has(role)),
	rights: record.rights.filter(({database}) => databases.has(database)),
});

/** Statements that make the live role what is wanted; never one that gives it more than to log in. */
export const statementsFor = (wanted: RoleRecord, live: RoleRecord | undefined): readonly string[] => {
	const name = quoteName(wanted.user);
	const {canLogin, isInheriting, connectionLimit, validUntil, verifier} = wanted;
	// There is no way back to none.
	const until = validUntil ?? (live !== undefined && live.validUntil !== null ? 'infinity' : null);

	return [
		...live === undefined ? [`CREATE ROLE ${name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`] : [],
		`ALTER ROLE ${name} ${canLogin ? 'LOGIN' : 'NOLOGIN'} ${isInheriting ? 'INHERIT' : 'NOINHERIT'} CONNECTION LIMIT ${connectionLimit}${until === null ? '' : ` VALID UNTIL '${until}'`} PASSWORD ${verifier === null ? 'NULL' : `'${verifier}'`}`,
		...(live?.memberOf ?? []).map(({role}) => `REVOKE ${quoteName(role)} FROM ${name}`),
		...(live?.members ?? []).map(({role}) => `REVOKE ${name} FROM ${quoteName(role)}`),
		...wanted.memberOf.map(({role, isAdmin}) => `GRANT ${quoteName(role)} TO ${name}${isAdmin ? ' WITH ADMIN OPTION' : ''}`),
		...wanted.members.map(({role, isAdmin}) => `GRANT ${name} TO ${quoteName(role)}${isAdmin ? ' WITH ADMIN OPTION' : ''}`),
		...(live?.rights ?? []).map(({database, privilege}) => `REVOKE ${privilege} ON DATABASE ${quoteName(database)} FROM ${name}`),
		...wanted.rights.map(({database, privilege, isGrantable}) => `GRANT ${privilege} ON DATABASE ${quoteName(database)} TO ${name}${isGrantable ? ' WITH GRANT OPTION' : ''}`),
	];
};
