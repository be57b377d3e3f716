import {existsSync} from 'node:fs';
import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startRestore} from '../../source/actions/restores.ts';
import {everything} from '../../source/domain/restore.ts';
import {runProgram} from '../sandbox.ts';
import {setUpServer, type Server} from '../set-up.ts';
import {
	begin,
	fillLarge,
	kill,
	largeServer,
} from '../watching.ts';

type Preview = {readonly delete: {readonly count: number}; readonly changedSince: {readonly paths: readonly string[]}; readonly cannotUndo: readonly string[]};
type SetUp = {readonly server: Server; readonly backup: string; readonly crontab: string; at(...path: readonly string[]): string; look(): Promise<string>};

/** All that is in the home, with its metadata, for comparing. */
const lookAt = async (folder: string): Promise<string> => {
	const {stdout} = await runProgram('bsdtar', '--format=mtree', '--options=!all,type,mode,uid,gid,size,time,sha256,link', '-cf', '-', '-C', folder, '.');

	return stdout.split('\n').toSorted().join('\n');
};

const setUp = async (t: ExecutionContext): Promise<SetUp> => {
	const server = await setUpServer(t);
	const crontabs = server.machine.path('crontabs');
	await mkdir(crontabs);
	await server.run('setting', 'set', 'items.crontabs', crontabs);
	await server.write('alice', {'site/a.txt': 'first\n', 'gone/deep/b.txt': 'first\n', 'same.txt': 'same\n'});
	await writeFile(join(crontabs, 'alice'), '1 1 * * * first\n');
	const made = await server.task(['backup', 'create', 'alice']);
	await server.write('alice', {'site/a.txt': 'today\n', 'site/mine.txt': 'mine\n', 'new/c.txt': 'today\n'});
	await rm(join(server.machine.home('alice'), 'gone'), {recursive: true});
	await rm(join(crontabs, 'alice'));

	return {
		server, backup: made.backup!, crontab: join(crontabs, 'alice'), at: (...path) => join(server.machine.home('alice'), ...path), look: async () => lookAt(server.machine.home('alice')),
	};
};

for (const manner of [[], ['--merge'], ['--mirror'], ['--terminate', '--confirm', 'alice', '--suspend']]) {
	test(`a restore ${manner.join(' ')} is undone, and the rollback too`, async t => {
		const {server, backup, crontab, look} = await setUp(t);
		const before = await look();
		const shadow = await readFile(server.machine.path('shadow'), 'utf8');
		const restored = await server.task(['restore', backup, ...manner, '--yes']);
		const after = await look();
		t.not(after, before);
		t.true(existsSync(crontab));

		const preview = await server.json<Preview>(['rollback', restored.id, '--dry-run']);
		t.is(await look(), after);
		t.deepEqual(preview.cannotUndo, []);
		const undone = await server.task(['rollback', restored.id, '--yes']);
		t.is(undone.state, 'completed');
		t.is(undone.kind, 'rollback');
		t.is(undone.summary!.deleted.count, preview.delete.count);
		t.is(await look(), before);
		t.false(existsSync(crontab));
		t.is(await readFile(server.machine.path('shadow'), 'utf8'), shadow);

		const again = await server.task(['rollback', undone.id, '--yes']);
		t.is(again.state, 'completed');
		t.is(await look(), after);
		t.is(await readFile(crontab, 'utf8'), '1 1 * * * first\n');
	});
}

test('what was chosen alone is undone; what was changed since is told, and what came since stays', async t => {
	const {server, backup, at} = await setUp(t);
	const restored = await server.task(['restore', backup, '--path', 'gone/deep', '--path', 'site/a.txt', '--yes']);
	await server.write('alice', {'gone/deep/b.txt': 'worked on\n', 'gone/later.txt': 'later\n', 'same.txt': 'later\n'});
	const preview = await server.json<Preview>(['rollback', restored.id, '--dry-run']);
	t.deepEqual(preview.changedSince.paths.filter(path => path.endsWith('.txt')), ['gone/deep/b.txt']);
	await server.task(['rollback', restored.id, '--yes']);
	t.false(existsSync(at('gone', 'deep')));
	t.is(await readFile(at('gone', 'later.txt'), 'utf8'), 'later\n');
	t.is(await readFile(at('same.txt'), 'utf8'), 'later\n');
	t.is(await readFile(at('site', 'a.txt'), 'utf8'), 'today\n');
});

test('what cannot be undone is refused with the reason', async t => {
	const {server, backup} = await setUp(t);
	const refused = async (id: string, code: number): Promise<void> => {
		const result = await server.run('rollback', id, '--yes');
		t.is(result.code, code, result.stderr);
	};

	const without = await server.task(['restore', backup, '--no-safety-backup', '--yes']);
	await refused(without.id, 4);
	const elsewhere = await server.task(['restore', backup, '--to', server.machine.path('target'), '--yes']);
	await refused(elsewhere.id, 4);
	const made = await server.task(['backup', 'create', 'alice']);
	await refused(made.id, 4);
	await refused('zzzzzzzz', 5);
});

test.serial('a restore whose runner was killed is undone, also after it was run again', async t => {
	const server = await largeServer(t);
	await fillLarge(server);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	await rm(join(server.machine.home('alice'), 'large'), {recursive: true});
	await server.write('alice', {'small.txt': 'today\n'});
	const before = await lookAt(server.machine.home('alice'));
	const request = {
		backup: backup!, selection: everything, target: {type: 'original'}, isMerge: false,
	} as const;

	const {task} = await begin(server, async () => startRestore(server.context, request), 'atWork');
	await kill(server, 'SIGKILL');
	const undone = await server.task(['rollback', task.id, '--yes']);
	t.is(undone.state, 'completed');
	t.is(await lookAt(server.machine.home('alice')), before);

	const {task: second} = await begin(server, async () => startRestore(server.context, request), 'atWork');
	await kill(server, 'SIGKILL');
	t.like(await server.task(['queue', 'retry', second.id]), {state: 'completed'});
	await server.task(['rollback', second.id, '--yes']);
	t.is(await lookAt(server.machine.home('alice')), before);
});
