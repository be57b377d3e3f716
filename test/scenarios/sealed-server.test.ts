/** A whole account under a remote key through three unattended days; then somebody has a copy of everything that is on the server. */
import {Buffer} from 'node:buffer';
import {
	cp,
	mkdir,
	readFile,
	readdir,
	rm,
	writeFile,
} from 'node:fs/promises';
import {globSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync, zstdDecompressSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {openContext} from '../../source/actions/open-context.ts';
import {isSealedDataKey} from '../../source/engine/base/keys.ts';
import {SegmentIndex} from '../../source/engine/segments/segment-index.ts';
import {formatRecoveryKey} from '../../source/engine/vault/recovery-key.ts';
import {unlockVault} from '../../source/engine/vault/unlock-vault.ts';
import {openVault} from '../../source/engine/vault/vault.ts';
import {readVaultsAt} from '../../source/runner/vault-location.ts';
import {acquireLock} from '../../source/system/lock.ts';
import {
	hasMariadb,
	hasPostgresql,
	startMariadb,
	startPostgresql,
} from '../database-servers.ts';
import {runProgram, type Result} from '../sandbox.ts';
import {runLine} from '../run-line.ts';
import {
	noise,
	setUpServer,
	type BackupDocument,
	type Server,
	type TaskDocument,
} from '../set-up.ts';

const testWithServers = hasMariadb && hasPostgresql ? test : test.skip;

/** It is in a file, a file's name, a row of each database, a message and the crontab. */
const marker = 'onlyaliceshallread';
const passphrase = 'three days of rain';

type SetUp = {
	readonly server: Server;
	/** All that is live, as text: the judge of what comes back. */
	readonly look: () => Promise<string>;
	readonly destroy: () => Promise<void>;
	readonly changeFile: (text: string) => Promise<void>;
	readonly key: readonly string[];
};

const setUp = async (t: ExecutionContext): Promise<SetUp> => {
	const [mariadb, postgresql] = await Promise.all([startMariadb(t), startPostgresql(t)]);
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}]);
	const {machine} = server;
	const home = machine.home('alice');
	const crontab = machine.path('crontabs', 'alice');
	await mkdir(machine.path('crontabs'));
	await mkdir(machine.path('mail'));
	const settings = {
		'items.mysql': mariadb.socket, 'items.postgresql': postgresql.socket, 'items.crontabs': machine.path('crontabs'), 'items.mbox': machine.path('mail'),
	};
	await server.context.store.update('settings', undefined, draft => {
		Object.assign(draft.values, settings);
	});

	await mariadb.sql(`CREATE DATABASE alice_shop; CREATE TABLE alice_shop.t (id INT PRIMARY KEY, a TEXT, b BLOB); INSERT INTO alice_shop.t SELECT seq, '${marker} row', RANDOM_BYTES(1000) FROM mysql.seq_1_to_300`);
	await postgresql.sql('CREATE ROLE alice LOGIN');
	await postgresql.sql('CREATE DATABASE alice_app OWNER alice');
	await postgresql.sql(`SET SESSION AUTHORIZATION alice; CREATE TABLE t AS SELECT n.n AS id, '${marker} row' AS a, (SELECT string_agg(md5(random()::text || n.n || m.m), '') FROM generate_series(1, 30) AS m(m)) AS b FROM generate_series(1, 1500) AS n(n)`, 'alice_app');
	await writeFile(crontab, `5 4 * * * /usr/bin/true ${marker}\n`);
	const messages = Array.from({length: 20}, (_, index) => [`Maildir/cur/${index}.M${index}.web1:2,S`, `From: bob\nSubject: ${marker} ${index}\n\n${Buffer.from(noise(5000)).toString('base64')}\n`] as const);
	await server.write('alice', {
		[`${marker}.txt`]: `${marker} in a file\n`, 'large.bin': noise(500_000), 'Maildir/new/.keep': '', 'Maildir/tmp/.keep': '', ...Object.fromEntries(messages),
	});

	await writeFile(machine.path('passphrase'), `${passphrase}\n`);
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	const key = ['--private-key-file', machine.path('alice.asc'), '--passphrase-file', machine.path('passphrase')];
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', ...key.slice(1)]);

	return {
		server,
		key,
		changeFile: async text => server.write('alice', {[`${marker}.txt`]: text}),
		async look() {
			const files = globSync('**/*', {cwd: home}).filter(name => !name.startsWith('Maildir/tmp/') && statSync(join(home, name)).isFile()).toSorted();
			const contents = files.map(name => `${name} ${readFileSync(join(home, name), 'base64')}`);
			const dump = await runProgram('mariadb-dump', '--no-defaults', `--socket=${mariadb.socket}`, '--user=root', '--skip-dump-date', '--hex-blob', 'alice_shop');

			return [...contents, dump.stdout, await postgresql.sql('SELECT * FROM t ORDER BY id', 'alice_app'), await readFile(crontab, 'utf8')].join('\n');
		},
		async destroy() {
			for (const name of await readdir(home)) {
				await rm(join(home, name), {recursive: true});
			}

			await rm(crontab);
			await mariadb.sql('DROP DATABASE alice_shop');
			await postgresql.sql('DROP DATABASE alice_app');
		},
	};
};

type JobRun = {readonly tasks: readonly TaskDocument[]};

/** A night: nobody is there, and nobody gives a key. */
const runNight = async (t: ExecutionContext, server: Server): Promise<BackupDocument> => {
	const {tasks} = await server.json<JobRun>(['job', 'run', 'nightly']);
	const task = tasks[0];
	t.is(task!.state, 'completed', JSON.stringify(task));
	const backup = await server.json<BackupDocument>(['backup', 'show', task!.backup!]);
	t.is(backup.status, 'complete');
	t.deepEqual(backup.items.filter(({status}) => status === 'complete').map(({name}) => name).toSorted(), ['config', 'cron', 'database-users', 'databases', 'emails', 'homedir']);

	return backup;
};

type Copy = {readonly folder: string; readonly state: string; readonly vault: string};

const runAt = async (state: string, line: readonly string[]): Promise<Result> => runLine('--state', state, ...line);

/** State and destination, elsewhere. */
const copyServer = async (t: ExecutionContext, server: Server): Promise<Copy> => {
	const {destinations} = await server.context.store.read('destinations');
	const original = destinations[0]!.folder;
	const folder = server.machine.path('copy');
	const state = join(folder, 'state');
	const vault = join(folder, 'vault');
	await mkdir(folder);
	await cp(original, vault, {recursive: true});
	await cp(server.state, state, {recursive: true, filter: source => !source.startsWith(original) && !source.endsWith('.sock')});
	const list = join(state, 'destinations.json');
	const text = await readFile(list, 'utf8');
	await writeFile(list, text.split(original).join(vault));
	t.teardown(async () => {
		const lock = await acquireLock(join(state, 'runner.lock'), {waitMs: 20_000, purpose: 'the end of a test'});
		lock.release();
	});

	return {folder, state, vault};
};

const magics = [{magic: Buffer.from('28b52ffd', 'hex'), expand: zstdDecompressSync}, {magic: Buffer.from('1f8b08', 'hex'), expand: gunzipSync}] as const;

/** A file as it is, and whatever in it was only compressed. */
const readingsOf = (bytes: Buffer): readonly Buffer[] => [bytes, ...magics.flatMap(({magic, expand}) => {
	const found: Buffer[] = [];

	for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
		try {
			found.push(expand(bytes.subarray(at)));
		} catch {
			// These bytes stand there by chance.
		}
	}

	return found;
})];

const holding = (folder: string, words: readonly string[]): readonly string[] => globSync('**/*', {cwd: folder}).filter(name => {
	const path = join(folder, name);

	return words.some(word => name.includes(word)) || (statSync(path).isFile() && readingsOf(readFileSync(path)).some(bytes => words.some(word => bytes.includes(word))));
});

testWithServers('three nights need no key; a copy of the whole server tells nothing, and with the owner\'s key everything comes back from it', async t => {
	const {server, look, destroy, changeFile, key} = await setUp(t);
	const first = await runNight(t, server);
	await changeFile(`${marker} on the second day\n`);
	const second = await runNight(t, server);
	await changeFile(`${marker} on the third day\n`);
	const third = await runNight(t, server);

	for (const {storedBytes} of [second, third]) {
		t.true(storedBytes < first.storedBytes / 8, `a night added ${storedBytes} bytes, the first one ${first.storedBytes}`);
	}

	t.like(await server.task(['cleanup', '--forget-remote-caches']), {state: 'completed'});
	const live = await look();
	const copy = await copyServer(t, server);

	// All that is there, and whatever the program makes of it.
	const recoveryKey = join(copy.folder, 'recovery-key');
	const {recoveryKey: bytes} = await server.context.store.read('keys');
	await writeFile(recoveryKey, formatRecoveryKey(Buffer.from(bytes!, 'base64')));
	const target = join(copy.folder, 'target');
	const fresh = join(copy.folder, 'fresh');
	const attempts: ReadonlyArray<readonly [number, readonly string[], string?]> = [
		[8, ['backup', 'files', third.id]],
		[8, ['backup', 'files', first.id, '--recursive']],
		[8, ['backup', 'cat', third.id, `${marker}.txt`]],
		[8, ['backup', 'diff', third.id]],
		[8, ['backup', 'diff', first.id, third.id]],
		[8, ['backup', 'find', '*.txt']],
		[8, ['restore', third.id, '--to', target, '--yes']],
		[8, ['restore', third.id, '--dry-run']],
		[8, ['restore', third.id, '--item', 'databases', '--to', target, '--yes']],
		[8, ['download', 'create', third.id]],
		[0, ['backup', 'show', third.id]],
		[8, ['backup', 'verify', third.id, '--read-data']],
		[0, ['backup', 'verify', '--read-data']],
		[0, ['destination', 'scan', copy.vault, '--recovery-key-file', recoveryKey], fresh],
		[8, ['backup', 'files', third.id], fresh],
		[8, ['backup', 'cat', third.id, `${marker}.txt`], fresh],
	];

	for (const [code, line, state = copy.state] of attempts) {
		const {code: ended, stdout, stderr} = await runAt(state, line);
		t.is(ended, code, `${line.join(' ')}: ${stdout}${stderr}`);
		t.false(`${stdout}${stderr}`.replaceAll(`${marker}.txt`, '').includes(marker), line.join(' '));
	}

	t.true(holding(server.machine.home('alice'), [marker]).length > 0, 'what is looked for can be found');
	t.deepEqual(holding(copy.folder, [marker, passphrase]), []);
	await opensNothing(t, copy);

	// The copy, as another machine has it, and the owner with the private key.
	await destroy();
	const restored = await runAt(copy.state, ['restore', third.id, '--yes', '--no-safety-backup', '--json', ...key]);
	t.is(restored.code, 0, restored.stdout + restored.stderr);
	t.is(await look(), live);
	const verified = await runAt(copy.state, ['backup', 'verify', '--read-data', ...key]);
	t.is(verified.code, 0, verified.stderr);
});

/** With the server's keys, taken by hand: what opens are the names of items and parts. */
const opensNothing = async (t: ExecutionContext, {folder, vault}: Copy): Promise<void> => {
	const {store} = await openContext({stateDirectory: join(folder, 'state'), isReadOnly: true});
	const {destinations} = await store.read('destinations');
	const locations = await readVaultsAt({store}, destinations[0]!.id);
	t.deepEqual(locations.map(({folder: place}) => place), [vault, vault]);

	for (const location of locations) {
		const opened = unlockVault(location);
		const wrapped = SegmentIndex.open(opened).keyRing.all().map(key => isSealedDataKey(key.wrapped));
		opened.storage.close();
		t.deepEqual(wrapped, location.account ? [false, false, false] : [], 'data keys are messages to the owner alone');
		const reader = await openVault(location);
		const manifests = reader.listBackups().map(({accountUuid, backupId}) => JSON.stringify(reader.readManifest(accountUuid, backupId)));
		t.is(manifests.length, location.account ? 3 : 0);
		const state = location.account ? '' : readingsOf(reader.readStateCopy()!).join('\n');
		reader.close();
		t.notRegex(`${manifests.join('\n')}${state}`, new RegExp(marker, 'v'));
	}
};
