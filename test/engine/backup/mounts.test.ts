/** What is mounted at and below a home. */
import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {mountSmall} from '../../small-disk.ts';
import {createFixture, isRoot} from '../fixture.ts';

(isRoot ? test : test.skip)('a home on an overlay, whose files are on other devices than its folders, is read; a file that is mounted in it is named and left out', async t => {
	const {folder, home, engine, backup, restoreRequest} = await createFixture(t);
	const [lower, disk, outside, target] = ['lower', 'disk', 'outside', 'target'].map(name => path.join(folder, name)) as [string, string, string, string];
	mkdirSync(lower);
	writeFileSync(path.join(lower, 'low'), 'of the lower layer');
	writeFileSync(path.join(lower, 'door'), 'behind');
	writeFileSync(outside, 'outside');
	mountSmall(t, disk, '1m');
	mkdirSync(path.join(disk, 'upper'));
	mkdirSync(path.join(disk, 'work'));
	const mount = (point: string, ...line: readonly string[]): void => {
		execFileSync('mount', [...line, point]);
		t.teardown(() => {
			execFileSync('umount', [point]);
		});
	};

	mount(home, '-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${disk}/upper,workdir=${disk}/work`);
	writeFileSync(path.join(home, 'high'), 'of the upper layer');
	mount(path.join(home, 'door'), '--bind', outside);
	const first = await backup();
	t.deepEqual(first.findings.map(({level, path: name, message}) => [level, name, message]), [['note', 'door', 'another file system is mounted here; it is not part of the backup']]);
	const second = await backup();
	t.is(second.fileCount, 2);
	await engine.restoreTree(restoreRequest(second.id, target));
	t.deepEqual(['low', 'high'].map(name => readFileSync(path.join(target, name), 'utf8')), ['of the lower layer', 'of the upper layer']);
});
