import {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import {
	linkSync,
	mkdirSync,
	readdirSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {UserError} from '../../../source/errors.ts';
import {deepName, makeMetadataTree, readDeep} from '../../hostile/metadata-tree.ts';
import {createFixture, differences} from '../fixture.ts';

const structures = ['archived', 'compressed'] as const;

for (const structure of structures) {
	test.serial(`${structure}: a restore brings back names, times, owners, links, holes and attributes, also deeper than a path can be`, async t => {
		const {home, folder, engine, backup, restoreRequest} = await createFixture(t);
		makeMetadataTree(home);
		const {id, status, findings} = await backup({structure, uid: 0});
		t.is(status, 'complete', JSON.stringify(findings));

		const target = path.join(folder, 'target');
		const preview = await engine.planRestore(restoreRequest(id, target));
		const result = await engine.restoreTree(restoreRequest(id, target));
		t.is(result.status, 'complete', JSON.stringify(result.findings));
		t.is(preview.create.count, result.summary.created.count + result.summary.overwritten.count);
		t.is(readDeep(target), readDeep(home));

		for (const root of [home, target]) {
			execFileSync('rm', ['-rf', path.join(root, deepName)]);
			execFileSync('touch', ['-d', '2001-02-03 04:05:06.5 UTC', root]);
		}

		t.is(differences(home, target), '');
		t.true(statSync(path.join(target, 'sparse')).blocks * 512 < 2_000_000);
	});

	test.serial(`${structure}: what is counted is what an incremental backup counts`, async t => {
		const {home, backup} = await createFixture(t);
		makeMetadataTree(home);
		const incremental = await backup({uid: 0});
		const archived = await backup({structure, uid: 0});
		t.is(archived.fileCount, incremental.fileCount);
		t.is(archived.sizeBytes, incremental.sizeBytes);
		t.deepEqual(archived.findings, incremental.findings);
	});

	test.serial(`${structure}: large files, holes at either end, many links and empty folders come back`, async t => {
		const {home, folder, engine, backup, restoreRequest} = await createFixture(t);
		makeAwkwardTree(home);
		const {id, status} = await backup({structure});
		t.is(status, 'complete');
		const target = path.join(folder, 'target');
		const result = await engine.restoreTree(restoreRequest(id, target));
		t.deepEqual(result.findings, []);
		t.is(differences(home, target), '');
	});

	test.serial(`${structure}: what is equal is kept, what differs is replaced, what is live only stays; merge creates alone`, async t => {
		const {home, folder, engine, backup, restoreRequest} = await createFixture(t);
		mkdirSync(path.join(home, 'sub'));

		for (const name of ['same', 'differs', 'sub/missing', 'touched']) {
			writeFileSync(path.join(home, name), `content of ${name}`);
		}

		const {id} = await backup({structure});
		execFileSync('cp', ['-a', home, path.join(folder, 'copy')]);
		const {mtime} = statSync(path.join(home, 'differs'));
		writeFileSync(path.join(home, 'differs'), 'CONTENT of differs');
		// As a hacked site does: size and time tell nothing.
		execFileSync('touch', ['-d', mtime.toISOString(), path.join(home, 'differs')]);
		rmSync(path.join(home, 'sub', 'missing'));
		writeFileSync(path.join(home, 'sub', 'live-only'), 'stays');
		execFileSync('touch', [path.join(home, 'touched')]);

		const merge = await engine.planRestore({...restoreRequest(id, home), isMerge: true});
		t.is(merge.create.count, 1);
		t.is(merge.overwrite.count, 0);

		const preview = await engine.planRestore(restoreRequest(id, home));
		t.deepEqual(preview.steps.filter(({path: step, action}) => !['', 'sub'].includes(step) && action !== 'keep').map(step => `${step.action} ${step.path}`).toSorted(), [
			'create sub/missing', 'liveOnly sub/live-only', 'overwrite differs', 'overwrite touched',
		]);
		t.is(preview.liveOnly.count, 1);
		t.true(preview.keep.count >= 1);

		const result = await engine.restoreTree(restoreRequest(id, home));
		t.is(result.status, 'complete');
		t.is(differences(path.join(folder, 'copy'), home), '*deleting   sub/live-only\n');
	});

	test.serial(`${structure}: files cannot be chosen inside`, async t => {
		const {home, folder, engine, backup, restoreRequest} = await createFixture(t);
		writeFileSync(path.join(home, 'file'), 'x');
		const {id} = await backup({structure});
		const target = path.join(folder, 'target');

		for (const selection of [{rules: [{path: 'file', isIncluded: true}], excludes: []}, {rules: [{path: '', isIncluded: true}], excludes: ['*.tmp']}]) {
			const error = await t.throwsAsync(engine.restoreTree(restoreRequest(id, target, selection)), {instanceOf: UserError});
			t.is(error.code, 'refused');
			t.regex(error.message, /cannot be chosen/v);
		}

		t.false(readdirSync(folder).includes('target'));
	});
}

const makeAwkwardTree = (home: string): void => {
	const at = (...names: string[]) => path.join(home, ...names);
	mkdirSync(at('b', 'empty', 'emptier'), {recursive: true});
	mkdirSync(at('a-b'));
	mkdirSync(at('a', 'z'), {recursive: true});
	writeFileSync(at('a', 'large'), Buffer.alloc(9_000_001, 'The quick brown fox. '));
	execFileSync('sh', ['-c', 'head -c 5000000 /dev/urandom > "$1"', 'sh', at('a', 'packed')]);
	writeFileSync(at('z-exact'), Buffer.alloc(1 << 20, 'x'));
	writeFileSync(at('hole-at-end'), 'begin');
	truncateSync(at('hole-at-end'), 6_000_001);
	writeFileSync(at('all-hole'), '');
	truncateSync(at('all-hole'), 3_000_000);
	execFileSync('sh', ['-c', 'printf end | dd of="$1" bs=1 seek=70000 status=none', 'sh', at('hole-at-start')]);

	for (let index = 0; index < 300; index++) {
		writeFileSync(at('b', `file ${index}`), `content ${index}`);
		linkSync(at('b', `file ${index}`), at('a-b', `link ${index}`));
		linkSync(at('b', `file ${index}`), at('b', `file ${index} again`));
	}

	linkSync(at('a', 'large'), at('b', 'large link'));
};
