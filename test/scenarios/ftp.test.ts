import {spawnSync} from 'node:child_process';
import {appendFileSync, existsSync} from 'node:fs';
import {
	mkdir,
	readFile,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

const testFtp = existsSync('/usr/bin/pure-pw') ? test.serial : test.serial.skip;

type Logins = {
	/** What pure-ftpd knows of a login. */
	show(login: string): string;
	readonly pureftpd: string;
	readonly proftpd: string;
};

const setUp = async (t: ExecutionContext): Promise<Server & Logins> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}]);
	const folder = server.machine.path('ftp');
	await mkdir(folder);
	const [pureftpd, proftpd, database] = ['pureftpd.passwd', 'ftpd.passwd', 'pureftpd.pdb'].map(name => join(folder, name)) as [string, string, string];
	const add = (name: string, owner: string, uid: number): void => {
		const home = `${server.machine.home(owner)}/public_html`;
		const made = spawnSync('pure-pw', ['useradd', name, '-f', pureftpd, '-u', String(uid), '-g', String(uid), '-d', home], {input: 'secret\nsecret\n'});
		t.is(made.status, 0, made.stderr.toString());
		// As ftpasswd writes them; Debian does not have both servers' tools at once.
		appendFileSync(proftpd, `p${name}:$1$salt$hash${uid}:${uid}:${uid}::${home}:/bin/false\n`);
	};

	add('alice_web', 'alice', 5001);
	add('al_web', 'al', 5002);
	add('alice_second', 'alice', 5001);
	t.is(spawnSync('pure-pw', ['mkdb', database, '-f', pureftpd]).status, 0);
	await writeFile(join(folder, 'more.conf'), `<IfModule mod_auth_file.c>\n\tAuthUserFile ${proftpd}\n</IfModule>\n`);
	await writeFile(join(folder, 'proftpd.conf'), `ServerName test\nInclude ${folder}/more.conf\n`);
	await server.run('setting', 'set', 'items.pureftpd', pureftpd);
	await server.run('setting', 'set', 'items.proftpd', join(folder, 'proftpd.conf'));

	return {
		...server, pureftpd, proftpd, show: login => spawnSync('pure-pw', ['show', login, '-f', pureftpd]).stdout.toString(),
	};
};

const backUp = async (server: Server): Promise<BackupDocument> => {
	const made = await server.task(['backup', 'create', 'alice']);

	return server.json<BackupDocument>(['backup', 'show', made.backup!]);
};

testFtp('an account\'s logins come back one by one, with their hashes, and no other line changes', async t => {
	const server = await setUp(t);
	const {pureftpd, proftpd} = server;
	const pure = await readFile(pureftpd, 'utf8');
	const pro = await readFile(proftpd, 'utf8');
	const backup = await backUp(server);
	t.deepEqual(backup.items.find(({name}) => name === 'ftp')!.parts.map(({name}) => name), ['alice_web', 'alice_second', 'palice_web', 'palice_second']);

	t.is(spawnSync('pure-pw', ['userdel', 'alice_web', '-f', pureftpd]).status, 0);
	await writeFile(proftpd, pro.replace(/^palice_web:[^:]*/mv, 'palice_web:changed'));
	const restored = await server.task(['restore', backup.id, '--item', 'ftp:alice_web', '--item', 'ftp:palice_web', '--yes', '--no-safety-backup']);
	t.is(restored.state, 'completed');
	const live = await readFile(pureftpd, 'utf8');
	t.deepEqual(live.split('\n').toSorted(), pure.split('\n').toSorted());
	t.is(await readFile(proftpd, 'utf8'), pro);
	t.true(server.show('alice_web').includes(server.machine.home('alice')));

	await writeFile(proftpd, pro.replace(/^palice_web:[^:]*/mv, 'palice_web:changed').replace(/^palice_second:.*\n/mv, ''));
	await server.task(['restore', backup.id, '--item', 'ftp', '--merge', '--yes']);
	const merged = await readFile(proftpd, 'utf8');
	t.true(merged.includes('palice_web:changed') && merged.includes('palice_second:') && merged.includes('pal_web:'));
});

testFtp('a login never comes back outside the home, over a link, or over somebody else\'s', async t => {
	const server = await setUp(t);
	const {pureftpd} = server;
	const backup = await backUp(server);
	const text = await readFile(pureftpd, 'utf8');

	const stolen = text.replace(/^(?<start>alice_web:[^:]*):5001:5001/mv, '$<start>:5002:5002');
	await writeFile(pureftpd, stolen);
	await server.task(['restore', backup.id, '--item', 'ftp:alice_web', '--yes', '--no-safety-backup'], 1);
	t.is(await readFile(pureftpd, 'utf8'), stolen);

	const without = text.replace(/^alice_web:.*\n/mv, '');
	await writeFile(pureftpd, without);
	await symlink('/', join(server.machine.home('alice'), 'public_html'));
	await server.task(['restore', backup.id, '--item', 'ftp:alice_web', '--yes', '--no-safety-backup'], 1);
	t.is(await readFile(pureftpd, 'utf8'), without);

	await writeFile(pureftpd, text.replace(/^(?<start>alice_web:.*?)\/home\/alice\/public_html/mv, '$<start>/home/alice/../al'));
	const outside = await backUp(server);
	await writeFile(pureftpd, without);
	await server.task(['restore', outside.id, '--item', 'ftp:alice_web', '--yes', '--no-safety-backup'], 1);
	t.is(await readFile(pureftpd, 'utf8'), without);
});
