/** Too little room where a database server keeps its data: seen before anything is touched, or met in the middle of an import. */
import {readdirSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import test from 'ava';
import {
	hasMariadb,
	hasPostgresql,
	startMariadb,
	startPostgresql,
} from '../database-servers.ts';
import {setUpServer, type Server} from '../set-up.ts';
import {fillDisk, mountSmall} from '../small-disk.ts';

const backUp = async (server: Server): Promise<string> => {
	const made = await server.task(['backup', 'create', 'alice']);

	return made.backup!;
};

const stopped = /stopped when only .* left in \S*data|no space is left in \S*data/v;
const remedy = /make room there, and restore it again/v;

(hasMariadb ? test.serial : test.serial.skip)('MariaDB: a database for which there is no room is refused; one that fills the disk is stopped, leaves nothing, and comes back when there is room', async t => {
	const {socket, data, sql} = await startMariadb(t, folder => {
		mountSmall(t, folder, '300m');
	});
	const server = await setUpServer(t);
	await server.run('setting', 'set', 'items.mysql', socket);
	await server.run('job', 'set', 'nightly', '--items', 'databases');
	// Its keys take far more room than its dump.
	await sql('CREATE DATABASE alice_shop; CREATE TABLE alice_shop.t (a INT PRIMARY KEY, b CHAR(100), KEY (b), KEY (b, a)) AS SELECT seq AS a, REPEAT(MD5(seq), 3) AS b FROM seq_1_to_30000');
	const backup = await backUp(server);
	await sql('TRUNCATE alice_shop.t; INSERT INTO alice_shop.t SELECT seq, seq FROM seq_1_to_7');
	fillDisk(data, 2_000_000);
	const refused = await server.task(['restore', backup, '--yes'], 1);
	t.regex(refused.error!.message, /restore of databases needs about 3\.\d MB, and only .* are free at .*data/v);
	await rm(`${data}/filler`);
	fillDisk(data, 70_000_000);
	const failed = await server.task(['restore', backup, '--yes', '--no-safety-backup'], 1);
	t.regex(failed.error!.message, stopped);
	t.regex(failed.error!.message, remedy);
	t.is(await sql('SELECT COUNT(*) FROM alice_shop.t'), '7\n');
	t.is(await sql('SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE \'holdfast%\'; SELECT user FROM mysql.user WHERE user LIKE \'holdfast%\'; SELECT id FROM information_schema.processlist WHERE user LIKE \'holdfast%\''), '');
	t.deepEqual(readdirSync(`${server.state}/staging`), []);
	await rm(`${data}/filler`);
	await server.task(['restore', backup, '--yes', '--no-safety-backup']);
	t.is(await sql('SELECT COUNT(*) FROM alice_shop.t'), '30000\n');
});

(hasPostgresql ? test.serial : test.serial.skip)('PostgreSQL: a database that would fill the disk is stopped before the server stops, leaves nothing, and comes back when there is room', async t => {
	const {socket, data, sql} = await startPostgresql(t, folder => {
		mountSmall(t, folder, '400m');
	});
	const server = await setUpServer(t);
	await server.run('setting', 'set', 'items.postgresql', socket);
	await server.run('job', 'set', 'nightly', '--items', 'databases');
	await sql('CREATE ROLE alice LOGIN');
	await sql('CREATE DATABASE alice_app OWNER alice');
	await sql('SET SESSION AUTHORIZATION alice; CREATE TABLE t AS SELECT n AS a, repeat(md5(n::text), 3) AS b FROM generate_series(1, 30000) n; CREATE INDEX ON t (b); CREATE INDEX ON t (b, a)', 'alice_app');
	const backup = await backUp(server);
	await sql('DELETE FROM t WHERE a > 7', 'alice_app');
	fillDisk(data, 70_000_000);
	const failed = await server.task(['restore', backup, '--yes', '--no-safety-backup'], 1);
	t.regex(failed.error!.message, stopped);
	t.regex(failed.error!.message, remedy);
	t.is(await sql('SELECT COUNT(*) FROM t', 'alice_app'), '7\n');
	t.is(await sql('SELECT datname FROM pg_database WHERE datname LIKE \'holdfast%\' UNION SELECT rolname FROM pg_roles WHERE rolname LIKE \'holdfast%\''), '');
	t.deepEqual(readdirSync(`${server.state}/staging`), []);
	await rm(`${data}/filler`);
	await server.task(['restore', backup, '--yes', '--no-safety-backup']);
	t.is(await sql('SELECT COUNT(*) FROM t', 'alice_app'), '30000\n');
});
