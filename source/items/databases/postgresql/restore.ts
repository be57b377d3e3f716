import {Buffer} from 'node:buffer';
import type {Finding} from '../../../domain/item.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import {scratchNames} from '../scratch-name.ts';
import type {SwapJournal} from '../swap-journal.ts';
import {whileSound} from '../while-sound.ts';
import {endAfter, withEnding} from '../with-ending.ts';
import {dumpFile, readShape, type PostgresqlFacts} from './capture.ts';
import {
	plainOutput,
	quoteName,
	quoteText,
	runProgram,
	type Postgresql,
} from './postgresql.ts';
import {scanDump} from './scan-dump.ts';
import {swapDatabases} from './swap-databases.ts';
import {withLogin, type Login} from './throw-away-login.ts';

export type PostgresqlRestore = {
	readonly folder: RawPath;
	/** Where the server keeps its data; `undefined` where that is not known. */
	readonly dataFolder: RawPath | undefined;
	readonly facts: PostgresqlFacts;
	readonly isOwnUser: (name: string) => boolean;
	readonly journal: SwapJournal;
};

/**
Imports a dump beside the live database, counts what came of it, and only then gives it the name.
@throws Error with the live database as it was
*/
export const restorePostgresql = async (server: Postgresql, {folder, dataFolder, facts, isOwnUser, journal}: PostgresqlRestore): Promise<readonly Finding[]> => {
	const {name} = facts;
	const {fresh, old, login} = scratchNames(name);
	const live = await readShape(server, name);
	const owner = await chooseOwner(server, facts, {live: live?.owner, isOwnUser});
	await scanDump(`${folder}/${dumpFile}`, server.signal);
	await dropDatabase(server, fresh);
	await dropDatabase(server, old);

	return withEnding(async () => {
		const findings = await whileSound({
			folder: dataFolder, ask: async signal => server.stoppedBy(signal).run('SELECT 1'), signal: server.signal,
		}, async signal => importInto(server.stoppedBy(signal), fresh, {
			folder, facts, owner, login,
		}));
		findings.push(...await giveRights(server, fresh, facts));
		server.signal.throwIfAborted();
		await swapDatabases(server.unstoppable(), {
			live: live && name, name, fresh, old, journal,
		});
		await journal.remove({kind: 'postgresql', fresh});
		await dropDatabase(server, old);

		return findings;
	}, async () => dropDatabase(server, fresh));
};

export const dropDatabase = async (server: Postgresql, name: string): Promise<void> => {
	await server.unstoppable().run(`DROP DATABASE IF EXISTS ${quoteName(name)} WITH (FORCE)`);
};

/** What is inside may run with the owner's rights, so the owner must be the account's, or have the database now. */
const chooseOwner = async (server: Postgresql, {shape: {owner}}: PostgresqlFacts, {live, isOwnUser}: {readonly live: string | undefined; readonly isOwnUser: (name: string) => boolean}): Promise<string> => {
	const [role] = await server.query<{mighty: boolean}>(`SELECT rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication AS mighty FROM pg_roles WHERE rolname = ${quoteText(owner)}`);

	if (role === undefined || role.mighty || !(owner === live || isOwnUser(owner))) {
		throw new Error(role === undefined ? `its owner, the role ${owner}, is not there; make it, or restore database-users` : `its owner, the role ${owner}, is not the account's own, or has rights beyond it`);
	}

	return owner;
};

type ImportOptions = {readonly folder: RawPath; readonly facts: PostgresqlFacts; readonly owner: string; readonly login: string};

const importInto = async (server: Postgresql, fresh: string, {folder, facts, owner, login: name}: ImportOptions): Promise<Finding[]> => withLogin(server, {login: name, memberOf: [], folder}, async login => {
	const {shape: {encoding, collate, ctype, icuLocale}} = facts;
	const words = [encoding, collate, ctype, icuLocale ?? ''];

	if (words.some(word => !/^[\w\-.@]*$/v.test(word))) {
		throw new Error('what is stored beside the dump is not sound');
	}

	const create = async (): Promise<void> => {
		await server.run(`CREATE DATABASE ${quoteName(fresh)} OWNER ${quoteName(name)} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE '${collate}' LC_CTYPE '${ctype}'${icuLocale === null ? '' : ` LOCALE_PROVIDER icu ICU_LOCALE '${icuLocale}'`}`);
		await server.run(`REVOKE ALL ON DATABASE ${quoteName(fresh)} FROM PUBLIC`);
	};

	const findings: Finding[] = [];
	await create();

	try {
		try {
			await importDump(server, fresh, {folder, login, isWithRights: true});
		} catch (error) {
			server.signal.throwIfAborted();
			await dropDatabase(server, fresh);
			await create();
			await importDump(server, fresh, {folder, login, isWithRights: false});
			findings.push(problem(facts.name, `rights of other roles inside it were left out: ${(error as Error).message}`));
		}

		await checkRows(server, fresh, {facts, login});
		await server.run(`REASSIGN OWNED BY ${quoteName(name)} TO ${quoteName(owner)}; DROP OWNED BY ${quoteName(name)}`, fresh);

		return findings;
	} catch (error) {
		await endAfter(error as Error, async () => dropDatabase(server, fresh));
		throw error;
	}
});

const importDump = async (server: Postgresql, fresh: string, {folder, login, isWithRights}: {readonly folder: RawPath; readonly login: Login; readonly isWithRights: boolean}): Promise<void> => {
	await runProgram('pg_restore', [
		'--exit-on-error',
		'--single-transaction',
		'--no-owner',
		...isWithRights ? [] : ['--no-privileges'],
		'--no-password',
		`--dbname=${login.connect(fresh)}`,
		Buffer.from(`${folder}/${dumpFile}`, 'latin1').toString(),
	], {signal: server.signal});
};

/** By the throw-away login, too: to read may run code that the dump brought. */
const checkRows = async (server: Postgresql, fresh: string, {facts: {tables}, login}: {readonly facts: PostgresqlFacts; readonly login: Login}): Promise<void> => {
	for (const {name, rows} of tables) {
		const {output} = await runProgram('psql', [...plainOutput, '--no-password', `--dbname=${login.connect(fresh)}`, `--command=SELECT count(*) FROM ONLY ${name}`], {signal: server.signal});
		const count = output.toString().trim();

		if (count !== String(rows)) {
			throw new Error(`the table ${name} has ${count} rows after the import, and had ${rows}`);
		}
	}
};

const privileges = new Set(['CONNECT', 'CREATE', 'TEMPORARY']);

/** Who may do what with the database itself. */
const giveRights = async (server: Postgresql, fresh: string, {name, shape: {rights}}: PostgresqlFacts): Promise<readonly Finding[]> => {
	const usual = ['CONNECT', 'TEMPORARY'].map(privilege => ({grantee: null, privilege, isGrantable: false}));
	const findings: Finding[] = [];

	for (const {grantee, privilege, isGrantable} of rights ?? usual) {
		try {
			if (!privileges.has(privilege)) {
				throw new Error(`there is no right ${privilege}`);
			}

			await server.run(`GRANT ${privilege} ON DATABASE ${quoteName(fresh)} TO ${grantee === null ? 'PUBLIC' : quoteName(grantee)}${isGrantable === true ? ' WITH GRANT OPTION' : ''}`);
		} catch (error) {
			server.signal.throwIfAborted();
			findings.push(problem(name, `a right was left out: ${(error as Error).message}`));
		}
	}

	return findings;
};

const problem = (database: string, message: string): Finding => ({level: 'problem', path: '', message: `databases: ${database}: ${message}`});
