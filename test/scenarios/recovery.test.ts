import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {filesBelow} from '../engine/vault-files.ts';
import {formatRecoveryKey} from '../../source/engine/vault/recovery-key.ts';
import {temporaryFolder, type Result} from '../sandbox.ts';
import {runLine} from '../run-line.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

type Anew = {readonly state: string; run(...line: readonly string[]): Promise<Result>; json<Document>(...line: readonly string[]): Promise<Document>};

/** A server with backups whose state is thought lost, its recovery key in a file, and a new state directory. */
const loseState = async (t: Parameters<typeof setUpServer>[0], server: Server): Promise<Anew & {readonly keyFile: string; readonly vault: string}> => {
	// Until its runner has ended, another copy of the state may come.
	await server.endRunner();
	const {recoveryKey} = await server.context.store.read('keys');
	const keyFile = server.machine.path('recovery-key.txt');
	await writeFile(keyFile, formatRecoveryKey(Buffer.from(recoveryKey!, 'base64')));
	const {destinations} = await server.context.store.read('destinations');
	const state = join(await temporaryFolder(t), 'state');
	const run = async (...line: readonly string[]): Promise<Result> => runLine('--state', state, ...line);

	return {
		keyFile,
		vault: destinations[0]!.folder,
		state,
		run,
		async json<Document>(...line: readonly string[]) {
			const result = await run('--json', ...line);
			t.is(result.code, 0, result.stderr);

			return JSON.parse(result.stdout) as Document;
		},
	};
};

test('a lost server comes back from its destination and the recovery key alone', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'site/index.php': 'precious', 'photo.bin': randomBytes(200_000)});
	await server.run('account', 'set', 'alice', '--email', 'alice@example.com', '--add-exclude', 'cache');
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const anew = await loseState(t, server);

	const locked = await anew.run('destination', 'scan', anew.vault);
	t.is(locked.code, 8, locked.stderr);
	const found = await anew.json<{destination: {scannedAt: string | null}; backupCount: number; stateFrom: string | null}>('destination', 'scan', anew.vault, '--recovery-key-file', anew.keyFile);
	t.is(found.backupCount, 1);
	t.not(found.stateFrom, null);
	t.not(found.destination.scannedAt, null);

	// The accounts are those of before, with their settings; homes that are there are theirs.
	t.like(await anew.json('account', 'show', 'alice'), {
		email: 'alice@example.com', excludes: ['cache'], status: 'active', backupCount: 1,
	});
	t.like(await anew.json<BackupDocument>('backup', 'show', 'latest:alice'), {id: backup, account: 'alice'});
	const cat = await anew.run('backup', 'cat', 'latest:alice', 'site/index.php');
	t.is(cat.stdout, 'precious');
	await rm(server.machine.home('alice'), {recursive: true});
	const target = server.machine.path('restored');
	const restored = await anew.run('restore', 'latest:alice', '--to', target, '--yes');
	t.is(restored.code, 0, restored.stderr);
	t.is(await readFile(join(target, 'site', 'index.php'), 'utf8'), 'precious');

	// Until it is adopted nothing is written there.
	const before = filesBelow(anew.vault);

	for (const line of [['backup', 'delete', backup!, '--yes'], ['cleanup']]) {
		const refused = await anew.run(...line);
		t.is(refused.code, 4, `${line.join(' ')}: ${refused.stdout}${refused.stderr}`);
	}

	const verified = await anew.run('backup', 'verify', '--read-data');
	t.is(verified.code, 0, verified.stdout);
	t.deepEqual(filesBelow(anew.vault), before);
});

test('an adopted destination is written by its new server, and opens no longer with the old one\'s keys', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'a.txt': 'a'});
	await server.run('backup', 'create', 'alice');
	const anew = await loseState(t, server);
	await anew.json('destination', 'scan', anew.vault, '--recovery-key-file', anew.keyFile);
	const early = await anew.run('backup', 'create', 'alice');
	t.is(early.code, 4, early.stdout);
	// The index is lost, too: it is made again from the packs.
	await rm(join(anew.vault, 'index'), {recursive: true});
	const adopted = await anew.json<{name: string; scannedAt?: string}>('destination', 'adopt');
	t.is(adopted.scannedAt, undefined);
	const again = await anew.run('destination', 'adopt');
	t.is(again.code, 5);

	await server.write('alice', {'b.txt': 'b'});
	const made = await anew.run('backup', 'create', 'alice');
	t.is(made.code, 0, `${made.stdout}${made.stderr}`);
	const verified = await anew.run('backup', 'verify', '--read-data');
	t.is(verified.code, 0, verified.stdout);
	const old = await server.run('backup', 'cat', 'latest:alice', 'a.txt');
	t.is(old.code, 8, old.stderr);

	// The recovery key on paper stays good, also for a third server.
	const third = await loseState(t, server);
	t.like(await third.json('destination', 'scan', third.vault, '--recovery-key-file', third.keyFile), {backupCount: 2});
});

test('without any copy of the state the backups alone are found, as orphans', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'a.txt': 'a'});
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const anew = await loseState(t, server);
	await rm(join(anew.vault, 'states'), {recursive: true, force: true});
	t.like(await anew.json('destination', 'scan', anew.vault, '--recovery-key-file', anew.keyFile), {backupCount: 1, stateFrom: null});
	t.like(await anew.json('orphan', 'list'), {orphans: [{name: 'alice', backupCount: 1}]});
	const cat = await anew.run('backup', 'cat', backup!, 'a.txt');
	t.is(cat.stdout, 'a');
	const wrong = join(anew.state, 'wrong');
	await writeFile(wrong, formatRecoveryKey(randomBytes(32)));
	const other = await loseState(t, server);
	const refused = await other.run('destination', 'scan', anew.vault, '--recovery-key-file', wrong);
	t.is(refused.code, 8, refused.stderr);
	const nothing = await other.run('destination', 'scan', other.state, '--recovery-key-file', wrong);
	t.is(nothing.code, 5, nothing.stderr);
});

test('a scan of the own destination brings lost records back', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'a.txt': 'a'});
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const {accountUuid} = await server.json<BackupDocument>(['backup', 'show', backup!]);
	await rm(join(server.state, 'backups', `${accountUuid}.json`));
	const gone = await server.run('backup', 'show', backup!);
	t.is(gone.code, 5);
	t.like(await server.json(['destination', 'scan']), {backupCount: 1, destination: {scannedAt: null}});
	t.like(await server.json<BackupDocument>(['backup', 'show', backup!]), {id: backup});
});

test('an account whose records are damaged keeps no other from being found, and its file stays as it is', async t => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	const [alice, bob] = await Promise.all(['alice', 'bob'].map(async name => {
		await server.write(name, {file: name});
		const {uuid} = await server.json<{uuid: string}>(['account', 'show', name]);

		return {uuid, file: join(server.state, 'backups', `${uuid}.json`)};
	}));
	await server.task(['backup', 'create', 'alice']);
	await server.task(['backup', 'create', 'bob']);
	await writeFile(alice!.file, '{"version": 1, "backups": 7}');
	await rm(bob!.file);
	const {destinations} = await server.context.store.read('destinations');
	const scanned = await server.run('destination', 'scan', destinations[0]!.folder);
	t.is(scanned.code, 7, scanned.stderr);
	t.true(scanned.stderr.includes(alice!.uuid), scanned.stderr);
	t.is(await readFile(alice!.file, 'utf8'), '{"version": 1, "backups": 7}');
	t.like(await server.json<BackupDocument>(['backup', 'show', 'latest:bob']), {account: 'bob'});
});
