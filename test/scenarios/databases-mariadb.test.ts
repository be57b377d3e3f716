import {existsSync, readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {hasMariadb, startMariadb, type TestMariadb} from '../database-servers.ts';
import {runProgram} from '../sandbox.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';
import {kill} from '../watching.ts';

const testWithServer = hasMariadb ? test.serial : test.serial.skip;

type PreviewDocument = {readonly steps: ReadonlyArray<{path: string; action: string}>};
type SetUp = Server & {readonly mariadb: TestMariadb};

const setUp = async (t: ExecutionContext): Promise<SetUp> => {
	const mariadb = await startMariadb(t);
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}]);
	await server.run('setting', 'set', 'items.mysql', mariadb.socket);
	await server.run('job', 'set', 'nightly', '--items', 'databases');

	return {...server, mariadb};
};

const fill = async ({sql}: TestMariadb): Promise<void> => {
	await sql('CREATE DATABASE alice_shop CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; CREATE DATABASE al_x; CREATE DATABASE legacy; CREATE TABLE al_x.t (a INT); CREATE TABLE legacy.t (a INT); CREATE USER alice@localhost; GRANT ALL ON `alice\\_shop`.* TO alice@localhost');
	await sql(String.raw`CREATE TABLE parent (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100), data BLOB);
		CREATE TABLE child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parent (id));
		CREATE TABLE plain (a INT, t TEXT) ENGINE=MyISAM;
		CREATE TABLE ${'`odd``na.me ü`'} (${'`a (b) ``c`'} INT);
		INSERT INTO parent (name, data) VALUES ('x\n(y', X'00FF270A'), ('ü;''"\\ \\! ls', NULL);
		INSERT INTO child VALUES (1, 1), (2, 2), (3, 2);
		INSERT INTO plain VALUES (1, '(a\n(b\nINSERT INTO x VALUES');
		CREATE SEQUENCE numbers;
		CREATE DEFINER=alice@localhost VIEW outer_view AS SELECT 'ü' AS u, name FROM parent;
		CREATE DEFINER=alice@localhost VIEW a_view AS SELECT * FROM outer_view;
		CREATE DEFINER=alice@localhost PROCEDURE count_all(IN a INT) BEGIN SELECT 'ü;', a; SELECT COUNT(*) FROM parent; END`.replaceAll(/BEGIN.*END/gsv, 'SELECT COUNT(*) + a FROM parent'), 'alice_shop');
	await sql(`CREATE DEFINER=alice@localhost FUNCTION three() RETURNS INT DETERMINISTIC RETURN 3;
		CREATE DEFINER=alice@localhost TRIGGER \`guard\` BEFORE INSERT ON \`child\` FOR EACH ROW SET NEW.parent = IF(NEW.parent = 0, 1, NEW.parent);
		CREATE DEFINER=alice@localhost EVENT tidy ON SCHEDULE EVERY 1 DAY DO DELETE FROM plain WHERE a = 99`, 'alice_shop');
};

/** All of a database, as the server's own program tells it. */
const dumpOf = async (t: ExecutionContext, {socket}: TestMariadb, database = 'alice_shop'): Promise<string> => {
	const {code, stdout, stderr} = await runProgram('mariadb-dump', '--no-defaults', `--socket=${socket}`, '--user=root', '--skip-dump-date', '--hex-blob', '--routines', '--events', '--triggers', database);
	t.is(code, 0, stderr);

	return stdout.replaceAll(/AUTO_INCREMENT=\d+ /gv, '');
};

const leftovers = async ({sql}: TestMariadb): Promise<string> => sql('SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE \'holdfast%\'; SELECT user FROM mysql.user WHERE user LIKE \'holdfast%\'');

testWithServer('a MariaDB database is backed up with all it has, costs nothing unchanged, and comes back as it was, by itself', async t => {
	const server = await setUp(t);
	const {mariadb} = server;
	await fill(mariadb);
	await server.run('account', 'set', 'alice', '--add-database', 'mysql:legacy');
	const original = await dumpOf(t, mariadb);

	const made = await server.task(['backup', 'create', 'alice']);
	t.is(made.state, 'completed', JSON.stringify(made));
	const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
	t.deepEqual(backup.items[0]!.parts.map(({name, status}) => [name, status]), [['alice_shop', 'complete'], ['legacy', 'complete']]);
	const again = await server.task(['backup', 'create', 'alice']);
	const second = await server.json<BackupDocument>(['backup', 'show', again.backup!]);
	t.true(second.storedBytes < 10_000, `an unchanged database added ${second.storedBytes} bytes`);

	await mariadb.sql('DROP TABLE child; DELETE FROM parent; DROP VIEW a_view; DROP PROCEDURE count_all; CREATE TABLE extra (a INT); CREATE DEFINER=root@localhost TRIGGER extra_trigger BEFORE INSERT ON extra FOR EACH ROW SET NEW.a = 1; DROP EVENT tidy; INSERT INTO legacy.t VALUES (7)', 'alice_shop');
	const damaged = await dumpOf(t, mariadb);
	const preview = await server.json<PreviewDocument>(['restore', made.backup!, '--item', 'databases:alice_shop', '--dry-run']);
	t.deepEqual(preview.steps.map(({path, action}) => [path, action]), [['databases:alice_shop', 'overwrite']]);
	t.is(await dumpOf(t, mariadb), damaged);

	const restored = await server.task(['restore', made.backup!, '--item', 'databases:alice_shop', '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await dumpOf(t, mariadb), original);
	t.is(await mariadb.sql('SELECT * FROM legacy.t'), '7\n', 'what was not chosen stays');
	t.is(await leftovers(mariadb), '');

	await mariadb.sql('DROP DATABASE alice_shop');
	const created = await server.task(['restore', made.backup!, '--item', 'databases:alice_shop', '--yes']);
	t.is(created.state, 'completed', JSON.stringify(created));
	t.is(await dumpOf(t, mariadb), original);
	await mariadb.sql('DELETE FROM plain', 'alice_shop');
	await server.task(['restore', made.backup!, '--item', 'databases:alice_shop', '--merge', '--yes']);
	t.is(await mariadb.sql('SELECT COUNT(*) FROM plain', 'alice_shop'), '0\n', 'merge keeps what exists');

	const target = server.machine.path('target');
	await server.task(['restore', made.backup!, '--to', target, '--yes']);
	const dump = await readFile(`${target}/.holdfast/databases/alice_shop/tables.sql`, 'utf8');
	t.true(dump.endsWith('-- Dump completed\n'));
	t.true(existsSync(`${target}/.holdfast/databases/alice_shop/objects.sql`));
	await mariadb.sql('CREATE TABLE gone (a INT); CREATE DEFINER=al@localhost VIEW stale AS SELECT a FROM gone; CREATE VIEW v AS SELECT a FROM t; DROP TABLE gone', 'al_x');
	const other = await server.task(['backup', 'create', 'al']);
	const others = await server.json<BackupDocument>(['backup', 'show', other.backup!]);
	t.deepEqual(others.items[0]!.parts.map(({name}) => name), ['al_x']);
	await mariadb.sql('DROP TABLE t', 'al_x');
	await server.task(['restore', other.backup!, '--yes']);
	t.is(await mariadb.sql('SHOW TABLES; SELECT * FROM v', 'al_x'), 'stale\nt\nv\n', 'views of a table that is gone are those that were');
	await mariadb.sql('DROP VIEW stale', 'al_x');
	const partial = await server.task(['restore', other.backup!, '--yes'], 3);
	t.regex(partial.error!.message, /^databases did not come back whole: al_x: the view stale was left out, as it cannot be made: .*'al_x\.gone'/v);
	t.is(await mariadb.sql('SHOW TABLES', 'al_x'), 't\nv\n');
	t.deepEqual(readdirSync(`${server.state}/staging`), []);
});

testWithServer('a database is also found by the name of its server; a server that is down keeps no file from coming back', async t => {
	const server = await setUp(t);
	const {mariadb} = server;
	await server.run('job', 'set', 'nightly', '--items', 'homedir,databases');
	await server.write('alice', {'a.txt': 'first'});
	await mariadb.sql('CREATE DATABASE alice_shop; CREATE TABLE alice_shop.t (a INT); INSERT INTO alice_shop.t VALUES (1)');
	const made = await server.task(['backup', 'create', 'alice']);
	await mariadb.sql('DELETE FROM alice_shop.t');
	const restored = await server.task(['restore', made.backup!, '--item', 'databases:mysql:alice_shop', '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await mariadb.sql('SELECT a FROM alice_shop.t'), '1\n');

	await mariadb.kill();
	await server.write('alice', {'a.txt': 'today'});
	const partial = await server.task(['restore', made.backup!, '--yes'], 3);
	t.is(partial.state, 'partial');
	t.deepEqual(partial.items.map(({name, status}) => [name, status]), [['homedir', 'complete'], ['databases', 'failed']]);
	t.is(await readFile(server.machine.path('home', 'alice', 'a.txt'), 'utf8'), 'first');
});

testWithServer('a server that is killed in the middle of an import has the live database as it was, and the next restore needs no help', async t => {
	const server = await setUp(t);
	const {mariadb} = server;
	await mariadb.sql('CREATE DATABASE alice_shop; CREATE TABLE alice_shop.t (a INT PRIMARY KEY, b CHAR(100)) AS SELECT seq AS a, REPEAT(MD5(seq), 3) AS b FROM seq_1_to_200000');
	const made = await server.task(['backup', 'create', 'alice']);
	await mariadb.sql('DELETE FROM alice_shop.t WHERE a > 7');
	const restoring = server.run('restore', made.backup!, '--yes', '--no-safety-backup');

	while (await mariadb.sql('SELECT table_name FROM information_schema.tables WHERE table_schema LIKE \'holdfast%\'') === '') {
		// The import has not begun.
	}

	await mariadb.kill();
	const failed = await restoring;
	t.is(failed.code, 1, failed.stderr);
	t.regex(failed.stdout, /alice_shop/v);
	await mariadb.restart();
	t.is(await mariadb.sql('SELECT COUNT(*) FROM alice_shop.t'), '7\n');

	const restored = await server.task(['restore', made.backup!, '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await mariadb.sql('SELECT COUNT(*), MAX(a) FROM alice_shop.t'), '200000\t200000\n');
	t.is(await leftovers(mariadb), '');
});

testWithServer('a runner that is killed while a database is exchanged leaves nothing undone for ever', async t => {
	const server = await setUp(t);
	const {mariadb} = server;
	await mariadb.sql('CREATE DATABASE alice_shop; CREATE TABLE alice_shop.t (a INT); INSERT INTO alice_shop.t VALUES (1); CREATE VIEW alice_shop.v AS SELECT a + 1 AS b FROM alice_shop.t; CREATE USER alice@localhost; GRANT ALL ON alice_shop.* TO alice@localhost');
	await mariadb.sql('CREATE DEFINER=alice@localhost TRIGGER `guard` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = NEW.a + 1', 'alice_shop');
	const made = await server.task(['backup', 'create', 'alice']);
	await mariadb.sql('INSERT INTO alice_shop.t VALUES (6)');
	const live = await dumpOf(t, mariadb);

	// Somebody who reads the table keeps it from being exchanged; the view is gone already.
	const reader = runProgram('mariadb', '--no-defaults', `--socket=${mariadb.socket}`, '--user=root', '-e', 'LOCK TABLES alice_shop.t READ; SELECT SLEEP(600)');
	const restoring = server.run('restore', made.backup!, '--yes', '--no-safety-backup');

	while (await mariadb.sql('SELECT COUNT(*) FROM information_schema.views WHERE table_schema = \'alice_shop\'') !== '0\n') {
		// The exchange has not begun.
	}

	const {tasks} = await server.json<{tasks: ReadonlyArray<{progress: {bytesTotal: number; currentPath: string}}>}>(['queue', 'list']);
	t.is(tasks[0]!.progress.currentPath, 'databases:alice_shop');
	t.true(tasks[0]!.progress.bytesTotal > 0);
	await kill(server, 'SIGKILL');
	const busy = await mariadb.sql('SELECT id FROM information_schema.processlist WHERE user = \'root\' AND id <> CONNECTION_ID()');

	for (const id of busy.trim().split('\n')) {
		await runProgram('mariadb', '--no-defaults', `--socket=${mariadb.socket}`, '--user=root', '-e', `KILL ${id}`);
	}

	await reader;
	await restoring;
	const next = await server.task(['backup', 'create', 'alice']);
	t.is(next.state, 'completed', JSON.stringify(next));
	t.is(await dumpOf(t, mariadb), live);
	t.is(await leftovers(mariadb), '');

	const restored = await server.task(['restore', made.backup!, '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await mariadb.sql('SELECT b FROM alice_shop.v'), '2\n');
});

testWithServer('a server that is killed or not there makes the backup say so', async t => {
	const server = await setUp(t);
	await server.mariadb.sql('CREATE DATABASE alice_shop; CREATE TABLE alice_shop.t (a INT)');
	const made = await server.task(['backup', 'create', 'alice']);
	await server.mariadb.kill();
	const failed = await server.task(['backup', 'create', 'alice'], 3);
	t.is(failed.items[0]!.status, 'failed');
	const restored = await server.task(['restore', made.backup!, '--yes'], 1);
	t.is(restored.state, 'failed');
	t.regex(restored.error!.message, /mariadb/iv);
});
