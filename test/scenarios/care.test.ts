import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {statSync} from 'node:fs';
import {
	chmod,
	mkdir,
	rm,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {filesBelow, flip} from '../engine/vault-files.ts';
import {runProgram} from '../sandbox.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

type CleanupDocument = {readonly destinations: ReadonlyArray<{readonly freedBytes: number}>};

const storedBytes = async ({context}: Server): Promise<number> => {
	const {destinations} = await context.store.read('destinations');
	const {stdout} = await runProgram('du', '-sb', join(destinations[0]!.folder, 'packs'));

	return Number(stdout.split('\t', 1)[0]);
};

test('a backup is deleted, and cleanup frees what it alone used', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'old.bin': randomBytes(3_000_000), 'kept.bin': randomBytes(200_000)});
	const first = await server.task(['backup', 'create', 'alice']);
	await rm(join(server.machine.home('alice'), 'old.bin'));
	const second = await server.task(['backup', 'create', 'alice']);

	const refused = await server.run('backup', 'delete', first.backup!);
	t.is(refused.code, 2);
	const deleted = await server.json<BackupDocument>(['backup', 'delete', first.backup!, '--yes']);
	t.is(deleted.id, first.backup!);
	const gone = await server.run('backup', 'delete', first.backup!, '--yes');
	t.is(gone.code, 5);

	const before = await storedBytes(server);
	const {destinations} = await server.json<CleanupDocument>(['cleanup', '--dry-run']);
	t.true(destinations[0]!.freedBytes > 2_000_000, String(destinations[0]!.freedBytes));
	t.is(await storedBytes(server), before);
	const task = await server.task(['cleanup']);
	t.is(task.kind, 'cleanup');
	t.is(task.account, null);
	t.regex(task.findings[0]!.message, /freed; \d packs? deleted/v);
	const freed = before - await storedBytes(server);
	t.true(Math.abs(freed - destinations[0]!.freedBytes) < freed * 0.05, JSON.stringify({freed, destinations, task}));

	const cat = await server.run('backup', 'cat', second.backup!, 'kept.bin');
	t.is(cat.code, 0);
	const text = await server.run('cleanup');
	t.regex(text.stdout, /^cleanup of all: completed/v);
});

test('a locked backup is not deleted before its lock ends', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {a: Buffer.from('a')});
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const {context} = server;
	const {accountUuid} = await server.json<BackupDocument>(['backup', 'show', backup!]);
	const lock = async (lockedUntil: string | null): Promise<void> => context.store.update('backups', accountUuid, draft => {
		draft.backups = draft.backups.map(each => ({...each, locked: true, lockedUntil}));
	});

	await lock(null);
	const locked = await server.run('backup', 'delete', backup!, '--yes');
	t.is(locked.code, 6, locked.stderr);
	t.regex(locked.stderr, /is locked/v);
	await lock('2020-01-01T00:00:00.000Z');
	const deleted = await server.run('backup', 'delete', backup!, '--yes');
	t.is(deleted.code, 0, deleted.stderr);
});

test('verify finds a flipped byte, marks all that need it, and the next backup mends it', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'photo.bin': randomBytes(300_000)});
	const {backup} = await server.task(['backup', 'create', 'alice']);
	t.like(await server.task(['backup', 'verify', '--read-data']), {kind: 'verify', state: 'completed', account: null});
	t.like(await server.task(['backup', 'verify', backup!.slice(0, 8)]), {state: 'completed', account: 'alice', backup});

	const {destinations} = await server.context.store.read('destinations');
	const packs = filesBelow(join(destinations[0]!.folder, 'packs'));
	const largest = packs.toSorted((left, right) => statSync(right).size - statSync(left).size)[0]!;
	flip(largest, 1000);
	t.like(await server.task(['backup', 'verify', backup!]), {state: 'completed'});
	const found = await server.task(['backup', 'verify', backup!, '--read-data'], 7);
	t.like(found, {state: 'failed', error: {code: 'damaged'}});
	t.true(found.findings.some(({path, level}) => path === 'photo.bin' && level === 'problem'));
	t.like(await server.json<BackupDocument>(['backup', 'show', backup!]), {status: 'damaged'});
	const text = await server.run('backup', 'verify');
	t.is(text.code, 7);
	t.regex(text.stdout, /1 backup is damaged/v);

	const again = await server.task(['backup', 'create', 'alice']);
	t.is(again.state, 'completed');
	t.like(await server.task(['backup', 'verify', '--read-data']), {state: 'completed'});
	t.like(await server.json<BackupDocument>(['backup', 'show', backup!]), {status: 'complete'});
	const gone = await server.run('backup', 'verify', 'zzzzzzzz');
	t.is(gone.code, 5);
});

test('an archived backup is verified, too', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'photo.bin': randomBytes(300_000)});
	await server.run('job', 'create', 'archive', '--structure', 'archived', '--accounts', 'alice');
	const {backup} = await server.task(['backup', 'create', 'alice', '--job', 'archive']);
	t.like(await server.task(['backup', 'verify', backup!, '--read-data']), {state: 'completed'});
	const {destinations} = await server.context.store.read('destinations');
	const archive = filesBelow(join(destinations[0]!.folder, 'archives')).find(path => path.endsWith('homedir.tar'));
	flip(archive!, 10_000);
	t.like(await server.task(['backup', 'verify', backup!]), {state: 'completed'});
	t.like(await server.task(['backup', 'verify', backup!, '--read-data'], 7), {state: 'failed'});
	t.like(await server.json<BackupDocument>(['backup', 'show', backup!]), {status: 'damaged'});
	await rm(archive!);
	const gone = await server.task(['backup', 'verify', backup!], 7);
	t.regex(gone.findings[0]!.message, /archive .* is missing/v);
});

test('one damaged file of the state hides no other account', async t => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	await server.write('alice', {a: 'a'});
	await server.write('bob', {b: 'b'});
	const ofAlice = await server.task(['backup', 'create', 'alice']);
	await server.run('backup', 'create', 'bob');
	const {accountUuid} = await server.json<BackupDocument>(['backup', 'show', ofAlice.backup!]);
	const file = join(server.state, 'backups', `${accountUuid}.json`);
	await rm(`${file}.bak`, {force: true});
	await writeFile(file, '{"version": 1, "backups": [');

	const list = await server.run('backup', 'list', '--json');
	t.is(list.code, 7);
	const {backups} = JSON.parse(list.stdout) as {backups: BackupDocument[]};
	t.deepEqual(backups.map(({account}) => account), ['bob']);
	t.regex(list.stderr, new RegExp(accountUuid, 'v'));
	const accounts = await server.run('account', 'list');
	t.is(accounts.code, 7);
	t.regex(accounts.stdout, /bob/v);
	t.regex(accounts.stdout, /alice.*its backups cannot be told/v);
});

test('what an orphan\'s deletion frees is measured, and remembered while nothing changes', async t => {
	const bob = {name: 'bob', uid: 5002};
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, bob]);
	const shared = randomBytes(900_000);
	await server.write('alice', {'shared.bin': shared, 'own.bin': randomBytes(1_200_000)});
	await server.write('bob', {'shared.bin': shared});
	await server.run('backup', 'create', 'bob');
	await server.run('backup', 'create', 'alice');
	await server.machine.setAccounts([bob]);

	type Orphans = {readonly orphans: ReadonlyArray<{readonly name: string; readonly reclaimableBytes: number}>};
	const measure = async (...line: readonly string[]): Promise<Orphans['orphans'][number]> => {
		const {orphans} = await server.json<Orphans>(line);

		return orphans[0]!;
	};

	const orphan = await measure('--read-only', 'orphan', 'list');
	t.is(orphan.name, 'alice');
	t.true(orphan.reclaimableBytes > 1_150_000 && orphan.reclaimableBytes < 1_400_000, String(orphan.reclaimableBytes));
	const again = await measure('orphan', 'list');
	const remembered = await measure('orphan', 'list');
	t.deepEqual([again.reclaimableBytes, remembered.reclaimableBytes], [orphan.reclaimableBytes, orphan.reclaimableBytes]);
	const {destinations} = await server.context.store.read('destinations');
	await rm(destinations[0]!.folder, {recursive: true});
	const gone = await server.run('orphan', 'list', '--json');
	t.is(gone.code, 1);
	t.regex(gone.stderr, /not mounted\?/v);
	t.like(JSON.parse(gone.stdout), {orphans: [{reclaimableBytes: null}]});
});

test('a diff tells what changed between two backups, and since', async t => {
	const server = await setUpServer(t);
	const home = server.machine.home('alice');
	await server.write('alice', {
		'site/index.php': 'one', 'site/gone.txt': 'gone', 'site/mode.txt': 'mode', 'same.txt': 'same', type: 'a file',
	});
	await mkdir(join(home, 'empty'));
	const {backup: first} = await server.task(['backup', 'create', 'alice']);

	type Changes = {readonly changes: ReadonlyArray<{readonly path: string; readonly change: string}>};
	const changes = async (...line: readonly string[]): Promise<readonly string[]> => {
		const document = await server.json<Changes>(['backup', 'diff', ...line]);

		return document.changes.map(({path, change}) => `${change} ${path}`).toSorted();
	};

	t.deepEqual(await changes(first!), []);
	await server.write('alice', {'site/index.php': 'two', 'new/deep/file.txt': 'new'});
	await rm(join(home, 'site', 'gone.txt'));
	await chmod(join(home, 'site', 'mode.txt'), 0o600);
	await rm(join(home, 'type'));
	await mkdir(join(home, 'type'));
	const common = ['metadata site/mode.txt', 'modified site/index.php', 'modified type', 'removed site/gone.txt'];
	t.deepEqual(await changes(first!, 'live'), ['added new', ...common]);

	const {backup: second} = await server.task(['backup', 'create', 'alice']);
	t.deepEqual(await changes(first!, second!), ['added new', 'added new/deep', 'added new/deep/file.txt', ...common]);
	t.deepEqual(await changes(second!, first!), ['added site/gone.txt', 'metadata site/mode.txt', 'modified site/index.php', 'modified type', 'removed new', 'removed new/deep', 'removed new/deep/file.txt']);
	t.deepEqual(await changes(second!, 'latest:alice'), []);
	const text = await server.run('backup', 'diff', first!, second!);
	t.regex(text.stdout, /^M +3 B → 3 B +site\/index\.php$/mv);
	t.regex(text.stdout, /3 added, 1 removed, 2 modified, 1 metadata\./v);
});
