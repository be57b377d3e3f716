/* eslint-disable unicorn/no-await-expression-member -- a result is looked at once */
/** Packages: what is in them, who gets them, and that they open without Holdfast. */
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {
	link,
	mkdir,
	readdir,
	rm,
	symlink,
	truncate,
	writeFile,
} from 'node:fs/promises';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import type {downloadToJson} from '../../source/commands/download-json.ts';
import {program} from '../run-line.ts';
import {noise, setUpServer, type Server} from '../set-up.ts';
import {temporaryFolder} from '../sandbox.ts';

type DownloadDocument = ReturnType<typeof downloadToJson>;
type Downloads = {readonly downloads: readonly DownloadDocument[]};

const structures = ['incremental', 'archived', 'compressed'] as const;

const setUp = async (t: ExecutionContext, structure: (typeof structures)[number] = 'incremental'): Promise<Server> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}]);
	const crontabs = server.machine.path('crontabs');
	await mkdir(crontabs);
	await writeFile(`${crontabs}/alice`, '5 4 * * * /usr/bin/true\n');
	await server.run('setting', 'set', 'items.crontabs', crontabs);
	await server.run('setting', 'set', 'machine.name', 'web1');
	await server.context.store.update('jobs', undefined, draft => {
		draft.jobs = draft.jobs.map(job => ({...job, structure}));
	});
	await server.write('alice', {
		'public_html/index.php': 'hello\n', 'public_html/private/secret.txt': 'secret', 'a b/ü.txt': 'umlaut', 'big.bin': noise(9 << 20), 'empty/.keep': '',
	});
	const home = server.machine.home('alice');
	await link(`${home}/public_html/index.php`, `${home}/second.php`);
	await symlink('/etc/passwd', `${home}/outside`);
	await writeFile(`${home}/sparse`, 'x');
	await truncate(`${home}/sparse`, 30 << 20);
	await mkdir(`${home}/nothing`);

	return server;
};

const unpack = async (t: ExecutionContext, file: string): Promise<string> => {
	const folder = await temporaryFolder(t);
	execFileSync('tar', ['xzpf', file, '-C', folder, '--warning=no-unknown-keyword']);

	return folder;
};

/** As an administrator sees them. */
const list = async (server: Server): Promise<ReadonlyArray<DownloadDocument & {readonly path: string; readonly sha256: string}>> => {
	const {downloads} = await server.json<Downloads>(['download', 'list']);

	return downloads.map(download => ({...download, path: download.path!, sha256: download.sha256!}));
};

for (const structure of structures) {
	test(`${structure}: a backup becomes one file that tar opens, with everything as it was`, async t => {
		const server = await setUp(t, structure);
		const home = server.machine.home('alice');
		const made = await server.task(['backup', 'create', 'alice']);
		const task = await server.task(['download', 'create', made.backup!, '--notes', 'for the move']);
		t.is(task.state, 'completed');
		t.is(task.kind, 'download');

		const [download] = await list(server);
		t.is(download!.id, task.download!);
		t.is(download!.notes, 'for the move');
		t.is(download!.fetchCount, 0);
		t.is(download!.sizeBytes, statSync(download!.path).size);
		t.is(statSync(download!.path).mode & 0o7777, 0o600);
		t.is(createHash('sha256').update(readFileSync(download!.path)).digest('hex'), download!.sha256);
		t.deepEqual(download!.items.map(({name}) => name), ['config', 'homedir', 'cron']);

		const folder = await unpack(t, download!.path);
		t.is(execFileSync('rsync', ['-aHAXn', '-@-1', '--itemize-changes', '--delete', `${home}/`, `${folder}/homedir/`]).toString(), '');
		t.is(readFileSync(`${folder}/cron/cron/crontab`, 'utf8'), '5 4 * * * /usr/bin/true\n');
		t.true(readFileSync(`${folder}/config/config/account.json`, 'utf8').includes('alice:x:5001'));
		const facts = JSON.parse(readFileSync(`${folder}/holdfast.json`, 'utf8')) as {format: string; account: string; uid: number};
		t.is(facts.format, 'holdfast-package');
		t.is(facts.account, 'alice');
		t.is(facts.uid, 5001);

		const target = await temporaryFolder(t);
		const saved = await server.json<{path: string}>(['download', 'save', download!.id, target]);
		t.true(readFileSync(saved.path).equals(readFileSync(download!.path)));
		t.is((await server.run('download', 'save', download!.id, saved.path)).code, 4);
		t.is((await list(server))[0]!.fetchCount, 1);

		await server.json(['download', 'delete', download!.id.slice(0, 6)]);
		t.false(existsSync(download!.path));
		t.deepEqual(await list(server), []);
		t.is((await server.run('download', 'save', download!.id, '-')).code, 5);
	});
}

test('chosen files and parts alone are packed, and a package streams to standard output', async t => {
	const server = await setUp(t);
	const made = await server.task(['backup', 'create', 'alice']);
	const task = await server.task(['download', 'create', made.backup!, '--path', 'public_html/private', '--path', 'second.php', '--item', 'cron']);
	const file = `${await temporaryFolder(t)}/package.tar.gz`;
	execFileSync('sh', ['-c', `"$0" "$1" --state "$2" download save ${task.download!} - > "$3"`, process.execPath, program, server.state, file]);
	const names = execFileSync('tar', ['tzf', file]).toString().trim().split('\n');
	t.deepEqual(names, ['./', 'holdfast.json', 'cron/', 'cron/cron/', 'cron/cron/crontab', 'homedir/', 'homedir/second.php', 'homedir/public_html/', 'homedir/public_html/private/', 'homedir/public_html/private/secret.txt']);
	t.is((await list(server))[0]!.fetchCount, 1);
	t.is((await server.run('download', 'create', made.backup!, '--path', 'not/there')).code, 5);
	t.is((await server.run('download', 'create', made.backup!, '--item', 'cron:nobody')).code, 5);
});

test('a download that has expired is removed by the runner', async t => {
	const server = await setUp(t);
	const made = await server.task(['backup', 'create', 'alice']);
	const task = await server.task(['download', 'create', made.backup!, '--item', 'cron']);
	const kept = await server.task(['download', 'create', made.backup!, '--item', 'cron']);
	const {path} = (await list(server)).find(({id}) => id === task.download)!;
	await server.context.store.update('downloads', undefined, draft => {
		draft.downloads = draft.downloads.map(download => download.id === task.download ? {...download, expiresAt: '2020-01-01T00:00:00.000Z'} : download);
	});
	await server.task(['backup', 'create', 'al']);
	await server.task(['backup', 'create', 'al']);
	t.deepEqual((await list(server)).map(({id}) => id), [kept.download]);
	t.false(existsSync(path));
});

test('a damaged package is not saved', async t => {
	const server = await setUp(t);
	const made = await server.task(['backup', 'create', 'alice']);
	await server.task(['download', 'create', made.backup!, '--item', 'cron']);
	const [download] = await list(server);
	const bytes = readFileSync(download!.path);
	bytes[bytes.length >> 1]! ^= 1;
	await writeFile(download!.path, bytes);
	const folder = await temporaryFolder(t);
	t.is((await server.run('download', 'save', download!.id, folder)).code, 7);
	t.deepEqual(await readdir(folder), []);
	t.is((await list(server))[0]!.fetchCount, 0);
	await rm(download!.path);
	t.is((await server.run('download', 'save', download!.id, folder)).code, 7);
});

test('a package is encrypted to a key, and plain gpg opens it', async t => {
	const server = await setUp(t);
	const keys = await temporaryFolder(t);
	const gpg = (...line: readonly string[]) => execFileSync('gpg', ['--homedir', keys, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...line], {maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore']});
	t.teardown(() => {
		execFileSync('gpgconf', ['--homedir', keys, '--kill', 'all']);
	});
	gpg('--quick-generate-key', 'alice@example.com', 'rsa2048', 'cert,sign,encr', 'never');
	const keyFile = `${keys}/alice.asc`;
	await writeFile(keyFile, gpg('--armor', '--export', 'alice@example.com'));

	const made = await server.task(['backup', 'create', 'alice']);
	const task = await server.task(['download', 'create', made.backup!, '--recipient', keyFile]);
	t.is(task.state, 'completed');
	const [download] = await list(server);
	t.true(download!.isEncrypted);
	t.is(createHash('sha256').update(readFileSync(download!.path)).digest('hex'), download!.sha256);
	const plain = `${keys}/plain.tar.gz`;
	gpg('--output', plain, '--decrypt', download!.path);
	const folder = await unpack(t, plain);
	t.is(execFileSync('rsync', ['-aHAXn', '-@-1', '--itemize-changes', '--delete', `${server.machine.home('alice')}/`, `${folder}/homedir/`]).toString(), '');

	await writeFile(keyFile, 'no key');
	t.is((await server.run('download', 'create', made.backup!, '--recipient', keyFile)).code, 8);
});

test('a USER gets what the rights give, and never a package that holds more', async t => {
	const server = await setUp(t);
	const home = server.machine.home('alice');
	const password = server.machine.path('password');
	await writeFile(password, 'geheim\n');
	const made = await server.task(['backup', 'create', 'alice']);
	await server.json(['user', 'create', 'carol', '--role', 'user', '--email', 'c@example.com', '--password-file', password]);
	await server.easePassword('carol', 'geheim');
	const as = ['--as', 'carol', '--password-file', password] as const;
	const whole = await server.task(['download', 'create', made.backup!]);
	t.is((await server.run(...as, 'download', 'create', made.backup!)).code, 5);
	t.deepEqual(await server.json([...as, 'download', 'list']), {downloads: []});
	t.is((await server.run(...as, 'download', 'save', whole.download!, '-')).code, 5);

	await server.run('rights', 'allow', 'carol', `web1!file:${home}/public_html`);
	await server.run('rights', 'deny', 'carol', `web1!file:${home}/public_html/private`);
	const task = await server.task([...as, 'download', 'create', made.backup!], 3);
	t.is(task.state, 'partial');
	t.is((await server.run(...as, 'download', 'create', made.backup!, '--strict')).code, 4);
	t.is((await server.run(...as, 'download', 'create', made.backup!, '--path', 'public_html/private')).code, 4);
	t.is((await server.run(...as, 'download', 'create', made.backup!, '--item', 'config')).code, 4);

	const seen = await server.json<Downloads>([...as, 'download', 'list']);
	t.deepEqual(new Map(seen.downloads.map(({id, sizeBytes}) => [id, sizeBytes === null])), new Map([[task.download, false], [whole.download, true]]));
	t.is(seen.downloads.find(({id}) => id === whole.download)!.path, null);
	const target = await temporaryFolder(t);
	const {path} = await server.json<{path: string}>([...as, 'download', 'save', task.download!, target]);
	const names = execFileSync('tar', ['tzf', path], {stdio: ['ignore', 'pipe', 'ignore']}).toString().trim().split('\n');
	t.deepEqual(names, ['./', 'holdfast.json', 'homedir/', 'homedir/public_html/', 'homedir/public_html/index.php']);
	t.false(execFileSync('tar', ['xzOf', path, 'holdfast.json']).includes('private'));
	t.is((await server.run(...as, 'download', 'save', whole.download!, '-')).code, 4);
	t.is((await server.run(...as, 'download', 'delete', whole.download!)).code, 4);

	await server.run('rights', 'deny', 'carol', `web1!file:${home}/public_html/index.php`);
	t.is((await server.run(...as, 'download', 'save', task.download!, '-')).code, 4);
	await server.run('rights', 'deny', 'carol', `web1!file:${home}`);
	t.is((await server.run(...as, 'download', 'save', task.download!, '-')).code, 5);
});
