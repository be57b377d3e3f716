import {existsSync, readdirSync} from 'node:fs';
import {
	mkdir,
	open,
	rm,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {runProgram} from '../sandbox.ts';
import {
	setUpServer,
	type BackupDocument,
	type MatchDocument,
	type Server,
} from '../set-up.ts';

const structures = ['archived', 'compressed'] as const;

const differences = async (from: string, to: string): Promise<string> => {
	const {stdout} = await runProgram('rsync', '-aHAXnc', '-@-1', '--itemize-changes', '--delete', `${from}/`, `${to}/`);

	return stdout;
};

const setStructure = async ({context}: Server, structure: (typeof structures)[number]): Promise<void> => {
	await context.store.update('jobs', undefined, draft => {
		draft.jobs = draft.jobs.map(job => ({...job, structure}));
	});
};

const archivesOf = async ({context}: Server): Promise<string[]> => {
	const {destinations} = await context.store.read('destinations');
	const folder = join(destinations[0]!.folder, 'archives');

	return existsSync(folder) ? readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.name.startsWith('homedir.')).map(entry => join(entry.parentPath, entry.name)) : [];
};

for (const structure of structures) {
	test(`${structure}: a home is backed up into a plain archive and comes back as it was`, async t => {
		const server = await setUpServer(t);
		const home = server.machine.home('alice');
		const copy = server.machine.path('copy');
		await setStructure(server, structure);
		await server.write('alice', {'site/index.php': '<?php // one\n', 'site/deep/er.txt': 'x', 'caf\u{E9}.txt': 'coffee\n'});
		await mkdir(join(home, 'empty'));
		await runProgram('cp', '-a', home, copy);

		const made = await server.task(['backup', 'create', 'alice']);
		t.is(made.state, 'completed');
		const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
		t.is(backup.structure, structure);
		t.is(backup.fileCount, 3);
		const [archive] = await archivesOf(server);
		t.true(archive!.endsWith(`/${made.backup!}/homedir.tar${structure === 'compressed' ? '.gz' : ''}`));
		const shown = await server.run('backup', 'show', made.backup!);
		t.true(shown.stdout.includes(archive!));

		// Files cannot be chosen, and each command says what to do instead.
		for (const line of [['backup', 'files', made.backup!], ['backup', 'cat', made.backup!, 'caf\u{E9}.txt'], ['restore', made.backup!, '--path', 'site', '--yes'], ['restore', made.backup!, '--exclude', '*.txt', '--yes']]) {
			const refused = await server.run(...line);
			t.is(refused.code, 4, line.join(' '));
			t.true(refused.stderr.includes('--to DIR'), refused.stderr);
		}

		const found = await server.run('backup', 'find', 'index');
		t.is(found.code, 0);
		t.true(found.stderr.includes('1 archived backup could not be searched'), found.stderr);
		t.deepEqual(await server.json<{matches: MatchDocument[]}>(['backup', 'find', 'index']), {matches: []});

		await writeFile(join(home, 'site', 'index.php'), '<?php // two\n');
		await rm(join(home, 'caf\u{E9}.txt'));
		const preview = await server.json<{create: {count: number}; overwrite: {count: number}}>(['restore', made.backup!, '--dry-run']);
		t.is(preview.create.count, 1);
		t.true(preview.overwrite.count >= 1);
		const restored = await server.task(['restore', made.backup!, '--yes']);
		t.is(restored.state, 'completed');
		t.is(await differences(copy, home), '');

		const target = server.machine.path('target');
		await server.task(['restore', made.backup!, '--item', 'homedir', '--to', target, '--yes']);
		t.is(await differences(copy, target), '');
	});
}

test('a damaged archive is named, ends with 7, and nothing live was touched', async t => {
	const server = await setUpServer(t);
	const home = server.machine.home('alice');
	await setStructure(server, 'archived');
	await server.write('alice', {'a.txt': 'first\n', 'b.txt': 'second\n'});
	const made = await server.task(['backup', 'create', 'alice']);
	const [archive] = await archivesOf(server);
	const file = await open(archive!, 'r+');
	await file.write('X', 1600);
	await file.close();
	await rm(join(home, 'a.txt'));

	const restored = await server.run('restore', made.backup!, '--yes');
	t.is(restored.code, 7);
	t.true(restored.stdout.includes('homedir.tar'), restored.stdout);
	t.false(existsSync(join(home, 'a.txt')));
});

test('a deleted backup takes its archive along', async t => {
	const server = await setUpServer(t);
	await setStructure(server, 'compressed');
	await server.write('alice', {'a.txt': 'first\n'});
	const first = await server.task(['backup', 'create', 'alice']);
	await server.task(['backup', 'create', 'alice']);
	const all = await archivesOf(server);
	t.is(all.length, 2);
	const deleted = await server.run('backup', 'delete', first.backup!, '--yes');
	t.is(deleted.code, 0, deleted.stderr);
	t.regex(deleted.stdout, /Its archives went with it\./v);
	const left = await archivesOf(server);
	t.is(left.length, 1);
	t.false(left[0]!.includes(first.backup!));
});
