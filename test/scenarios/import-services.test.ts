/** Databases, users, zones, certificates and mailboxes come out of a package on another server, where the account has another UID. */
import {
	mkdir,
	readdir,
	readFile,
	rm,
	stat,
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
import {temporaryFolder} from '../sandbox.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

type Services = {readonly mariadb: TestMariadb; readonly postgresql: TestPostgresql};
type Machine = {readonly server: Server; readonly zones: string; readonly vmail: string; readonly certificates: (...names: readonly string[]) => string};

const makeMachine = async (t: ExecutionContext, uid: number, {mariadb, postgresql}: Services): Promise<Machine> => {
	const server = await setUpServer(t, [{name: 'alice', uid}]);
	const {path} = await makeCertbot(server);
	const {folder, configuration} = await makeZones(t, {'a.example': zoneText('a.example', 100)});
	const vmail = server.machine.path('vmail');

	for (const [key, value] of Object.entries({
		mysql: mariadb.socket, postgresql: postgresql.socket, bind: configuration, vmail,
	})) {
		await server.run('setting', 'set', `items.${key}`, value);
	}

	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example']);

	return {
		server, zones: join(folder, 'zones'), vmail, certificates: path,
	};
};

const dumps = async ({mariadb, postgresql}: Services): Promise<string> => {
	const dump = await postgresql.run('pg_dump', '--create', '--dbname=alice_app');
	const rows = await mariadb.sql('SELECT * FROM alice_shop.t; SHOW CREATE VIEW alice_shop.v; SHOW GRANTS FOR alice@localhost; SHOW CREATE USER alice@localhost');

	return `${rows}${dump.replaceAll(/^\\(?:un)?restrict .*$/gmv, '')}`;
};

(hasMariadb && hasPostgresql && hasOpenssl && hasBindTools ? test.serial : test.serial.skip)('what services hold of an account moves with a package, also to another UID', async t => {
	const services = {mariadb: await startMariadb(t), postgresql: await startPostgresql(t)};
	const {mariadb, postgresql} = services;
	const from = await makeMachine(t, 5001, services);
	await makeCertbot(from.server).then(async certbot => certbot.make('a.example', ['a.example', '*.a.example'], 2));
	await mariadb.sql('CREATE DATABASE alice_shop; CREATE TABLE alice_shop.t (a INT, b TEXT); INSERT INTO alice_shop.t VALUES (1, \'ü\'), (2, NULL); CREATE USER alice@localhost IDENTIFIED BY \'secret\'; GRANT ALL ON `alice\\_shop`.* TO alice@localhost; CREATE DEFINER=alice@localhost VIEW alice_shop.v AS SELECT a FROM alice_shop.t');
	await postgresql.sql('CREATE ROLE alice LOGIN PASSWORD \'secret\'');
	await postgresql.sql('CREATE DATABASE alice_app OWNER alice');
	await postgresql.sql('SET SESSION AUTHORIZATION alice; CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, \'ü\'), (2, NULL)', 'alice_app');
	const box = join(from.vmail, 'a.example', 'info');
	await mkdir(join(box, 'cur'), {recursive: true});
	await mkdir(join(box, 'new'));
	await writeFile(join(box, 'cur', '1.x:2,S'), 'first');
	await from.server.write('alice', {'Maildir/new/2.y': 'second', 'Maildir/cur/.keep': '', 'site/index.html': 'hello'});
	const original = await dumps(services);
	const key = await readFile(from.certificates('archive/a.example/privkey2.pem'), 'utf8');

	const made = await from.server.task(['backup', 'create', 'alice']);
	t.is(made.state, 'completed', JSON.stringify(made));
	const packed = await from.server.task(['download', 'create', made.backup!]);
	const {path} = await from.server.json<{path: string}>(['download', 'save', packed.download!, await temporaryFolder(t)]);

	// The other server: nothing of it is there but the configuration of its services.
	const to = await makeMachine(t, 6007, services);
	await mariadb.sql('DROP DATABASE alice_shop; DROP USER alice@localhost');
	await postgresql.sql('DROP DATABASE alice_app');
	await postgresql.sql('DROP ROLE alice');
	await writeFile(join(to.zones, 'a.example'), zoneText('a.example', 7, '203.0.113.9'));
	const imported = await to.server.task(['backup', 'import', path]);
	t.is(imported.state, 'completed', JSON.stringify(imported));
	const backup = await to.server.json<BackupDocument>(['backup', 'show', imported.backup!]);
	t.deepEqual(backup.items.filter(({name}) => name !== 'homedir').map(({name, parts}) => [name, parts.map(part => part.name).toSorted()]), [
		['config', ['config']],
		['database-users', ['mysql:alice', 'postgresql:alice']],
		['databases', ['alice_app', 'alice_shop']],
		['zones', ['a.example']],
		['certificates', ['a.example']],
		['emails', ['Maildir', 'info@a.example']],
	]);
	const restored = await to.server.task(['restore', imported.backup!, '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await dumps(services), original);
	t.is(await readFile(join(to.zones, 'a.example'), 'utf8'), zoneText('a.example', 100));
	t.is(await readFile(to.certificates('live/a.example/privkey.pem'), 'utf8'), key);
	t.is(await readFile(join(to.vmail, 'a.example/info/cur/1.x:2,S'), 'utf8'), 'first');
	const message = join(to.server.machine.home('alice'), 'Maildir/new/2.y');
	t.is(await readFile(message, 'utf8'), 'second');
	const {uid} = await stat(message);
	t.is(uid, 6007);

	// One part of it, once more, and for an account of another name: what is named for alice is not bob's.
	await rm(join(to.vmail, 'a.example'), {recursive: true});
	await mariadb.sql('DELETE FROM alice_shop.t');
	await to.server.task(['restore', imported.backup!, '--item', 'emails:info@a.example', '--item', 'databases:alice_shop', '--yes']);
	t.is(await dumps(services), original);
	t.deepEqual(await readdir(join(to.vmail, 'a.example/info/cur')), ['1.x:2,S']);
	await to.server.machine.setAccounts([{name: 'alice', uid: 6007}, {name: 'bob', uid: 6008}]);
	const bobs = await to.server.task(['backup', 'import', path, '--account', 'bob']);
	const refused = await to.server.task(['restore', bobs.backup!, '--item', 'databases', '--item', 'emails:Maildir', '--yes'], 3);
	t.deepEqual(refused.items.map(({name, status}) => [name, status]), [['databases', 'failed'], ['emails', 'complete']]);
	t.is(await dumps(services), original);
	const bob = await stat(join(to.server.machine.home('bob'), 'Maildir/new/2.y'));
	t.is(bob.uid, 6008);
});
