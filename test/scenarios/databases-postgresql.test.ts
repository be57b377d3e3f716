import {readdirSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {hasPostgresql, startPostgresql, type TestPostgresql} from '../database-servers.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

const testWithServer = hasPostgresql ? test.serial : test.serial.skip;

type SetUp = Server & {readonly postgresql: TestPostgresql};

const setUp = async (t: ExecutionContext): Promise<SetUp> => {
	const postgresql = await startPostgresql(t);
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}]);
	await server.run('setting', 'set', 'items.postgresql', postgresql.socket);
	await server.run('job', 'set', 'nightly', '--items', 'databases');

	return {...server, postgresql};
};

const fill = async ({sql}: TestPostgresql): Promise<void> => {
	await sql('CREATE ROLE alice LOGIN; CREATE ROLE reader; CREATE ROLE al LOGIN');
	await sql('CREATE DATABASE alice_app OWNER alice');
	await sql('CREATE DATABASE al_x OWNER al');
	await sql(String.raw`REVOKE CONNECT ON DATABASE alice_app FROM PUBLIC; GRANT CONNECT ON DATABASE alice_app TO reader; SET SESSION AUTHORIZATION alice;
		CREATE TABLE parent (id SERIAL PRIMARY KEY, name TEXT, data BYTEA);
		CREATE SCHEMA "odd ""one""";
		CREATE TABLE "odd ""one"""."a (b) ü" (parent INT REFERENCES parent (id));
		INSERT INTO parent (name, data) VALUES (E'\\.\n\tCOPY x FROM stdin;', '\x00ff'), ('ü', NULL);
		INSERT INTO "odd ""one"""."a (b) ü" VALUES (1), (2), (2);
		CREATE VIEW names AS SELECT name FROM parent;
		CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM parent;
		CREATE FUNCTION three() RETURNS INT LANGUAGE sql AS 'SELECT 3';
		CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
		CREATE TRIGGER guard BEFORE INSERT ON parent FOR EACH ROW EXECUTE FUNCTION guard();
		GRANT SELECT ON parent TO reader`, 'alice_app');
};

/** All of a database, as the server's own program tells it. */
const dumpOf = async ({run}: TestPostgresql): Promise<string> => {
	const dump = await run('pg_dump', '--create', '--dbname=alice_app');

	return dump.replaceAll(/^\\(?:un)?restrict .*$/gmv, '');
};

testWithServer('a PostgreSQL database is backed up as its owner, costs nothing unchanged, and comes back as it was', async t => {
	const server = await setUp(t);
	const {postgresql} = server;
	await fill(postgresql);
	const original = await dumpOf(postgresql);
	const made = await server.task(['backup', 'create', 'alice']);
	t.is(made.state, 'completed', JSON.stringify(made));
	const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
	t.deepEqual(backup.items[0]!.parts.map(({name, status}) => [name, status]), [['alice_app', 'complete']]);
	const again = await server.task(['backup', 'create', 'alice']);
	const second = await server.json<BackupDocument>(['backup', 'show', again.backup!]);
	t.true(second.storedBytes < 10_000, `an unchanged database added ${second.storedBytes} bytes`);

	await postgresql.sql('DROP TABLE parent CASCADE; DROP FUNCTION three; SET SESSION AUTHORIZATION alice; CREATE TABLE extra (a INT)', 'alice_app');
	const restored = await server.task(['restore', made.backup!, '--item', 'databases:alice_app', '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await dumpOf(postgresql), original);

	await postgresql.sql('DROP DATABASE alice_app');
	const created = await server.task(['restore', made.backup!, '--yes']);
	t.is(created.state, 'completed', JSON.stringify(created));
	t.is(await dumpOf(postgresql), original);

	// What cannot be imported leaves what is live as it is.
	await postgresql.sql('SET SESSION AUTHORIZATION alice; CREATE TABLE live_only (a INT)', 'alice_app');
	const before = await dumpOf(postgresql);
	await postgresql.sql('ALTER ROLE alice CREATEROLE');
	const refused = await server.task(['restore', made.backup!, '--yes'], 1);
	t.regex(refused.items[0]!.error!, /rights beyond/v);
	t.is(await dumpOf(postgresql), before);
	t.is(await postgresql.sql('SELECT datname FROM pg_database WHERE datname LIKE \'holdfast%\' UNION SELECT rolname FROM pg_roles WHERE rolname LIKE \'holdfast%\''), '');
	t.deepEqual(readdirSync(`${server.state}/staging`), []);
});

testWithServer('a PostgreSQL server that is killed in the middle of an import has the live database as it was, and the next restore needs no help', async t => {
	const server = await setUp(t);
	const {postgresql} = server;
	await fill(postgresql);
	await postgresql.sql('SET SESSION AUTHORIZATION alice; CREATE TABLE large AS SELECT n, repeat(md5(n::text), 3) AS t FROM generate_series(1, 300000) n', 'alice_app');
	const made = await server.task(['backup', 'create', 'alice']);
	await postgresql.sql('SET SESSION AUTHORIZATION alice; DELETE FROM large WHERE n > 7', 'alice_app');
	// A crash may let a sequence skip numbers.
	const look = async (): Promise<string> => {
		const dump = await dumpOf(postgresql);

		return dump.replaceAll(/^SELECT pg_catalog\.setval.*$/gmv, '');
	};

	const before = await look();
	const restoring = server.run('restore', made.backup!, '--yes', '--no-safety-backup');

	while (await postgresql.sql('SELECT 1 FROM pg_stat_activity WHERE datname LIKE \'holdfast%\' AND query LIKE \'COPY%\'') === '') {
		// The import has not begun.
	}

	await postgresql.kill();
	const failed = await restoring;
	t.is(failed.code, 1, failed.stderr);
	t.regex(failed.stdout, /alice_app/v);
	await postgresql.restart();
	t.is(await look(), before);

	const restored = await server.task(['restore', made.backup!, '--yes']);
	t.is(restored.state, 'completed', JSON.stringify(restored));
	t.is(await postgresql.sql('SELECT count(*), max(n) FROM large', 'alice_app'), '300000|300000\n');
	t.is(await postgresql.sql('SELECT datname FROM pg_database WHERE datname LIKE \'holdfast%\' UNION SELECT rolname FROM pg_roles WHERE rolname LIKE \'holdfast%\''), '');
});
