/** Accounts whose names and domains begin or end alike never get or lose anything of one another, whatever the item. */
import {execFileSync} from 'node:child_process';
import {
	chown,
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {hasOpenssl, makeCertbot} from '../certbot.ts';
import {
	hasMariadb,
	hasPostgresql,
	startMariadb,
	startPostgresql,
	type TestMariadb,
	type TestPostgresql,
} from '../database-servers.ts';
import {hasBindTools, makeZones, zoneText} from '../name-server.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

const names = ['a', 'a.b', 'a_b', 'al', 'alice'] as const;

type Name = (typeof names)[number];

const domains = ['a.example', 'b.a.example', 'xa.example', 'al.example', 'ice.al.example'] as const;
const domainOf = (name: Name): string => domains[names.indexOf(name)]!;
const uidOf = (name: Name): number => 5001 + names.indexOf(name);

type SetUp = {
	readonly server: Server;
	readonly mariadb: TestMariadb;
	readonly postgresql: TestPostgresql;
	/** Files and folders of an account, its own and those in files of all. */
	filesOf(name: Name): readonly string[];
	readonly ftp: string;
};

const setUp = async (t: ExecutionContext): Promise<SetUp> => {
	const mariadb = await startMariadb(t);
	const postgresql = await startPostgresql(t);
	const server = await setUpServer(t, names.map(name => ({name, uid: uidOf(name)})));
	const {path} = await makeCertbot(server).then(async certbot => {
		for (const domain of domains) {
			await certbot.make(domain, [domain]);
		}

		return certbot;
	});
	const zones = await makeZones(t, Object.fromEntries(domains.map(domain => [domain, zoneText(domain, 1)])));
	const [vmail, mail, crontabs, ftp] = ['vmail', 'mail', 'crontabs', 'ftpd.passwd'].map(name => server.machine.path(name)) as [string, string, string, string];
	await mkdir(crontabs);
	await mkdir(mail);
	await writeFile(ftp, names.map(name => `${name}_web:hash:${uidOf(name)}:${uidOf(name)}::${server.machine.home(name)}:/bin/false\n`).join(''));
	await writeFile(server.machine.path('proftpd.conf'), `AuthUserFile ${ftp}\n`);

	for (const [key, value] of Object.entries({
		mysql: mariadb.socket, postgresql: postgresql.socket, bind: zones.configuration, vmail, crontabs, mbox: mail, proftpd: server.machine.path('proftpd.conf'),
	})) {
		await server.run('setting', 'set', `items.${key}`, value);
	}

	for (const name of names) {
		const domain = domainOf(name);
		await server.json(['account', 'set', name, '--add-domain', domain]);
		await mariadb.sql(`CREATE DATABASE \`${name}_db\`; CREATE TABLE \`${name}_db\`.t (a INT); INSERT INTO \`${name}_db\`.t VALUES (${uidOf(name)}); CREATE USER '${name}'@localhost IDENTIFIED BY '${name}'; GRANT SELECT ON \`${name}_db\`.* TO '${name}'@localhost`);
		await postgresql.sql(`CREATE ROLE "${name}" LOGIN`);
		await postgresql.sql(`CREATE DATABASE "${name}_pg" OWNER "${name}"`);
		await postgresql.sql(`CREATE TABLE t AS SELECT ${uidOf(name)} AS a; ALTER TABLE t OWNER TO "${name}"`, `${name}_pg`);
		await mkdir(join(vmail, domain, 'info', 'cur'), {recursive: true});
		await mkdir(join(vmail, domain, 'info', 'new'));
		await writeFile(join(vmail, domain, 'info', 'cur', '1.x:2,S'), name);
		await writeFile(join(mail, name), `From ${name}\n\n${name}\n\n`);
		await chown(join(mail, name), uidOf(name), 8);
		await writeFile(join(crontabs, name), `1 1 * * * ${name}\n`);
		await server.write(name, {'site/index.html': name});
	}

	return {
		server, mariadb, postgresql, ftp,
		filesOf: name => [server.machine.home(name), join(vmail, domainOf(name)), join(mail, name), join(crontabs, name), path('live', domainOf(name)), path('archive', domainOf(name)), path('renewal', `${domainOf(name)}.conf`), join(zones.folder, 'zones', domainOf(name))],
	};
};

/** All that an account has, its files with every time of them. */
const look = async ({server, mariadb, postgresql, filesOf, ftp}: SetUp, name: Name): Promise<string> => {
	const files = execFileSync('find', [...filesOf(name), '-printf', String.raw`%p %m %U %G %s %T@ %C@ %l\n`]).toString().split('\n').toSorted();
	const texts = await Promise.all([ftp, server.machine.path('passwd'), server.machine.path('shadow'), server.machine.path('group')].map(async path => readFile(path, 'utf8')));
	const lines = texts.flatMap(text => text.split('\n').filter(line => line.startsWith(`${name}:`) || line.startsWith(`${name}_web:`)));
	const rows = await mariadb.sql(`SELECT * FROM \`${name}_db\`.t; SHOW GRANTS FOR '${name}'@localhost; SELECT create_time FROM information_schema.tables WHERE table_schema = '${name}_db'`);

	const roles = await postgresql.sql(`SELECT oid, datdba::regrole, datacl FROM pg_database WHERE datname = '${name}_pg'; SELECT oid, rolname FROM pg_roles WHERE rolname = '${name}'`);

	return [...files, ...lines, rows, roles].join('\n');
};

const destroy = async ({mariadb, postgresql, filesOf, ftp, server}: SetUp, name: Name): Promise<void> => {
	for (const path of filesOf(name)) {
		await rm(path === server.machine.home(name) ? join(path, 'site') : path, {recursive: true});
	}

	await mariadb.sql(`DROP DATABASE \`${name}_db\`; DROP USER '${name}'@localhost`);
	await postgresql.sql(`DROP DATABASE "${name}_pg"`);
	await postgresql.sql(`DROP ROLE "${name}"`);
	const text = await readFile(ftp, 'utf8');
	await writeFile(ftp, text.split('\n').filter(line => !line.startsWith(`${name}_web:`)).join('\n'));
};

(hasMariadb && hasPostgresql && hasOpenssl && hasBindTools ? test.serial : test.serial.skip)('al gets and loses nothing of alice, nor a of a.b or a_b', async t => {
	const all = await setUp(t);
	const {server} = all;
	const backups = new Map<Name, string>();

	for (const name of names) {
		const task = await server.task(['backup', 'create', name]);
		const backup = await server.json<BackupDocument>(['backup', 'show', task.backup!]);
		backups.set(name, backup.id);
		t.deepEqual(Object.fromEntries(backup.items.map(item => [item.name, item.parts.map(part => part.name)])), {
			config: ['config'], homedir: [], 'database-users': [`mysql:${name}`, `postgresql:${name}`], databases: [`${name}_db`, `${name}_pg`], zones: [domainOf(name)], certificates: [domainOf(name)], emails: ['mbox', `info@${domainOf(name)}`], ftp: [`${name}_web`], cron: ['cron'],
		}, name);
	}

	for (const name of ['al', 'a'] as const) {
		const others = async (): Promise<readonly string[]> => Promise.all(names.filter(other => other !== name).map(async other => look(all, other)));
		const before = await others();
		await destroy(all, name);
		t.deepEqual(await others(), before);
		const task = await server.task(['restore', backups.get(name)!, '--terminate', '--confirm', name, '--yes']);
		t.is(task.state, 'completed', JSON.stringify(task.error));
		t.deepEqual(await others(), before, `restoring ${name} touches nobody else`);
		const undone = await server.task(['rollback', task.id, '--yes']);
		t.is(undone.state, 'completed', JSON.stringify(undone));
		t.deepEqual(await others(), before, 'nor does undoing it');
		await server.task(['restore', backups.get(name)!, '--yes']);
		t.is(await all.mariadb.sql(`SELECT a FROM \`${name}_db\`.t`), `${uidOf(name)}\n`);
		t.is(await all.postgresql.sql('SELECT a FROM t', `${name}_pg`), `${uidOf(name)}\n`);
		t.deepEqual(await others(), before);
		await server.write(name, {'site/index.html': 'today'});
		await server.task(['restore', backups.get(name)!, '--merge', '--yes']);
		t.deepEqual(await others(), before, 'nor does merging');
	}

	// A right on what is called al and anything is a right on what is alice's, too, be there anything now or not.
	await all.mariadb.sql('GRANT SELECT ON `al%`.* TO al@localhost; GRANT SELECT ON `al\\_%`.* TO al@localhost');
	const task = await server.task(['backup', 'create', 'al']);
	t.true(task.findings.some(({message}) => message.includes('not on the account\'s databases alone') && message.includes('`al%`')), JSON.stringify(task.findings));
	await all.mariadb.sql('DROP USER al@localhost');
	await server.task(['restore', task.backup!, '--item', 'database-users:mysql:al', '--yes', '--no-safety-backup']);
	const grants = await all.mariadb.sql('SHOW GRANTS FOR al@localhost');
	t.regex(grants, /`al\\+_%`/v);
	t.false(grants.includes('`al%`'));

	// Not even where a backup says so: what is another's is not taken from a backup that holds it.
	await server.json(['account', 'set', 'alice', '--add-database', 'mysql:al_db']);
	const before = await look(all, 'al');
	const refused = await server.task(['restore', backups.get('al')!, '--item', 'databases:al_db', '--yes'], 1);
	t.regex(refused.items[0]!.error!, /is not the account's/v);
	t.is(await look(all, 'al'), before);
});
