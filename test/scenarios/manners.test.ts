/** What a restore does to each kind of item, by default, with --merge and with --terminate; and that a rollback undoes each. */
import {hash} from 'node:crypto';
import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {hasOpenssl, makeCertbot, type Certbot} from '../certbot.ts';
import {hasMariadb, startMariadb, type TestMariadb} from '../database-servers.ts';
import {hasBindTools, makeZones, zoneText} from '../name-server.ts';
import {setUpServer, type Server} from '../set-up.ts';

type SetUp = {readonly server: Server; readonly mariadb: TestMariadb; readonly certbot: Certbot; readonly zones: string; readonly vmail: string; readonly crontab: string; readonly ftp: string};

/** Part *a* is changed since the backup, *b* is gone, *c* is new. */
const parts = ['a', 'b', 'c'] as const;

const setUp = async (t: ExecutionContext): Promise<SetUp> => {
	const mariadb = await startMariadb(t);
	const server = await setUpServer(t);
	const certbot = await makeCertbot(server);
	const {folder, configuration} = await makeZones(t, Object.fromEntries(parts.map(part => [`${part}.example`, zoneText(`${part}.example`, 100)])));
	const [vmail, crontabs, ftp] = ['vmail', 'crontabs', 'ftpd.passwd'].map(name => server.machine.path(name)) as [string, string, string];
	await mkdir(crontabs);
	await writeFile(server.machine.path('proftpd.conf'), `AuthUserFile ${ftp}\n`);

	for (const [key, value] of Object.entries({
		mysql: mariadb.socket, bind: configuration, vmail, crontabs, proftpd: server.machine.path('proftpd.conf'),
	})) {
		await server.run('setting', 'set', `items.${key}`, value);
	}

	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example', '--add-domain', 'b.example', '--add-domain', 'c.example']);

	return {
		server, mariadb, certbot, zones: `${folder}/zones`, vmail, crontab: join(crontabs, 'alice'), ftp,
	};
};

const make = async ({server, mariadb, certbot, zones, vmail}: SetUp, part: string): Promise<void> => {
	await mariadb.sql(`CREATE DATABASE alice_${part}; CREATE TABLE alice_${part}.t (a INT); INSERT INTO alice_${part}.t VALUES (1); CREATE USER alice_${part}@localhost IDENTIFIED BY 'x'; GRANT SELECT ON alice_${part}.* TO alice_${part}@localhost`);
	await certbot.make(`${part}.example`, [`${part}.example`]);
	await writeFile(join(zones, `${part}.example`), zoneText(`${part}.example`, 100));
	const box = join(vmail, `${part}.example`, 'info');
	await mkdir(join(box, 'cur'), {recursive: true});
	await mkdir(join(box, 'new'));
	await writeFile(join(box, 'cur', '1.x:2,S'), 'From: a\n\nold\n');
	await writeFile(join(box, 'new', '2.x'), 'From: a\n\nunread\n');
	await server.write('alice', {[`ftp/${part}`]: ''});
};

const ftpLine = ({server}: SetUp, part: string, password = 'hash'): string => `alice_${part}:${password}:5001:5001::${server.machine.home('alice')}/ftp:/bin/false\n`;

const remove = async ({mariadb, certbot, zones, vmail}: SetUp, part: string): Promise<void> => {
	await mariadb.sql(`DROP DATABASE alice_${part}; DROP USER alice_${part}@localhost`);

	for (const path of [certbot.path('live', `${part}.example`), certbot.path('archive', `${part}.example`), certbot.path('renewal', `${part}.example.conf`), join(zones, `${part}.example`), join(vmail, `${part}.example`)]) {
		await rm(path, {recursive: true});
	}
};

const change = async (all: SetUp, part: string): Promise<void> => {
	const {mariadb, certbot, zones, vmail} = all;
	await mariadb.sql(`INSERT INTO alice_${part}.t VALUES (2); GRANT UPDATE ON alice_${part}.t TO alice_${part}@localhost`);
	await writeFile(certbot.path('renewal', `${part}.example.conf`), 'changed\n');
	await writeFile(join(zones, `${part}.example`), zoneText(`${part}.example`, 101, '198.51.100.1'));
	await writeFile(join(vmail, `${part}.example`, 'info', 'cur', '1.x:2,S'), 'From: a\n\nbroken\n');
	await rm(join(vmail, `${part}.example`, 'info', 'new', '2.x'));
	await writeFile(join(vmail, `${part}.example`, 'info', 'new', '3.x'), 'From: a\n\nnew\n');
};

/** All that there is of each item; the serials of zones only grow. */
const look = async ({mariadb, certbot, zones, vmail, crontab, ftp}: SetUp): Promise<Readonly<Record<string, string>>> => {
	const databases = await mariadb.sql('SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE \'alice%\' ORDER BY 1');
	const rows = await Promise.all(databases.trim().split('\n').map(async name => mariadb.sql(`SELECT '${name}:', GROUP_CONCAT(a ORDER BY a) FROM ${name}.t`)));
	const users = await mariadb.sql('SELECT user FROM mysql.user WHERE user LIKE \'alice%\' ORDER BY 1');
	const grants = await Promise.all(users.trim().split('\n').map(async name => mariadb.sql(`SHOW GRANTS FOR ${name}@localhost`)));
	const filesIn = (folder: string): string => readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => !entry.isDirectory())
		.map(entry => join(entry.parentPath, entry.name))
		.toSorted()
		.map(path => `${path.slice(folder.length + 1)} ${path.endsWith('.pem') && path.includes('/live/') ? readlinkSync(path) : hash('sha256', readFileSync(path, 'utf8').replaceAll(/\t10\d ; serial/gv, 'serial')).slice(0, 8)}`)
		.join('\n');

	return {
		databases: rows.join(''), 'database-users': grants.join(''), zones: filesIn(zones), certificates: filesIn(certbot.path()), emails: filesIn(vmail), ftp: await readFile(ftp, 'utf8'), cron: await readFile(crontab, 'utf8'),
	};
};

const partsOf = (text: string): string => parts.filter(part => new RegExp(String.raw`alice_${part}\b|\b${part}\.example`, 'v').test(text)).join('');

(hasMariadb && hasOpenssl && hasBindTools ? test.serial : test.serial.skip)('each item by default, merged and terminated, and each of that undone', async t => {
	const all = await setUp(t);
	const {server} = all;
	await writeFile(all.ftp, ftpLine(all, 'a') + ftpLine(all, 'b'));
	await writeFile(all.crontab, '1 1 * * * old\n');
	await rm(all.zones, {recursive: true});
	await mkdir(all.zones);
	await make(all, 'a');
	await make(all, 'b');
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const stored = await look(all);
	await change(all, 'a');
	await remove(all, 'b');
	await make(all, 'c');
	await writeFile(all.ftp, ftpLine(all, 'a', 'changed') + ftpLine(all, 'c'));
	await writeFile(all.crontab, '2 2 * * * mine\n');
	const live = await look(all);
	t.deepEqual(Object.values(live).slice(0, -1).map(text => partsOf(text)), ['ac', 'ac', 'ac', 'ac', 'ac', 'ac']);

	const manners = {
		'': {parts: 'abc', cron: stored.cron!},
		'--merge': {parts: 'abc', cron: `${live.cron!}${stored.cron!}`},
		'--terminate --confirm alice': {parts: 'ab', cron: stored.cron!},
	};

	for (const [manner, expected] of Object.entries(manners)) {
		const line = ['restore', backup!, ...manner.split(' ').filter(Boolean)];
		const preview = await server.json<{delete: {count: number}}>([...line, '--dry-run']);
		t.deepEqual(await look(all), live, 'a preview changes nothing');
		const task = await server.task([...line, '--yes']);
		t.is(task.state, 'completed', `${manner}: ${JSON.stringify(task.error)}`);
		const after = await look(all);

		for (const [item, text] of Object.entries(after)) {
			if (item !== 'cron') {
				t.is(partsOf(text), expected.parts, `${manner}: ${item}`);
			}
		}

		t.is(after.cron, expected.cron);
		t.deepEqual([/alice_a:\t(?<rows>\S+)/v.exec(after.databases!)!.groups!.rows, after['database-users']!.includes('UPDATE'), after.ftp!.includes('changed')], manner === '--merge' ? ['1,2', true, true] : ['1', false, false], manner);
		// Of a mailbox that is there: all messages, and those of the backup as they were; merged only what is missing; terminated only those.
		t.deepEqual(readdirSync(join(all.vmail, 'a.example/info/new')).toSorted(), manner.startsWith('--terminate') ? ['2.x'] : ['2.x', '3.x'], manner);
		t.is(await readFile(join(all.vmail, 'a.example/info/cur/1.x:2,S'), 'utf8'), `From: a\n\n${manner === '--merge' ? 'broken' : 'old'}\n`);

		if (manner.startsWith('--terminate')) {
			t.deepEqual(after, {...stored}, 'all is as it was backed up');
			t.true(preview.delete.count >= 6, `${preview.delete.count}`);
		}

		const undone = await server.task(['rollback', task.id, '--yes']);
		t.is(undone.state, 'completed', `${manner}: ${JSON.stringify(undone)}`);
		t.deepEqual(await look(all), live, `${manner} was undone`);
	}
});
