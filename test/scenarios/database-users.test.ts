import test from 'ava';
import {hasMariadb, startMariadb} from '../database-servers.ts';
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
