import {
	createHmac,
	hash,
	pbkdf2Sync,
	randomBytes,
} from 'node:crypto';
import {rm, writeFile} from 'node:fs/promises';
import type {RawPath} from '../../../domain/raw-name.ts';
import {systemPath} from '../../../system/directory.ts';
import {withEnding} from '../with-ending.ts';
import {conninfo, quoteName, type Postgresql} from './postgresql.ts';

export type LoginOptions = {
	readonly login: string;
	/** Roles whose rights it has. */
	readonly memberOf: readonly string[];
	/** A folder of ours, for the file that holds its password. */
	readonly folder: RawPath;
};

export type Login = {
	readonly name: string;
	/** How to connect to a database by it. */
	connect(database: string): string;
};

/** Works with a login that is nobody, may do what its roles may, and is gone afterwards. Its password is in a file of ours only. */
export const withLogin = async <Result>(server: Postgresql, {login, memberOf, folder}: LoginOptions, work: (login: Login) => Promise<Result>): Promise<Result> => {
	const passwordFile = `${folder}.login`;
	const password = randomBytes(24).toString('hex');
	await dropLogin(server, login);
	await server.run(`CREATE ROLE ${quoteName(login)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '${verifierOf(password)}'${memberOf.length === 0 ? '' : ` IN ROLE ${memberOf.map(role => quoteName(role)).join(', ')}`}`);

	return withEnding(async () => {
		await writeFile(systemPath(passwordFile), `127.0.0.1:${server.port}:*:${login}:${password}\n`, {mode: 0o600, flag: 'wx'});

		return work({
			name: login,
			connect: database => conninfo({
				host: '127.0.0.1', port: server.port, dbname: database, user: login, passfile: passwordFile,
			}),
		});
	}, async () => {
		await rm(systemPath(passwordFile), {force: true});
		await dropLogin(server, login);
	});
};

const dropLogin = async (server: Postgresql, login: string): Promise<void> => {
	await server.unstoppable().run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${login}'; DROP ROLE IF EXISTS ${quoteName(login)}`);
};

/** As the server keeps a password, so that the password itself is never in a statement. */
const verifierOf = (password: string): string => {
	const salt = randomBytes(16);
	const rounds = 4096;
	const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256');
	const sign = (text: string) => createHmac('sha256', salted).update(text).digest();

	return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${hash('sha256', sign('Client Key'), 'base64')}:${sign('Server Key').toString('base64')}`;
};
