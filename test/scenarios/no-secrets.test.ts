/** A day with an owner's key, with everything that goes wrong on such a day: the key is never written down by anything. */
import {Buffer} from 'node:buffer';
import {spawn} from 'node:child_process';
import {
	globSync,
	readFileSync,
	readdirSync,
	statSync,
} from 'node:fs';
import {
	readFile,
	rename,
	rm,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {formatRecoveryKey} from '../../source/engine/vault/recovery-key.ts';
import {acquireLock} from '../../source/system/lock.ts';
import {unlockPrivateKey} from '../../source/system/openpgp-keys.ts';
import {isRoot} from '../engine/fixture.ts';
import type {Result} from '../sandbox.ts';
import {program} from '../run-line.ts';
import {noise, setUpServer, type Server} from '../set-up.ts';
import {begin, kill} from '../watching.ts';

const passphrase = 'correct horse battery';
const content = 'only alice shall read this sentence again';

type Day = {
	readonly server: Server;
	readonly backup: string;
	readonly key: readonly string[];
	readonly files: Readonly<Record<'key' | 'other' | 'passphrase' | 'wrong', string>>;
	/** What any process printed, or shows to those who may look. */
	readonly seen: Array<readonly [string, string]>;
};

const setUp = async (t: ExecutionContext): Promise<Day> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	const files = {
		key: server.machine.path('alice.asc'), other: server.machine.path('bob.asc'), passphrase: server.machine.path('passphrase'), wrong: server.machine.path('wrong'),
	};
	await writeFile(files.passphrase, `${passphrase}\n`);
	await writeFile(files.wrong, 'wrong\n');
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', files.key, '--passphrase-file', files.passphrase]);
	await server.json(['account', 'encryption', 'bob', '--key', 'remote', '--private-key-out', files.other]);
	await server.write('alice', {'secret.txt': `${content}\n`, 'large.bin': noise(60_000_000)});
	const {backup} = await server.task(['backup', 'create', 'alice']);

	return {
		server, backup: backup!, files, key: ['--private-key-file', files.key, '--passphrase-file', files.passphrase], seen: [],
	};
};

const run = async ({server, seen}: Day, ...line: readonly string[]): Promise<Result> => {
	const result = await server.run(...line);
	seen.push([line.join(' '), result.stdout + result.stderr]);

	return result;
};

/** Begins a restore with the key, in a new runner that may write cores, and lets `act` do what it wants while that runs. */
const whileRestoring = async (day: Day, target: string, act: (pid: number) => Promise<void>): Promise<string> => {
	const {server, backup, key, seen} = day;
	const last = await acquireLock(join(server.state, 'runner.lock'), {waitMs: 20_000, purpose: 'the end of the last runner'});
	last.release();
	const restore = () => spawn('/usr/bin/prlimit', ['--core=unlimited', process.execPath, program, '--state', server.state, '--debug', 'restore', backup, '--to', server.machine.path(target), '--yes', ...key], {stdio: ['ignore', 'pipe', 'pipe']});
	const {result: child, task} = await begin(server, restore, 'running');
	const printed = Promise.all([text(child.stdout), text(child.stderr)]);
	await act(await server.runnerPid());
	const [stdout, stderr] = await printed;
	seen.push(['restore', stdout + stderr]);

	return task.id;
};

/** What others may see of a process and its threads. */
const look = ({seen}: Day, pid: number): void => {
	// To anybody but root such a process is closed, to its own user as well.
	const files = isRoot ? [...globSync(`/proc/${pid}/task/*/{cmdline,environ,comm}`), `/proc/${pid}/environ`] : [];

	for (const file of [...files, `/proc/${pid}/cmdline`]) {
		seen.push([file, readFileSync(file, 'latin1')]);
	}
};

const coresIn = (folder: string): readonly string[] => readdirSync(folder).filter(name => /^core(?:\.\d+)?$/v.test(name));

/** Lines of an armoured key beside its frame, which are in no other file. */
const linesOf = (armoured: string): readonly string[] => armoured.split('\n').map(line => line.trim()).filter(line => line.length > 40 && !line.startsWith('-----'));

const secretsOf = async ({server, files}: Day): Promise<readonly string[]> => {
	const keys = await Promise.all([files.key, files.other].map(async file => readFile(file, 'utf8')));
	const unlocked = await unlockPrivateKey(Buffer.from(keys[0]!), [passphrase]);
	const {recoveryKey} = await server.context.store.read('keys');

	return [passphrase, content, 'PRIVATE KEY', ...[...keys, unlocked.privateKey].flatMap(armoured => linesOf(armoured)), ...formatRecoveryKey(Buffer.from(recoveryKey!, 'base64')).split('\n')];
};

test('neither keys nor passphrases nor contents lie anywhere on the server, whatever went wrong', async t => {
	const day = await setUp(t);
	const {server, backup, key, files, seen} = day;
	const cores = coresIn('/');

	// What is refused.
	const restore = ['--debug', 'restore', backup, '--yes', '--private-key-file'];
	const others = await run(day, ...restore, files.other);
	t.is(others.code, 8);
	const wrong = await run(day, ...restore, files.key, '--passphrase-file', files.wrong);
	t.is(wrong.code, 8);
	await run(day, '--debug', 'restore', backup, '--to', '/proc/none', '--yes', ...key);
	await run(day, '--debug', 'backup', 'cat', backup, 'none', ...key);

	// A runner that dies with the key in its memory; the task is given it again.
	const killed = await whileRestoring(day, 'a', async pid => {
		look(day, pid);
		await kill(server, 'SIGABRT');
	});
	t.deepEqual(coresIn('/'), cores);
	const without = await run(day, 'queue', 'retry', killed);
	t.is(without.code, 8);
	const again = await run(day, 'queue', 'retry', killed, ...key);
	t.is(again.code, 0, again.stderr);
	t.is(await readFile(server.machine.path('a', 'secret.txt'), 'utf8'), `${content}\n`);

	// One that breaks because of what it meets.
	const tasks = join(server.state, 'tasks');
	await whileRestoring(day, 'b', async pid => {
		look(day, pid);
		await rename(tasks, `${tasks}-away`);
		await writeFile(tasks, 'no folder');
		const lock = await acquireLock(join(server.state, 'runner.lock'), {waitMs: 60_000, purpose: 'the end of a broken runner'});
		lock.release();
		await rm(tasks);
		await rename(`${tasks}-away`, tasks);
	});
	t.regex(await readFile(join(server.state, 'runner.log'), 'utf8'), /EEXIST|ENOTDIR/v, 'the runner broke');

	const secrets = await secretsOf(day);
	const stored = globSync('**/*', {cwd: server.state}).map(name => join(server.state, name)).filter(path => statSync(path).isFile());
	t.true(stored.length > 20);
	t.true(seen.length > 10);

	for (const [name, bytes] of [...stored.map(path => [path, readFileSync(path, 'latin1')] as const), ...seen]) {
		for (const secret of secrets) {
			t.false(bytes.includes(secret), `${name} holds ${secret.slice(0, 12)}`);
		}
	}
});
