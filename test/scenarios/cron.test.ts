import {existsSync, readdirSync} from 'node:fs';
import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {runProgram} from '../sandbox.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';
import {canMakeUsers, makeSystemAccount} from '../system-account.ts';

const structures = ['incremental', 'archived', 'compressed'] as const;

type PreviewDocument = {readonly create: {count: number}; readonly overwrite: {count: number}; readonly keep: {count: number}; readonly steps: ReadonlyArray<{path: string; action: string}>};

const setUp = async (t: ExecutionContext, structure: (typeof structures)[number] = 'incremental'): Promise<Server & {readonly crontabs: string}> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}]);
	const crontabs = server.machine.path('crontabs');
	await mkdir(crontabs);
	await server.run('setting', 'set', 'items.crontabs', crontabs);
	await server.context.store.update('jobs', undefined, draft => {
		draft.jobs = draft.jobs.map(job => ({...job, structure}));
	});
	await server.write('alice', {'a.txt': 'first\n'});

	return {...server, crontabs};
};

const ends = async (t: ExecutionContext, server: Server, {code, line}: {readonly code: number; readonly line: readonly string[]}): Promise<void> => {
	const result = await server.run(...line);
	t.is(result.code, code, `${line.join(' ')}: ${result.stderr}`);
};

const original = '# every night\n5 4 * * * /usr/bin/true\n';

for (const structure of structures) {
	test(`${structure}: a crontab is backed up, shown, previewed, and comes back by itself`, async t => {
		const server = await setUp(t, structure);
		const crontab = `${server.crontabs}/alice`;
		await writeFile(crontab, original);
		await writeFile(`${server.crontabs}/al`, '1 1 * * * al\n');

		const made = await server.task(['backup', 'create', 'alice']);
		t.is(made.state, 'completed');
		const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
		const item = backup.items.find(({name}) => name === 'cron');
		t.deepEqual(item, {
			name: 'cron', status: 'complete', parts: [{
				name: 'cron', status: 'complete', sizeBytes: original.length, error: null,
			}], sizeBytes: original.length, fileCount: 0, error: null,
		});
		await ends(t, server, {code: 0, line: ['backup', 'verify', made.backup!, '--read-data']});

		const same = await server.json<PreviewDocument>(['restore', made.backup!, '--item', 'cron', '--dry-run']);
		t.deepEqual(same.steps.map(({path, action}) => [path, action]), [['cron', 'keep']]);

		await writeFile(crontab, 'broken\n');
		await server.write('alice', {'a.txt': 'changed\n'});
		const preview = await server.json<PreviewDocument>(['restore', made.backup!, '--item', 'cron', '--dry-run']);
		t.is(preview.overwrite.count, 1);
		t.is(await readFile(crontab, 'utf8'), 'broken\n');

		const restored = await server.task(['restore', made.backup!, '--item', 'cron', '--yes']);
		t.is(restored.state, 'completed');
		t.is(restored.items[0]!.parts[0]!.status, 'complete');
		t.is(await readFile(crontab, 'utf8'), original);
		t.is(await readFile(`${server.crontabs}/al`, 'utf8'), '1 1 * * * al\n');
		t.is(await readFile(`${server.machine.home('alice')}/a.txt`, 'utf8'), 'changed\n');

		// Everything: the home, too.
		await rm(crontab);
		const whole = await server.task(['restore', made.backup!, '--yes']);
		t.deepEqual(whole.items.map(({name, status}) => [name, status]), [['config', 'complete'], ['homedir', 'complete'], ['cron', 'complete']]);
		t.is(await readFile(crontab, 'utf8'), original);
		t.is(await readFile(`${server.machine.home('alice')}/a.txt`, 'utf8'), 'first\n');

		const target = server.machine.path('target');
		await server.task(['restore', made.backup!, '--to', target, '--yes']);
		t.is(await readFile(`${target}/.holdfast/cron/cron/crontab`, 'utf8'), original);
		t.is(await readFile(`${target}/a.txt`, 'utf8'), 'first\n');
		t.deepEqual(readdirSync(`${server.state}/staging`), []);
	});
}

test('merge keeps live lines first and adds what is missing; an item may come from another backup', async t => {
	const server = await setUp(t);
	const crontab = `${server.crontabs}/alice`;
	await writeFile(crontab, original);
	const first = await server.task(['backup', 'create', 'alice']);
	await writeFile(crontab, '9 9 * * * new\n');
	const second = await server.task(['backup', 'create', 'alice']);

	await server.task(['restore', first.backup!, '--item', 'cron', '--merge', '--yes']);
	t.is(await readFile(crontab, 'utf8'), `9 9 * * * new\n${original}`);

	await server.task(['restore', second.backup!, '--item', 'homedir', '--item-from', `cron=${first.backup!}`, '--yes']);
	t.is(await readFile(crontab, 'utf8'), original);

	const other = await server.task(['backup', 'create', 'al']);
	const refused = await server.run('restore', second.backup!, '--item-from', `cron=${other.backup!}`, '--yes');
	t.is(refused.code, 4, refused.stderr);
	await ends(t, server, {code: 5, line: ['restore', other.backup!, '--item', 'cron', '--yes']});
	await ends(t, server, {code: 5, line: ['restore', first.backup!, '--item', 'cron:other', '--yes']});
	await ends(t, server, {code: 2, line: ['restore', first.backup!, '--item', 'crons', '--yes']});
});

test('a job without homes makes backups of the rest, and what nothing needs any more is freed', async t => {
	const server = await setUp(t);
	await writeFile(`${server.crontabs}/alice`, original);
	await ends(t, server, {code: 0, line: ['job', 'set', 'nightly', '--items', 'cron']});
	const made = await server.task(['backup', 'create', 'alice']);
	const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
	t.deepEqual(backup.items.map(({name}) => name), ['cron']);
	await ends(t, server, {code: 0, line: ['cleanup']});
	await rm(`${server.crontabs}/alice`);
	await server.task(['restore', made.backup!, '--yes']);
	t.is(await readFile(`${server.crontabs}/alice`, 'utf8'), original);
});

test('accounts that are not the system\'s never reach the system\'s crontabs', async t => {
	const server = await setUp(t);
	await server.run('setting', 'set', 'items.crontabs', 'system');
	const made = await server.task(['backup', 'create', 'alice']);
	const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
	t.is(backup.items.find(({name}) => name === 'cron')?.status, 'absent');
});

(canMakeUsers && existsSync('/usr/bin/crontab') ? test : test.skip)('the crontab of a real user goes the whole way through crontab(1)', async t => {
	const server = await setUp(t);
	const name = await makeSystemAccount(t, server.machine.path('home', 'real'));
	await server.context.store.update('settings', undefined, draft => {
		draft.values = {'destination.minFreeBytes': 0};
	});
	const list = async (): Promise<string> => {
		const {stdout} = await runProgram('crontab', '-u', name, '-l');

		return stdout;
	};

	const absent = await server.task(['backup', 'create', name]);
	t.is(absent.items.find(item => item.name === 'cron')?.status, 'absent');
	await writeFile(server.machine.path('tab'), original);
	await runProgram('crontab', '-u', name, server.machine.path('tab'));
	const made = await server.task(['backup', 'create', name]);
	t.is(made.state, 'completed');
	await runProgram('crontab', '-u', name, '-r');
	const preview = await server.json<PreviewDocument>(['restore', made.backup!, '--item', 'cron', '--dry-run']);
	t.is(preview.create.count, 1);
	t.is(await list(), '');
	const restored = await server.task(['restore', made.backup!, '--item', 'cron', '--yes']);
	t.is(restored.state, 'completed');
	t.is(await list(), original);
});

test('what did not change adds nothing but a manifest', async t => {
	const server = await setUp(t);
	await writeFile(`${server.crontabs}/alice`, original);
	const storedBytes = async (): Promise<number> => {
		const made = await server.task(['backup', 'create', 'alice']);
		const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);

		return backup.storedBytes;
	};

	const first = await storedBytes();
	const second = await storedBytes();
	const {destinations} = await server.context.store.read('destinations');
	const manifests = readdirSync(`${destinations[0]!.folder}/backups`, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile());
	t.is(manifests.length, 2);
	t.true(second < 2000 && second < first, `${first} and then ${second}`);
});
