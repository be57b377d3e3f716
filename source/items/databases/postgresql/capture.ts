import {open} from 'node:fs/promises';
import type {RawPath} from '../../../domain/raw-name.ts';
import {systemPath} from '../../../system/directory.ts';
import {scratchNames} from '../scratch-name.ts';
import {fixTime} from './dump-time.ts';
import {quoteText, runProgram, type Postgresql} from './postgresql.ts';
import {scanDump, type CountedTable} from './scan-dump.ts';
import {withLogin} from './throw-away-login.ts';

/** Whether it may be given on is not in older backups. */
type Right = {readonly grantee: string | null; readonly privilege: string; readonly isGrantable?: boolean};

type DatabaseShape = {
	readonly owner: string;
	readonly isOwnerMighty: boolean;
	readonly encoding: string;
	readonly collate: string;
	readonly ctype: string;
	/** `null`: the locale is the C library's. */
	readonly icuLocale: string | null;
	/** Who may do what with the database itself; `null`: as usual. A grantee of `null` is everybody. */
	readonly rights: readonly Right[] | null;
};

/** What lies beside a dump. */
export type PostgresqlFacts = {
	readonly version: 1;
	readonly kind: 'postgresql';
	readonly name: string;
	readonly shape: DatabaseShape;
	readonly tables: readonly CountedTable[];
};

export const dumpFile = 'database.dump';

export const readShape = async (server: Postgresql, name: string): Promise<DatabaseShape | undefined> => {
	const [shape] = await server.query<DatabaseShape>(`SELECT r.rolname AS owner, r.rolsuper AS "isOwnerMighty", pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
		CASE WHEN to_jsonb(d)->>'datlocprovider' = 'i' THEN coalesce(to_jsonb(d)->>'daticulocale', to_jsonb(d)->>'datlocale') END AS "icuLocale",
		CASE WHEN d.datacl IS NOT NULL THEN (SELECT coalesce(json_agg(json_build_object('grantee', g.rolname, 'privilege', a.privilege_type, 'isGrantable', a.is_grantable)), '[]') FROM aclexplode(d.datacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee) END AS rights
		FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = ${quoteText(name)}`);

	return shape;
};

/**
Writes a dump into the folder, made with no more rights than the owner's: reading a database may run code of its owner's. It is not compressed, so that what did not change since the last one is stored once.
*/
export const capturePostgresql = async (server: Postgresql, name: string, folder: RawPath): Promise<PostgresqlFacts> => {
	const shape = await readShape(server, name);

	if (shape === undefined) {
		throw new Error('the database vanished before it was read');
	}

	if (shape.isOwnerMighty) {
		throw new Error(`the database belongs to the superuser ${shape.owner}; give it to a role of the account with ALTER DATABASE … OWNER TO …`);
	}

	await withLogin(server, {login: scratchNames(name).reader, memberOf: [shape.owner], folder}, async login => {
		await using file = await open(systemPath(`${folder}/${dumpFile}`), 'wx+', 0o600);
		await runProgram('pg_dump', ['--format=custom', '--compress=0', '--no-password', `--role=${shape.owner}`, `--dbname=${login.connect(name)}`], {signal: server.signal, outputFd: file.fd});
		await fixTime(file);
	});

	return {
		version: 1, kind: 'postgresql', name, shape, tables: await scanDump(`${folder}/${dumpFile}`, server.signal),
	};
};
