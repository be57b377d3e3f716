import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync} from 'node:fs';
import {chmod, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {findFreePort} from './free-port.ts';
import {runProgram, temporaryFolder} from './sandbox.ts';

const isRoot = process.geteuid!() === 0;

/** A test without its server is skipped, which fails in CI. */
export const hasMariadb = isRoot && existsSync('/usr/sbin/mariadbd');

export type TestMariadb = {
	readonly socket: string;
	/** The folder of its data. */
	readonly data: string;
	/** Runs statements as root and returns what the client prints. */
	sql(statements: string, database?: string): Promise<string>;
	/** Ends it as a crash would. */
	kill(): Promise<void>;
	/** Starts it again on the same data. */
	restart(): Promise<void>;
};

/** `prepare`: makes of the folder of its data what a test wants. */
export const startMariadb = async (t: ExecutionContext, prepare?: (data: string) => void): Promise<TestMariadb> => {
	const folder = await temporaryFolder(t);
	await chmod(folder, 0o711);
	const data = join(folder, 'data');
	const socket = join(folder, 'run', 'socket');
	prepare?.(data);
	await mkdir(join(folder, 'run'));
	// One of its own: a server that starts removes what looks like another's leftovers.
	const temporary = join(folder, 'tmp');
	await mkdir(temporary);
	await runProgram('chown', 'mysql:mysql', join(folder, 'run'), temporary);
	const installed = await runProgram('mariadb-install-db', '--no-defaults', '--user=mysql', `--datadir=${data}`, `--tmpdir=${temporary}`, '--auth-root-authentication-method=socket', '--skip-test-db');
	t.is(installed.code, 0, installed.stderr);
	const start = (): ChildProcess => spawn('/usr/sbin/mariadbd', ['--no-defaults', '--user=mysql', `--datadir=${data}`, `--tmpdir=${temporary}`, `--socket=${socket}`, '--skip-networking', '--innodb-buffer-pool-size=16M'], {stdio: ['ignore', 'ignore', 'pipe']});
	let server = start();
	const kill = async (): Promise<void> => end(server);
	t.teardown(kill);
	await waitFor(server, 'ready for connections');

	return {
		socket,
		data,
		async sql(statements, database = 'mysql') {
			const {code, stdout, stderr} = await runProgram('mariadb', '--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--skip-column-names', '--default-character-set=utf8mb4', database, '-e', statements);
			t.is(code, 0, stderr);

			return stdout;
		},
		kill,
		async restart() {
			server = start();
			await waitFor(server, 'ready for connections');
		},
	};
};

export type TestPostgresql = {
	readonly socket: string;
	/** The folder of its data. */
	readonly data: string;
	sql(statements: string, database?: string): Promise<string>;
	/** Runs one of its programs as its own user. */
	run(program: string, ...line: readonly string[]): Promise<string>;
	kill(): Promise<void>;
	/** Starts it again on the same data. */
	restart(): Promise<void>;
};

const setpriv = '/usr/bin/setpriv';
const asPostgres = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];
const postgresqlPrograms = findPostgresql();

/** Debian's log-in rules: by the system's user over the socket, by password over the network. */
export const startPostgresql = async (t: ExecutionContext, prepare?: (data: string) => void): Promise<TestPostgresql> => {
	const folder = await temporaryFolder(t);
	await chmod(folder, 0o711);
	const data = join(folder, 'data');
	await mkdir(data);
	prepare?.(data);
	await runProgram('chown', 'postgres:postgres', data);
	await chmod(data, 0o700);
	const initialized = await runProgram(setpriv, ...asPostgres, `${postgresqlPrograms!}/initdb`, `--pgdata=${data}`, '--auth=peer', '--auth-host=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync');
	t.is(initialized.code, 0, initialized.stderr);
	const port = await findFreePort();
	const start = (): ChildProcess => spawn(setpriv, [...asPostgres, `${postgresqlPrograms!}/postgres`, '-D', data, '-c', `unix_socket_directories=${data}`, '-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'], {stdio: ['ignore', 'ignore', 'pipe']});
	let server = start();
	const kill = async (): Promise<void> => end(server, 'SIGQUIT');
	t.teardown(kill);
	await waitFor(server, 'ready to accept connections');
	const run = async (program: string, ...line: readonly string[]): Promise<string> => {
		const {code, stdout, stderr} = await runProgram(setpriv, ...asPostgres, `${postgresqlPrograms!}/${program}`, `--host=${data}`, `--port=${port}`, ...line);
		t.is(code, 0, stderr);

		return stdout;
	};

	return {
		socket: join(data, `.s.PGSQL.${port}`),
		data,
		sql: async (statements, database = 'postgres') => run('psql', '--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1', `--dbname=${database}`, `--command=${statements}`),
		run,
		kill,
		async restart() {
			server = start();
			await waitFor(server, 'ready to accept connections');
		},
	};
};

function findPostgresql(): string | undefined {
	const root = '/usr/lib/postgresql';
	const versions = existsSync(root) ? readdirSync(root) : [];

	return versions.map(version => `${root}/${version}/bin`).findLast(folder => existsSync(`${folder}/postgres`));
}

export const hasPostgresql = isRoot && postgresqlPrograms !== undefined;

const end = async (server: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
	if (!(server.exitCode === null && server.signalCode === null)) {
		return;
	}

	server.kill(signal);
	await once(server, 'exit');
};

const waitFor = async (server: ChildProcess, words: string): Promise<void> => {
	let said = '';

	for await (const chunk of server.stderr!.setEncoding('utf8').iterator({destroyOnReturn: false}) as AsyncIterable<string>) {
		said += chunk;

		if (said.includes(words)) {
			server.stderr!.resume();
			return;
		}
	}

	throw new Error(`the server did not start: ${said}`);
};
