import {existsSync} from 'node:fs';
import {
	mkdir,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {setUpServer, type Server} from '../set-up.ts';

type PreviewDocument = {readonly delete: {readonly count: number}; readonly liveOnly: {readonly count: number}};

const setUp = async (t: ExecutionContext): Promise<{readonly server: Server; readonly backup: string; at(...path: readonly string[]): string}> => {
	const server = await setUpServer(t);
	await server.write('alice', {'site/a.txt': 'first\n', 'other/b.txt': 'first\n', 'cache/old': 'cached\n'});
	await server.json(['account', 'set', 'alice', '--add-exclude', 'cache', '--add-exclude', '*.log']);
	const made = await server.task(['backup', 'create', 'alice']);

	return {server, backup: made.backup!, at: (...path) => join(server.machine.home('alice'), ...path)};
};

test('--mirror deletes what is live alone, and nothing that the backup could not hold', async t => {
	const {server, backup, at} = await setUp(t);
	const outside = server.machine.path('outside');
	await mkdir(outside);
	await writeFile(join(outside, 'precious'), 'precious\n');
	await server.write('alice', {
		'site/new.txt': 'new\n', 'site/new/deep/c.txt': 'new\n', 'site/logs/today.log': 'log\n', 'site/logs/other.txt': 'new\n', 'cache/new': 'cached\n', 'top.txt': 'new\n',
	});
	await symlink(outside, at('site', 'link'));
	await rm(at('site', 'a.txt'));

	const preview = await server.json<PreviewDocument>(['restore', backup, '--item', 'homedir', '--mirror', '--dry-run']);
	t.true(existsSync(at('top.txt')));
	const restored = await server.task(['restore', backup, '--item', 'homedir', '--mirror', '--yes']);
	t.is(restored.state, 'completed');
	t.is(restored.summary!.deleted.count, preview.delete.count);
	t.is(restored.summary!.liveOnly.count, preview.liveOnly.count);
	t.deepEqual(['site/a.txt', 'other/b.txt', 'cache/old', 'cache/new', 'site/logs/today.log'].filter(path => !existsSync(at(path))), []);
	t.deepEqual(['site/new.txt', 'site/new', 'site/logs/other.txt', 'site/link', 'top.txt'].filter(path => existsSync(at(path))), []);
	t.true(existsSync(join(outside, 'precious')));

	// Doing it again finds nothing to do: the times of the folders are those of the backup, too.
	const again = await server.json<PreviewDocument & {readonly overwrite: {readonly count: number}}>(['restore', backup, '--item', 'homedir', '--mirror', '--dry-run']);
	t.is(again.overwrite.count, 0);
	t.is(again.delete.count, 0);
});

test('--mirror with --path reaches what is chosen alone, and goes with neither --merge nor --to', async t => {
	const {server, backup, at} = await setUp(t);
	await server.write('alice', {'site/new.txt': 'new\n', 'other/new.txt': 'new\n'});
	await server.task(['restore', backup, '--path', 'site', '--mirror', '--yes']);
	t.false(existsSync(at('site', 'new.txt')));
	t.true(existsSync(at('other', 'new.txt')));
	const merge = await server.run('restore', backup, '--mirror', '--merge', '--yes');
	t.is(merge.code, 2, merge.stderr);
	const elsewhere = await server.run('restore', backup, '--mirror', '--to', server.machine.path('target'), '--yes');
	t.is(elsewhere.code, 2, elsewhere.stderr);
});
