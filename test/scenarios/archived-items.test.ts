/** Items of archived and compressed backups, restored as those of any other. */
import {hash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {hasOpenssl, makeCertbot} from '../certbot.ts';
import {hasMariadb, startMariadb} from '../database-servers.ts';
import {setUpServer, type BackupDocument} from '../set-up.ts';

(hasMariadb && hasOpenssl ? test.serial : test.serial.skip)('mail, certificates, databases and crontabs come back from archives, part by part', async t => {
	const {socket, sql} = await startMariadb(t);
	const server = await setUpServer(t);
	const certbot = await makeCertbot(server);
	const [vmail, crontabs] = ['vmail', 'crontabs'].map(name => server.machine.path(name)) as [string, string];
	await mkdir(crontabs);

	for (const [key, value] of Object.entries({mysql: socket, vmail, crontabs})) {
		await server.run('setting', 'set', `items.${key}`, value);
	}

	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example']);
	await certbot.make('a.example', ['a.example'], 2);
	await writeFile(join(crontabs, 'alice'), '1 1 * * * old\n');
	await sql('CREATE DATABASE alice_shop; CREATE TABLE alice_shop.t (a INT); INSERT INTO alice_shop.t VALUES (1), (2); CREATE DATABASE alice_blog');

	for (const box of ['info', 'shop']) {
		for (const name of ['cur/1.x:2,S', 'new/2.x', '.Sent/cur/3.x:2,S', '.Sent/new/4.x']) {
			await mkdir(join(vmail, 'a.example', box, name, '..'), {recursive: true});
			await writeFile(join(vmail, 'a.example', box, name), `${box} ${name}`);
		}
	}

	const look = async (): Promise<readonly string[]> => {
		const files = [vmail, certbot.path(), crontabs].flatMap(folder => readdirSync(folder, {recursive: true, withFileTypes: true})).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)).toSorted();

		return [...files.map(path => `${path} ${hash('sha256', readFileSync(path))}`), await sql('SELECT GROUP_CONCAT(a ORDER BY a) FROM alice_shop.t; SHOW TABLES FROM alice_blog')];
	};

	const whole = await look();
	const choice = ['--item', 'emails', '--item', 'certificates', '--item', 'databases', '--item', 'cron'];

	for (const structure of ['archived', 'compressed'] as const) {
		await server.run('job', 'set', 'nightly', '--structure', structure);
		const made = await server.task(['backup', 'create', 'alice']);
		const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
		t.is(backup.structure, structure);
		t.deepEqual(backup.items.filter(({name}) => ['emails', 'certificates', 'databases', 'cron'].includes(name)).map(({status, parts}) => [status, parts.length]), [['complete', 2], ['complete', 1], ['complete', 2], ['complete', 1]]);
		const verified = await server.run('backup', 'verify', made.backup!, '--read-data');
		t.is(verified.code, 0, verified.stdout);

		await sql('DELETE FROM alice_shop.t; CREATE TABLE alice_blog.mine (a INT)');
		await rm(join(vmail, 'a.example'), {recursive: true});
		await writeFile(certbot.path('archive', 'a.example', 'privkey2.pem'), 'broken');
		await writeFile(join(crontabs, 'alice'), '2 2 * * * mine\n');
		const one = await server.task(['restore', made.backup!, '--item', 'databases:alice_shop', '--item', 'emails:shop@a.example', '--yes']);
		t.is(one.state, 'completed', JSON.stringify(one));
		t.is(await sql('SELECT COUNT(*) FROM alice_shop.t; SHOW TABLES FROM alice_blog'), '2\nmine\n');
		t.deepEqual(readdirSync(join(vmail, 'a.example')), ['shop']);
		const all = await server.task(['restore', made.backup!, ...choice, '--yes']);
		t.is(all.state, 'completed', JSON.stringify(all));
		t.deepEqual(await look(), whole, structure);
	}
});
