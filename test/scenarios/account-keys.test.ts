/** Backups under accounts' own keys through the life of a server: cleanup, assignment, archives, and the loss of everything but the destination. */
import {Buffer} from 'node:buffer';
import {readdirSync} from 'node:fs';
import {
	mkdir,
	readFile,
	rename,
	rmdir,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {formatRecoveryKey} from '../../source/engine/vault/recovery-key.ts';
import {temporaryFolder} from '../sandbox.ts';
import {runLine} from '../run-line.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

const alice = {name: 'alice', uid: 5001};
const bob = {name: 'bob', uid: 5002};

type Keys = {readonly keys: ReadonlyArray<{readonly id: string}>};

const countVaults = async ({context}: Server): Promise<number> => {
	const {destinations} = await context.store.read('destinations');

	return readdirSync(join(destinations[0]!.folder, 'encrypted')).length;
};

/** Alice's private key is in a file, bob's key is the server's. */
const setUp = async (t: ExecutionContext): Promise<{readonly server: Server; readonly key: readonly string[]}> => {
	const server = await setUpServer(t, [alice, bob]);
	const file = server.machine.path('alice.asc');
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', file]);
	await server.write('alice', {'secret.txt': 'of alice', 'site/index.php': 'page'});
	await server.write('bob', {'secret.txt': 'of bob'});

	return {server, key: ['--private-key-file', file]};
};

test('unattended runs go on under a remote key, cleanup frees what it can tell, and what the server remembers can be forgotten', async t => {
	const {server, key} = await setUp(t);
	const first = await server.task(['backup', 'create', 'alice']);
	await server.write('alice', {'secret.txt': 'of alice, later'});
	const second = await server.task(['backup', 'create', 'alice']);
	t.like(second, {state: 'completed'});
	await server.json(['backup', 'delete', first.backup!, '--yes']);
	t.like(await server.task(['cleanup']), {state: 'completed'});
	t.like(await server.task(['backup', 'verify', second.backup!, '--read-data', ...key]), {state: 'completed'});

	t.like(await server.task(['cleanup', '--forget-remote-caches']), {state: 'completed'});
	t.deepEqual(readdirSync(join(server.state, 'cache', 'catalogs')), []);
	const third = await server.task(['backup', 'create', 'alice']);
	t.like(third, {state: 'completed'});
	const {stdout} = await server.run('backup', 'cat', third.backup!, 'secret.txt', ...key);
	t.is(stdout, 'of alice, later');
});

test('a retired key keeps its backups until they are gone, and nothing of it after', async t => {
	const {server} = await setUp(t);
	const first = await server.task(['backup', 'create', 'bob']);
	await server.json(['account', 'encryption', 'bob', '--key', 'local']);
	const second = await server.task(['backup', 'create', 'bob']);
	const {keys} = await server.json<Keys>(['account', 'encryption', 'bob']);
	t.is(keys.length, 2);
	t.is(await countVaults(server), 2);

	for (const {backup} of [first, second]) {
		const {stdout} = await server.run('backup', 'cat', backup!, 'secret.txt');
		t.is(stdout, 'of bob');
	}

	await server.json(['backup', 'delete', first.backup!, '--yes']);
	await server.task(['cleanup']);
	t.is(await countVaults(server), 1);
	const {stdout} = await server.run('backup', 'cat', second.backup!, 'secret.txt');
	t.is(stdout, 'of bob');
	const {keys: left} = await server.json<Keys>(['account', 'encryption', 'bob']);
	t.is(left.length, 1);
});

test('of an account that is gone with its backups no key is left', async t => {
	const {server} = await setUp(t);
	const {uuid} = await server.json<{readonly uuid: string}>(['account', 'show', 'bob']);
	await server.task(['backup', 'create', 'bob']);
	await server.machine.setAccounts([alice]);
	await server.json(['account', 'list']);
	await server.task(['cleanup']);
	t.is(await countVaults(server), 1);
	const {code} = await server.run('orphan', 'delete', uuid, '--confirm', 'bob');
	t.is(code, 0);
	await server.task(['cleanup']);
	t.is(await countVaults(server), 0);
	const {keys} = await server.context.store.read('account-keys');
	t.true(keys.every(({accountUuid}) => accountUuid !== uuid));
});

test('an account that was made again takes over former backups with their keys', async t => {
	const {server, key} = await setUp(t);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const {uuid: former} = await server.json<{readonly uuid: string}>(['account', 'show', 'alice']);
	await server.machine.setAccounts([bob]);
	await server.json(['account', 'list']);
	await rename(server.machine.home('alice'), server.machine.path('old'));
	await server.machine.setAccounts([alice, bob]);
	await server.json(['account', 'list']);
	t.like(await server.task(['account', 'assign', former, 'alice']), {state: 'completed'});
	const {stdout} = await server.run('backup', 'cat', backup!, 'secret.txt', ...key);
	t.is(stdout, 'of alice');
	const next = await server.task(['backup', 'create', 'alice']);
	const shown = await server.json<BackupDocument & {readonly keyKind: string}>(['backup', 'show', next.backup!]);
	t.is(shown.keyKind, 'local', 'not sealed to a former owner');
	t.is(await countVaults(server), 2);
});

test('at a destination that is not mounted a reset deletes and forgets nothing', async t => {
	const {server, key} = await setUp(t);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const {destinations} = await server.context.store.read('destinations');
	const {folder} = destinations[0]!;
	await rename(folder, `${folder}-away`);
	await mkdir(folder);
	const {code, stderr} = await server.run('account', 'reset-key', 'alice', '--confirm', 'alice');
	t.is(code, 1, `it says: ${stderr}`);
	await rmdir(folder);
	await rename(`${folder}-away`, folder);
	const {stdout} = await server.run('backup', 'cat', backup!, 'secret.txt', ...key);
	t.is(stdout, 'of alice');
});

test('archives are sealed, too, and come back', async t => {
	const {server, key} = await setUp(t);
	await server.json(['job', 'create', 'sealed', '--accounts', 'alice,bob', '--items', 'homedir', '--structure', 'archived', '--encrypted']);
	const {tasks} = await server.json<{readonly tasks: ReadonlyArray<{readonly state: string; readonly account: string; readonly backup: string}>}>(['job', 'run', 'sealed']);
	t.deepEqual(tasks.map(({state}) => state), ['completed', 'completed']);

	for (const {account, backup} of tasks) {
		const target = server.machine.path(`restored-${account}`);
		const restore = ['restore', backup, '--to', target, '--yes'];
		const {code} = await server.run(...restore, '--dry-run');
		t.is(code, account === 'alice' ? 8 : 0);
		t.like(await server.task([...restore, ...account === 'alice' ? key : []]), {state: 'completed'});
		t.is(await readFile(join(target, 'secret.txt'), 'utf8'), `of ${account}`);
	}
});

test('a lost server comes back with the recovery key; what is under a remote key takes its owner\'s, too', async t => {
	const {server, key} = await setUp(t);
	await server.task(['backup', 'create', 'alice']);
	await server.task(['backup', 'create', 'bob']);
	const {recoveryKey} = await server.context.store.read('keys');
	const keyFile = server.machine.path('recovery-key.txt');
	await writeFile(keyFile, formatRecoveryKey(Buffer.from(recoveryKey!, 'base64')));
	const {destinations} = await server.context.store.read('destinations');
	const state = join(await temporaryFolder(t), 'state');
	const run = async (...line: readonly string[]) => runLine('--state', state, ...line);

	for (const line of [['destination', 'scan', destinations[0]!.folder, '--recovery-key-file', keyFile], ['destination', 'adopt']]) {
		const {code, stderr} = await run(...line);
		t.is(code, 0, `${line.join(' ')}: ${stderr}`);
		const own = await run('backup', 'cat', 'latest:bob', 'secret.txt');
		t.is(own.stdout, 'of bob');
		const sealed = await run('backup', 'cat', 'latest:alice', 'secret.txt');
		t.is(sealed.code, 8);
		const opened = await run('backup', 'cat', 'latest:alice', 'secret.txt', ...key);
		t.is(opened.stdout, 'of alice');
	}
});
