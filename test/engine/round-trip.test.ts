import {execFileSync} from 'node:child_process';
import {
	mkdirSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {deepName, makeMetadataTree, readDeep} from '../hostile/metadata-tree.ts';
import {createFixture, differences} from './fixture.ts';

test('a restored tree equals the backed-up one in everything rsync can see, and deeper than it can', async t => {
	const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
	const target = path.join(folder, 'target');
	makeMetadataTree(home);

	const made = await backup({uid: 0});
	t.is(made.status, 'complete', JSON.stringify(made.findings));

	const restored = await engine.restoreTree(restoreRequest(made.id, target));
	t.deepEqual(restored.findings, []);
	t.is(restored.status, 'complete');

	t.is(readDeep(target), readDeep(home));

	for (const root of [home, target]) {
		execFileSync('rm', ['-rf', path.join(root, deepName)]);
		execFileSync('touch', ['-d', '2001-02-03 04:05:06.5 UTC', root]);
	}

	t.is(differences(home, target), '');
	t.true(statSync(path.join(target, 'sparse')).blocks * 512 < 2_000_000);
});

test('an unchanged tree adds a manifest and nothing else, and a changed file adds that file', async t => {
	const {home, backup} = await createFixture(t);

	for (let index = 0; index < 3000; index++) {
		writeFileSync(path.join(home, `file-${index}`), `content ${index}`);
	}

	// What changes while a scan may still be running is read again: step out of its margin.
	execFileSync('sh', ['-c', 'sleep 0.05']);
	const first = await backup();
	const second = await backup();
	t.is(first.fileCount, 3000);
	t.is(second.fileCount, 3000);
	t.true(second.storedBytes < 1500, `${second.storedBytes}`);

	writeFileSync(path.join(home, 'file-7'), 'changed');
	const third = await backup();
	t.true(third.storedBytes < first.storedBytes / 2, `${third.storedBytes} of ${first.storedBytes}`);
});

test('what a page of the catalog says may be longer than a block: the pieces of gigabytes, or a thousand long paths', async t => {
	const {home, folder, backup, engine, restoreRequest, vault} = await createFixture(t);
	const deep = path.join(home, ...Array.from({length: 13}, (_, level) => `${level}-`.padEnd(250, 'n')));
	mkdirSync(deep, {recursive: true});

	for (let index = 0; index < 560; index++) {
		mkdirSync(path.join(deep, String(index)));
		writeFileSync(path.join(deep, String(index), 'f'), String(index));
	}

	const made = await backup();
	t.is(made.status, 'complete', JSON.stringify(made.findings));
	const target = path.join(folder, 'target');
	const restored = await engine.restoreTree(restoreRequest(made.id, target));
	t.like(restored, {status: 'complete', findings: [], summary: {failed: {count: 0}}});
	t.is(differences(home, target), '');
	t.like(await engine.verify({
		vault, backups: [{accountUuid: 'account-1', backupId: made.id}], isDataRead: true, threads: 1,
	}), {damaged: []});
});

test('equal content of two accounts is stored once', async t => {
	const {home, folder, backup} = await createFixture(t);
	const other = path.join(folder, 'other');
	mkdirSync(other);
	execFileSync('sh', ['-c', 'head -c 5000000 /dev/urandom > "$1/upload"; cp "$1/upload" "$2/copy"', 'sh', home, other]);

	const first = await backup();
	const second = await backup({root: other, accountUuid: 'account-2', previousBackupId: null});
	t.true(first.storedBytes > 5_000_000);
	t.true(second.storedBytes < 10_000, `${second.storedBytes}`);
});

test('an insertion at the start of a large file stores little', async t => {
	const {home, backup} = await createFixture(t);
	execFileSync('sh', ['-c', 'head -c 20000000 /dev/urandom > "$1/dump"', 'sh', home]);
	await backup();
	execFileSync('sh', ['-c', String.raw`printf "one line more\n" | cat - "$1/dump" > "$1/new" && mv "$1/new" "$1/dump"`, 'sh', home]);

	const second = await backup();
	t.true(second.storedBytes < 600_000, `${second.storedBytes}`);
});

test('excluded files are not in the backup, and what is chosen comes back alone', async t => {
	const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
	const target = path.join(folder, 'target');

	for (const name of ['keep/a', 'keep/b', 'cache/c', 'logs/x.log', 'keep/y.log']) {
		mkdirSync(path.dirname(path.join(home, name)), {recursive: true});
		writeFileSync(path.join(home, name), name);
	}

	const made = await backup({excludes: ['cache', '*.log']});
	t.is(made.fileCount, 2);

	const chosen = {rules: [{path: 'keep', isIncluded: true}, {path: 'keep/b', isIncluded: false}], excludes: []};
	const result = await engine.restoreTree(restoreRequest(made.id, target, chosen));
	t.is(result.summary.created.count, 2);
	t.is(execFileSync('find', ['-type', 'f'], {cwd: target, encoding: 'utf8'}), './keep/a\n');
	rmSync(target, {recursive: true});
});
