import test from 'ava';
import {
	hasMariadb,
	hasPostgresql,
	startMariadb,
	startPostgresql,
} from '../database-servers.ts';
import {setUpServer, type BackupDocument} from '../set-up.ts';

const testWithServer = hasMariadb ? test.serial : test.serial.skip;

testWithServer('database users come back with every host, hash and right, on the account\'s databases alone', async t => {
	const {socket, sql} = await startMariadb(t);
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}]);
	await server.run('setting', 'set', 'items.mysql', socket);
	await server.run('job', 'set', 'nightly', '--items', 'database-users');
	await sql(`CREATE DATABASE alice_shop; CREATE DATABASE al_x; CREATE TABLE alice_shop.t (a INT, b INT);
		CREATE USER alice@localhost IDENTIFIED BY 'one'; CREATE USER alice@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('two') OR unix_socket ACCOUNT LOCK;
		CREATE USER webapp@localhost IDENTIFIED BY 'three'; CREATE USER al@localhost; CREATE USER shared@localhost;
		GRANT ALL ON \`alice\\_shop\`.* TO alice@localhost WITH GRANT OPTION; GRANT SELECT (a), INSERT ON alice_shop.t TO alice@'%'; GRANT SELECT ON al_x.* TO alice@'%';
		GRANT SELECT ON alice_shop.* TO webapp@localhost; GRANT SELECT ON alice_shop.* TO shared@localhost; GRANT SELECT ON al_x.* TO shared@localhost; GRANT ALL ON al_x.* TO al@localhost`);
	const all = 'SHOW CREATE USER alice@localhost; SHOW GRANTS FOR alice@localhost; SHOW CREATE USER alice@\'%\'; SHOW GRANTS FOR alice@\'%\'; SHOW CREATE USER webapp@localhost; SHOW GRANTS FOR webapp@localhost; SHOW GRANTS FOR al@localhost; SHOW GRANTS FOR shared@localhost';
	const original = await sql(all);

	const made = await server.task(['backup', 'create', 'alice']);
	t.is(made.state, 'completed', JSON.stringify(made));
	const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
	t.deepEqual(backup.items[0]!.parts.map(({name}) => name), ['alice', 'webapp']);

	await sql('DROP USER webapp@localhost; SET PASSWORD FOR alice@localhost = PASSWORD(\'stolen\'); REVOKE ALL PRIVILEGES ON `alice\\_shop`.* FROM alice@localhost; GRANT UPDATE ON alice_shop.t TO alice@\'%\'; ALTER USER alice@\'%\' ACCOUNT UNLOCK; CREATE USER alice@\'10.%\'');
	const restored = await server.task(['restore', made.backup!, '--item', 'database-users', '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await sql(all), original, 'a right on another\'s database stays as it was');
	t.is(await sql('SELECT COUNT(*) FROM mysql.user WHERE user = \'alice\''), '2\n');

	await sql('DROP USER webapp@localhost; ALTER USER alice@\'%\' ACCOUNT UNLOCK');
	await server.task(['restore', made.backup!, '--item', 'database-users:webapp', '--yes']);
	t.not(await sql(all), original, 'alice was not chosen');
	await server.task(['restore', made.backup!, '--item', 'database-users', '--yes']);
	t.is(await sql(all), original);
});

(hasPostgresql ? test.serial : test.serial.skip)('roles of PostgreSQL come back with their verifiers, memberships and rights on the account\'s databases, and with nothing more', async t => {
	const {socket, sql, run} = await startPostgresql(t);
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}]);
	await server.run('setting', 'set', 'items.postgresql', socket);
	await server.run('job', 'set', 'nightly', '--items', 'database-users,databases');
	await sql(`CREATE ROLE alice LOGIN PASSWORD 'one' CONNECTION LIMIT 5; CREATE ROLE alice_group; CREATE ROLE alice_ro LOGIN PASSWORD 'two' VALID UNTIL '2031-02-03 04:05:06+00' NOINHERIT IN ROLE alice_group;
		CREATE ROLE alice_boss LOGIN CREATEROLE; CREATE ROLE al LOGIN PASSWORD 'three'; CREATE ROLE al_ro; CREATE ROLE staff; GRANT alice_group TO alice WITH ADMIN OPTION; GRANT staff TO alice; GRANT al_ro TO al`);
	await sql('CREATE DATABASE alice_app OWNER alice');
	await sql('CREATE DATABASE al_x OWNER al');
	await sql('REVOKE CONNECT ON DATABASE alice_app FROM PUBLIC; GRANT CONNECT ON DATABASE alice_app TO alice_ro WITH GRANT OPTION; GRANT TEMPORARY ON DATABASE al_x TO alice_ro; SET SESSION AUTHORIZATION alice; CREATE TABLE t (a INT); GRANT SELECT ON t TO alice_ro', 'alice_app');
	const look = async (): Promise<string> => {
		const roles = await run('pg_dumpall', '--roles-only', '--database=postgres');
		const rights = await sql('SELECT d.datname, r.rolname, a.privilege_type, a.is_grantable FROM pg_database d, aclexplode(d.datacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE d.datname LIKE \'al%\' ORDER BY 1, 2, 3');

		return `${roles.split('\n').filter(line => /^(?:CREATE|ALTER|GRANT)/v.test(line)).toSorted().join('\n')}\n${rights}`;
	};

	const original = await look();
	const made = await server.task(['backup', 'create', 'alice']);
	t.is(made.state, 'completed', JSON.stringify(made));
	const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
	t.deepEqual(backup.items[0]!.parts.map(({name}) => name), ['alice', 'alice_group', 'alice_ro']);
	t.true(made.findings.some(({message}) => message.includes('alice_boss may do more')), JSON.stringify(made.findings));
	t.true(made.findings.some(({message}) => message.includes('its membership in staff')));

	await sql('ALTER ROLE alice PASSWORD \'stolen\' CONNECTION LIMIT -1; REVOKE alice_group FROM alice; REVOKE alice_group FROM alice_ro; REVOKE CONNECT ON DATABASE alice_app FROM alice_ro; GRANT CREATE ON DATABASE alice_app TO alice_ro; ALTER ROLE alice_ro INHERIT VALID UNTIL \'infinity\'');
	const damaged = await look();
	const restored = await server.task(['restore', made.backup!, '--item', 'database-users', '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await look(), original, 'what is not the account\'s to have back stayed as it was');
	await server.task(['rollback', restored.id, '--yes']);
	t.is(await look(), damaged);
	await server.task(['restore', made.backup!, '--item', 'database-users', '--merge', '--yes']);
	t.is(await look(), damaged);

	// All is gone, and comes back: the roles, then what belongs to them; and goes again.
	await sql('DROP DATABASE alice_app');
	await sql('REVOKE ALL ON DATABASE al_x FROM alice_ro; DROP ROLE alice; DROP ROLE alice_ro; DROP ROLE alice_group');
	const empty = await look();
	const all = await server.task(['restore', made.backup!, '--yes']);
	t.is(all.state, 'completed', JSON.stringify(all));
	const isLost = (line: string): boolean => line.startsWith('GRANT staff') || line.startsWith('al_x|alice_ro');
	const back = await look();
	t.deepEqual(back.split('\n'), original.split('\n').filter(line => !isLost(line)));
	t.is(await sql('SELECT has_table_privilege(\'alice_ro\', \'t\', \'SELECT\')', 'alice_app'), 't\n');
	const undone = await server.task(['rollback', all.id, '--yes']);
	t.is(undone.state, 'completed', JSON.stringify(undone));
	t.is(await look(), empty);

	// Nobody is made mightier, or less.
	await sql('CREATE ROLE alice LOGIN CREATEDB');
	const refused = await server.task(['restore', made.backup!, '--item', 'database-users:alice', '--no-safety-backup', '--yes'], 1);
	t.regex(refused.items[0]!.error!, /may do more on the server/v);
});
