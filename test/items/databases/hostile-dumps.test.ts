/** What a dump that is cut off, false or hostile can do: nothing to what is live, and nothing to the machine. */
import {existsSync} from 'node:fs';
import {
	cp,
	mkdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import test from 'ava';
import {openMariadb} from '../../../source/items/databases/mariadb/mariadb.ts';
import {mariadbServer} from '../../../source/items/databases/mariadb/mariadb-server.ts';
import {openSwapJournal} from '../../../source/items/databases/swap-journal.ts';
import {hasMariadb, startMariadb} from '../../database-servers.ts';
import {temporaryFolder} from '../../sandbox.ts';
import {setUpServer} from '../../set-up.ts';

(hasMariadb ? test : test.skip)('a bad dump leaves the live database and all others as they were', async t => {
	const {socket, sql} = await startMariadb(t);
	const {run, context: {store}} = await setUpServer(t);
	await run('setting', 'set', 'items.mysql', socket);
	const journal = openSwapJournal(store.directory);
	const mariadb = await openMariadb({store, signal: new AbortController().signal});
	const server = mariadbServer(mariadb!);
	await sql('CREATE DATABASE alice_shop; CREATE DATABASE bob_shop; CREATE TABLE bob_shop.t (a INT); CREATE TABLE alice_shop.t (a INT); INSERT INTO alice_shop.t VALUES (1), (2); CREATE USER alice@localhost; GRANT ALL ON alice_shop.* TO alice@localhost');
	await sql('CREATE DEFINER=alice@localhost TRIGGER `guard` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1', 'alice_shop');
	const folder = await temporaryFolder(t);
	const good = `${folder}/good`;
	await mkdir(good);
	t.deepEqual(await server.capture('alice_shop', good), []);
	await sql('INSERT INTO alice_shop.t VALUES (3)');
	const mark = `${folder}/mark`;
	const facts = await readFile(`${good}/database.json`, 'utf8');

	const cases: ReadonlyArray<{readonly name: string; readonly file: string; readonly change: (text: string) => string; readonly reason: RegExp}> = [
		{
			name: 'cut', file: 'tables.sql', change: text => text.slice(0, -10), reason: /breaks off/v,
		},
		{
			name: 'rows', file: 'tables.sql', change: text => text.replace('(1),\n', ''), reason: /has 1 rows after the import, and had 2/v,
		},
		{
			name: 'statement', file: 'tables.sql', change: text => text.replace('INSERT INTO', 'INSERT NOWHERE'), reason: /ERROR 1064/v,
		},
		{
			name: 'other', file: 'tables.sql', change: text => text.replace('INSERT INTO', 'DROP TABLE bob_shop.t;\nINSERT INTO'), reason: /denied/v,
		},
		{
			name: 'use', file: 'tables.sql', change: text => text.replace('INSERT INTO', 'USE alice_shop;\nDROP TABLE t;\nINSERT INTO'), reason: /denied/v,
		},
		{
			name: 'shell', file: 'tables.sql', change: text => text.replace('INSERT INTO', () => `\\! touch ${mark}\nsystem touch ${mark}\nINSERT INTO`), reason: /ERROR/v,
		},
		{
			name: 'local', file: 'tables.sql', change: text => text.replace('INSERT INTO', 'LOAD DATA LOCAL INFILE \'/etc/passwd\' INTO TABLE t;\nINSERT INTO'), reason: /ERROR (?:1148|4166)/v,
		},
		{
			name: 'trigger', file: 'database.json', change: text => text.replace('ON `t` FOR', 'ON `bob_shop`.`t` FOR'), reason: /another than it should be/v,
		},
		{
			name: 'charset', file: 'database.json', change: text => text.replace('"characterSet": "', '"characterSet": "x; DROP DATABASE bob_shop; '), reason: /not sound/v,
		},
	];

	for (const {name, file, change, reason} of cases) {
		const bad = `${folder}/${name}`;
		await cp(good, bad, {recursive: true});
		const before = await readFile(`${bad}/${file}`, 'utf8');
		await writeFile(`${bad}/${file}`, change(before));
		t.not(change(before), before, name);
		await t.throwsAsync(server.restore('alice_shop', {folder: bad, isOwnUser: user => user === 'alice', journal}), {message: reason}, name);
		t.is(await sql('SELECT COUNT(*) FROM t; SHOW TRIGGERS', 'alice_shop').then(text => text.slice(0, 8)), '3\nguard\t', name);
		t.is(await sql('SHOW TABLES FROM bob_shop; SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE \'holdfast%\'; SELECT user FROM mysql.user WHERE user LIKE \'holdfast%\''), 't\n', name);
	}

	t.deepEqual(await journal.read(), []);
	t.false(existsSync(mark));
	t.is(await readFile(`${good}/database.json`, 'utf8'), facts);

	// Somebody else's rights are borrowed by nobody.
	const borrowed = `${folder}/borrowed`;
	await cp(good, borrowed, {recursive: true});
	await writeFile(`${borrowed}/database.json`, facts.replace('"user": "alice"', '"user": "root"'));
	const findings = await server.restore('alice_shop', {folder: borrowed, isOwnUser: user => user === 'alice', journal});
	t.regex(findings[0]!.message, /trigger guard was left out/v);
	t.is(await sql('SELECT COUNT(*) FROM t; SHOW TRIGGERS', 'alice_shop'), '2\n');
});
