import {hash, randomBytes} from 'node:crypto';
import {open, rm, writeFile} from 'node:fs/promises';
import type {RawPath} from '../../../domain/raw-name.ts';
import {systemPath} from '../../../system/directory.ts';
import {endAfter} from '../with-ending.ts';
import {runClient, unstoppable, type Mariadb} from './mariadb.ts';
import {withPatience} from './objects.ts';
import {
	quoteGrantedName,
	quoteName,
	quoteText,
	quoteUser,
} from './sql.ts';

export type ImportOptions = {
	readonly database: string;
	/** Name of the throw-away login. */
	readonly login: string;
	/** Raw path of the dump, in a folder of ours. */
	readonly dump: RawPath;
};

/**
Runs a dump, which is hostile input, by a login that has rights on the given database alone and is gone afterwards.
@throws Error at the first statement that fails; then the database is gone, too
*/
export const importDump = async (server: Mariadb, {database, login, dump}: ImportOptions): Promise<void> => {
	const user = quoteUser({user: login, host: 'localhost'});
	const password = randomBytes(24).toString('hex');
	const defaults = `${dump}.login`;
	try {
		await server.query(`CREATE OR REPLACE USER ${user} IDENTIFIED BY PASSWORD '${hashPassword(password)}'; GRANT ALL PRIVILEGES ON ${quoteGrantedName(database)}.* TO ${user};`);
		await writeFile(systemPath(defaults), `[client]\nuser=${login}\npassword=${password}\nsocket="${server.socket}"\n`, {mode: 0o600, flag: 'wx'});
		await using file = await open(systemPath(dump), 'r');
		const start = await lengthOfSandboxLine(file);
		// What is read from here on is what the client reads.
		await file.read(new Uint8Array(start), 0, start, null);
		await runClient([`--defaults-file=${defaults}`, '--batch', `--database=${database}`], {signal: server.signal, inputFd: file.fd});
	} catch (error) {
		await endAfter(error as Error, async () => {
			await endConnections(unstoppable(server), login);
			// First of all: on a disk that is full, nothing else can be written before.
			await dropDatabase(server, database);
			await dropLogin(unstoppable(server), login);
		});
		throw error;
	} finally {
		await rm(systemPath(defaults), {force: true});
	}

	await dropLogin(unstoppable(server), login);
};

const dropLogin = async (server: Mariadb, login: string): Promise<void> => {
	await server.query(`DROP USER IF EXISTS ${quoteUser({user: login, host: 'localhost'})}`);
};

/** A statement goes on without the client that sent it, and what it changes cannot be dropped. */
const endConnections = async (server: Mariadb, login: string): Promise<void> => {
	const connections = await server.query(`SELECT id FROM information_schema.processlist WHERE user = ${quoteText(login)}`);

	for (const [id] of connections) {
		try {
			await server.query(`KILL ${id!}`);
		} catch (error) {
			if (!(error as Error).message.includes(unknownConnection)) {
				throw error;
			}
		}
	}
};

/** It ended by itself. */
const unknownConnection = 'ERROR 1094';

/** The first line of newer dumps switches commands of the client off, which are off anyway, and which older clients and MySQL's fail at. */
const lengthOfSandboxLine = async (file: Awaited<ReturnType<typeof open>>): Promise<number> => {
	const {buffer, bytesRead} = await file.read(new Uint8Array(200), 0, 200, 0);
	const match = /^\/\*M?!\d+\\-.*\n/v.exec(String.fromCodePoint(...buffer.subarray(0, bytesRead)));

	return match === null ? 0 : match[0].length;
};

/** As the server keeps it, so that the password itself is never in a statement. */
const hashPassword = (password: string): string => `*${hash('sha1', hash('sha1', password, 'buffer')).toUpperCase()}`;

export const dropDatabase = async (server: Mariadb, database: string): Promise<void> => {
	await unstoppable(server).query(`${withPatience} DROP DATABASE IF EXISTS ${quoteName(database)}`);
};
