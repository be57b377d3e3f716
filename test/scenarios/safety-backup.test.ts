import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

type Backups = {readonly backups: readonly BackupDocument[]};

const setUp = async (t: ExecutionContext): Promise<{readonly server: Server; readonly file: string; readonly crontab: string; readonly backup: string}> => {
	const server = await setUpServer(t);
	const crontabs = server.machine.path('crontabs');
	const crontab = join(crontabs, 'alice');
	const file = join(server.machine.home('alice'), 'site', 'a.txt');
	await mkdir(crontabs);
	await server.run('setting', 'set', 'items.crontabs', crontabs);
	await server.write('alice', {'site/a.txt': 'first\n', 'b.txt': 'first\n'});
	await writeFile(crontab, '1 1 * * * first\n');
	const made = await server.task(['backup', 'create', 'alice']);
	await server.write('alice', {'site/a.txt': 'today\n', 'b.txt': 'today\n'});
	await writeFile(crontab, '2 2 * * * today\n');

	return {
		server, file, crontab, backup: made.backup!,
	};
};

const safetyBackups = async (server: Server): Promise<readonly BackupDocument[]> => {
	const {backups} = await server.json<Backups>(['backup', 'list', 'alice', '--kind', 'safety']);

	return backups;
};

test('what a restore overwrites is backed up first, and can be restored from there', async t => {
	const {server, file, crontab, backup} = await setUp(t);
	const restored = await server.task(['restore', backup, '--yes']);
	t.is(await readFile(file, 'utf8'), 'first\n');
	const [safety] = await safetyBackups(server);
	t.is(restored.safetyBackup, safety!.id);
	t.is(safety!.status, 'complete');

	// It is no newest backup, and the next one still compares with the last.
	const latest = await server.json<BackupDocument>(['backup', 'show', 'latest:alice']);
	t.is(latest.id, backup);

	await server.task(['restore', safety!.id, '--yes']);
	t.is(await readFile(file, 'utf8'), 'today\n');
	t.is(await readFile(crontab, 'utf8'), '2 2 * * * today\n');
});

test('it holds what is chosen alone; another folder, the option and the setting need none', async t => {
	const {server, backup} = await setUp(t);
	await server.task(['restore', backup, '--to', server.machine.path('target'), '--yes']);
	await server.task(['restore', backup, '--item', 'cron', '--no-safety-backup', '--yes']);
	await server.run('setting', 'set', 'restore.safetyBackup', 'false');
	const without = await server.task(['restore', backup, '--item', 'cron', '--yes']);
	t.is(without.safetyBackup, null);
	t.deepEqual(await safetyBackups(server), []);

	await server.run('setting', 'set', 'restore.safetyBackup', 'true');
	await server.task(['restore', backup, '--path', 'site', '--yes']);
	const [safety] = await safetyBackups(server);
	t.deepEqual(safety!.items.map(({name, fileCount}) => `${name} ${fileCount}`), ['homedir 1']);
});

test('where it cannot be made nothing live is touched', async t => {
	const {server, file, backup} = await setUp(t);
	await server.run('setting', 'set', 'destination.minFreeBytes', '900000GiB');
	const refused = await server.task(['restore', backup, '--yes'], 4);
	t.is(refused.safetyBackup, null);
	t.is(await readFile(file, 'utf8'), 'today\n');
	t.deepEqual(await safetyBackups(server), []);
	await server.task(['restore', backup, '--no-safety-backup', '--yes']);
	t.is(await readFile(file, 'utf8'), 'first\n');
});
