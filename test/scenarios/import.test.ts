/* eslint-disable unicorn/no-await-expression-member -- a result is looked at once */
/** A package comes to another server, and is restored there. */
import {execFileSync} from 'node:child_process';
import {
	existsSync,
	lstatSync,
	readFileSync,
	statSync,
} from 'node:fs';
import {
	lchown,
	link,
	mkdir,
	readFile,
	readdir,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {Buffer} from 'node:buffer';
import process from 'node:process';
import {gunzipSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {makeMember} from '../../source/engine/tar/gzip-members.ts';
import {endOfArchive, encodeEntry} from '../../source/engine/tar/tar-header.ts';
import type {TarEntry} from '../../source/engine/tar/tar-entry.ts';
import {mountSmall} from '../small-disk.ts';
import {temporaryFolder, type TestAccount} from '../sandbox.ts';
import {
	noise,
	setUpServer,
	type BackupDocument,
	type Server,
} from '../set-up.ts';

const isRoot = process.geteuid!() === 0;
const crontab = '5 4 * * * /usr/bin/true\n';

const setUpOne = async (t: ExecutionContext, accounts: readonly TestAccount[]): Promise<Server & {readonly crontabs: string}> => {
	const server = await setUpServer(t, accounts);
	const crontabs = server.machine.path('crontabs');
	await mkdir(crontabs);
	await server.run('setting', 'set', 'items.crontabs', crontabs);

	return {...server, crontabs};
};

/** An account with a bit of everything, packed. */
const packAlice = async (t: ExecutionContext, ...line: readonly string[]): Promise<{readonly file: string; readonly from: Server}> => {
	const from = await setUpOne(t, [{name: 'alice', uid: 5001, password: '$6$alice'}]);
	const home = from.machine.home('alice');
	await writeFile(`${from.crontabs}/alice`, crontab);
	await from.write('alice', {'public_html/index.php': 'hello\n', 'big.bin': noise(9 << 20), 'a b/ü.txt': 'umlaut'});
	await link(`${home}/public_html/index.php`, `${home}/second.php`);
	await symlink('/etc/passwd', `${home}/outside`);

	if (isRoot) {
		execFileSync('chown', ['-hR', '5001:5001', home]);
		await writeFile(`${home}/roots`, 'of root', {mode: 0o644});
		execFileSync('chmod', ['4755', `${home}/roots`, `${home}/public_html/index.php`]);
		await lchown(`${home}/public_html/index.php`, 5001, 5001);
		execFileSync('chmod', ['4755', `${home}/public_html/index.php`]);
	}

	const made = await from.task(['backup', 'create', 'alice']);
	const task = await from.task(['download', 'create', made.backup!, ...line]);
	const folder = await temporaryFolder(t);
	const {path} = await from.json<{path: string}>(['download', 'save', task.download!, folder]);

	return {file: path, from};
};

test('an account that does not exist is made of a package, with its home, hash and crontab', async t => {
	const {file, from} = await packAlice(t);
	const to = await setUpOne(t, [{name: 'bob', uid: 5001}]);
	const task = await to.task(['backup', 'import', file]);
	t.is(task.state, 'completed');
	const backup = await to.json<BackupDocument>(['backup', 'show', task.backup!]);
	t.is(backup.kind, 'imported');
	t.deepEqual(new Map(backup.items.map(({name, status}) => [name, status])), new Map([['homedir', 'complete'], ['config', 'complete'], ['cron', 'complete']]));
	t.is((await to.run('backup', 'verify', task.backup!, '--read-data')).code, 0);

	const restored = await to.task(['restore', task.backup!, '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	const passwd = await readFile(to.machine.path('passwd'), 'utf8');
	const {uid, gid} = /^alice:x:(?<uid>\d+):(?<gid>\d+):/mv.exec(passwd)!.groups!;
	t.not(uid, '5001');
	t.regex(await readFile(to.machine.path('shadow'), 'utf8'), /^alice:\$6\$alice:/mv);
	const home = to.machine.home('alice');
	t.is(readFileSync(`${home}/public_html/index.php`, 'utf8'), 'hello\n');
	const big = readFileSync(`${from.machine.home('alice')}/big.bin`);
	t.true(readFileSync(`${home}/big.bin`).equals(big));
	t.is(statSync(`${home}/second.php`).ino, statSync(`${home}/public_html/index.php`).ino);
	t.true(lstatSync(`${home}/outside`).isSymbolicLink());
	t.is(readFileSync(`${to.crontabs}/alice`, 'utf8'), crontab);

	const ownersOf = (path: string) => {
		const stats = statSync(`${home}/${path}`);

		return [String(stats.uid), String(stats.gid), stats.mode & 0o7777];
	};

	t.deepEqual(isRoot ? ownersOf('public_html/index.php') : [], isRoot ? [uid!, gid!, 0o4755] : []);
	t.deepEqual(isRoot ? ownersOf('roots') : [], isRoot ? [uid!, gid!, 0o755] : []);

	t.regex(passwd, /^bob:x:5001:/mv);
});

test('an account with another UID gets what was its namesake\'s, and its own ids stay', async t => {
	const {file} = await packAlice(t);
	const to = await setUpOne(t, [{name: 'alice', uid: 6007}, {name: 'al', uid: 5001}]);
	await to.write('alice', {'mine.txt': 'here before'});
	const task = await to.task(['backup', 'import', file]);
	t.is((await to.json<BackupDocument>(['backup', 'show', task.backup!])).account, 'alice');
	const restored = await to.task(['restore', task.backup!, '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored.error));
	const home = to.machine.home('alice');
	t.is(readFileSync(`${home}/public_html/index.php`, 'utf8'), 'hello\n');
	t.is(readFileSync(`${home}/mine.txt`, 'utf8'), 'here before');
	t.regex(await readFile(to.machine.path('passwd'), 'utf8'), /^alice:x:6007:6007:/mv);
	t.deepEqual(isRoot ? [statSync(`${home}/big.bin`).uid, statSync(`${home}/roots`).uid] : [], isRoot ? [6007, 6007] : []);
	t.deepEqual(await readdir(to.machine.home('al')), []);

	const named = await to.task(['backup', 'import', file, '--account', 'al']);
	t.is((await to.json<BackupDocument>(['backup', 'show', named.backup!])).account, 'al');
	t.is((await to.task(['restore', named.backup!, '--item', 'homedir', '--yes'])).state, 'completed');
	t.is(readFileSync(`${to.machine.home('al')}/public_html/index.php`, 'utf8'), 'hello\n');
});

test('a package of chosen files is a partial backup, and a mirror of it deletes nothing', async t => {
	const {file} = await packAlice(t, '--path', 'public_html');
	const to = await setUpOne(t, [{name: 'alice', uid: 6007}]);
	await to.write('alice', {'mine.txt': 'here before'});
	const task = await to.task(['backup', 'import', file], 3);
	await to.run('restore', task.backup!, '--mirror', '--yes');
	t.is(readFileSync(`${to.machine.home('alice')}/public_html/index.php`, 'utf8'), 'hello\n');
	t.is(readFileSync(`${to.machine.home('alice')}/mine.txt`, 'utf8'), 'here before');
});

test('packages that were cut short, changed, packed anew or encrypted are refused, and nothing of them stays', async t => {
	const {file} = await packAlice(t);
	const to = await setUpOne(t, [{name: 'alice', uid: 6007}]);
	const whole = await readFile(file);
	const bad = `${await temporaryFolder(t)}/bad.tar.gz`;
	const ends = async (bytes: Uint8Array, code: number): Promise<void> => {
		await writeFile(bad, bytes);
		const {code: ended, stderr} = await to.run('backup', 'import', bad);
		t.is(ended, code, `${bytes.length}: ${stderr}`);
	};

	for (const share of [0, 0.001, 0.3, 0.999]) {
		const length = Math.floor(whole.length * share);
		await ends(whole.subarray(0, length), 7);
	}

	for (const share of [0.0001, 0.2, 0.5, 0.9999]) {
		const flipped = Uint8Array.from(whole);
		flipped[Math.floor(whole.length * share)]! ^= 0x10;
		await ends(flipped, 7);
	}

	const lastMember = whole.lastIndexOf(Buffer.from('1f8b080400000000', 'hex'));
	await ends(whole.subarray(0, lastMember), 7);
	await ends(execFileSync('gzip', ['-c'], {input: gunzipSync(whole), maxBuffer: 1 << 26}), 7);
	await ends(Buffer.from('-----BEGIN PGP MESSAGE-----\n\nabc\n'), 8);
	t.is((await to.run('backup', 'import', `${bad}.gone`)).code, 5);
	t.is((await to.run('backup', 'import', '/dev/zero')).code, 2);
	t.deepEqual((await to.json<{backups: readonly unknown[]}>(['backup', 'list'])).backups, []);
	t.deepEqual(existsSync(`${to.state}/staging`) ? await readdir(`${to.state}/staging`) : [], []);
	t.deepEqual(await readdir(to.machine.home('alice')), []);
});

const entryOf = (path: string, entry: Partial<TarEntry> = {}): TarEntry => ({
	path, name: path.slice(path.lastIndexOf('/') + 1), type: 'directory', sizeBytes: 0, mode: 0o700, uid: 5001, gid: 5001, modifiedNs: 0n, linkTarget: null, device: 0n, attributes: [], holes: [], isLinked: false, hardLinkOf: undefined, ...entry,
});

type Made = readonly [entry: TarEntry, content?: string];

/** A package as an attacker would write it. */
const forge = (items: readonly object[], entries: readonly Made[]): Uint8Array => {
	const facts = JSON.stringify({
		format: 'holdfast-package', version: 1, createdAt: '2026-05-01T00:00:00.000Z', machine: 'evil', account: 'alice', uid: 5001, gid: 5001, home: '/home/alice', backup: {id: 'x', createdAt: '2026-05-01T00:00:00.000Z', structure: 'incremental'}, items,
	});
	const all: readonly Made[] = [[entryOf('')], [entryOf('holdfast.json', {type: 'file', sizeBytes: facts.length}), facts], ...entries];
	const bytes = all.map(([entry, content = '']) => Buffer.concat([Buffer.from(encodeEntry(entry)), Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]));

	return makeMember(Buffer.concat([...bytes, endOfArchive]));
};

const home = {
	name: 'homedir', status: 'complete', isWhole: true, excludes: [], heldElsewhere: [], incompleteFolders: [], unread: [],
};
const cron = {name: 'cron', parts: [{name: 'cron', kind: null, status: 'complete'}]};
const file = (path: string, content: string): Made => [entryOf(path, {type: 'file', sizeBytes: content.length}), content];

(isRoot ? test : test.skip)('a package that holds more than there is room for is refused with the figures, and nothing of it stays', async t => {
	const to = await setUpOne(t, [{name: 'alice', uid: 6007}]);
	const staging = `${to.state}/staging`;
	mountSmall(to.afterRunner, staging, '600k,nr_inodes=300');
	const path = `${await temporaryFolder(t)}/large.tar.gz`;
	const refused = async (entries: readonly Made[], reason: RegExp): Promise<void> => {
		await writeFile(path, forge([home], [[entryOf('homedir')], ...entries]));
		const {code, stdout, stderr} = await to.run('backup', 'import', path);
		t.is(code, 1, stderr);
		t.regex(stdout + stderr, reason);
		t.deepEqual(await readdir(staging), []);
	};

	await refused([file('homedir/zeros', '\0'.repeat(800_000))], /holds 8\d\d KB, and only 6\d\d KB are free/v);
	await refused(Array.from({length: 400}, (_, index) => file(`homedir/${index + 1000}`, '')), /more files and folders than can still be made .*\(1\d\d, beside/v);
	t.deepEqual((await to.json<{backups: readonly unknown[]}>(['backup', 'list'])).backups, []);
	await writeFile(path, forge([home], [[entryOf('homedir')], file('homedir/a', 'a')]));
	await to.task(['backup', 'import', path]);
});

test('hostile packages write nowhere, read nowhere, and bring no devices', async t => {
	const to = await setUpOne(t, [{name: 'alice', uid: 6007}]);
	const folder = await temporaryFolder(t);
	const path = `${folder}/evil.tar.gz`;
	const victim = `${folder}/victim`;
	await writeFile(victim, 'untouched');
	const ends = async (bytes: Uint8Array, codes: readonly number[]): Promise<string> => {
		await writeFile(path, bytes);
		const {code, stdout, stderr} = await to.run('backup', 'import', path, '--json');
		t.true(codes.includes(code), `${code}: ${stderr}${stdout}`);
		t.is(readFileSync(victim, 'utf8'), 'untouched');

		return stdout;
	};

	const outside = '../'.repeat(20);

	for (const name of [`${outside}${victim.slice(1)}`, `homedir/${outside}${victim.slice(1)}`, victim, 'homedir/../../x', 'homedir//x', 'other/x']) {
		await ends(forge([home], [[entryOf('homedir')], file(name, 'evil')]), [4, 7]);
	}

	// A folder that is a link, and something below it.
	const planted = entryOf('homedir/a', {type: 'symlink', linkTarget: folder});
	await ends(forge([home], [[entryOf('homedir')], [planted], [entryOf('homedir/a')], file('homedir/a/victim', 'evil')]), [3]);
	t.deepEqual(await readdir(folder), ['evil.tar.gz', 'victim']);
	await ends(forge([home], [[entryOf('homedir', {type: 'symlink', linkTarget: folder})]]), [4]);
	// A hard link to what the package does not hold.
	const strayLink = entryOf('homedir/b', {type: 'file', hardLinkOf: victim.slice(1)});
	await ends(forge([home], [[entryOf('homedir')], [strayLink]]), [7]);
	// What was written down about an account is read as files.
	await ends(forge([cron], [[entryOf('cron')], [entryOf('cron/cron')], [entryOf('cron/cron/crontab', {type: 'symlink', linkTarget: '/etc/shadow'})]]), [4]);
	await ends(forge([cron], [[entryOf('cron')], [entryOf('cron/cron')], [entryOf('cron/cron/crontab', {type: 'fifo'})]]), [4]);
	// It does not hold what it says, or more.
	await ends(forge([home, cron], [[entryOf('homedir')]]), [7]);
	await ends(forge([home], [[entryOf('cron')], [entryOf('homedir')]]), [7]);
	await ends(forge([home, home], [[entryOf('homedir')]]), [7]);
	await ends(forge([{...home, excludes: 'x'}], [[entryOf('homedir')]]), [7]);
	// Memory that a member asks for, and does not need.
	const bomb = Buffer.from(forge([home], [[entryOf('homedir')]]));
	bomb.writeUInt32LE(0xF0_00_00_00, bomb.length - 4);
	await ends(bomb, [7]);

	// Devices and others' files come as nothing and as the account's.
	const text = await ends(forge([home], [
		[entryOf('homedir')],
		[entryOf('homedir/disk', {type: 'blockDevice', device: 0x8_01n, mode: 0o666})],
		[entryOf('homedir/shell', {
			type: 'file', sizeBytes: 2, uid: 0, gid: 0, mode: 0o6755,
		}), '#!'],
		[entryOf('homedir/to-shadow', {type: 'symlink', linkTarget: '/etc/shadow'})],
	]), [3]);
	const {backup} = JSON.parse(text) as {backup: string};
	await to.run('restore', backup, '--item', 'homedir', '--yes');
	const restored = to.machine.home('alice');
	t.deepEqual((await readdir(restored)).toSorted((one, other) => one.localeCompare(other)), ['shell', 'to-shadow']);
	const shell = statSync(`${restored}/shell`);
	t.is(shell.mode & 0o7777, 0o755);
	t.is(shell.uid, isRoot ? 6007 : process.geteuid!());
	t.is((await to.json<{backups: readonly unknown[]}>(['backup', 'list', '--kind', 'imported'])).backups.length, 2);
});
