/** The metadata tree before and after, in the words of other programs. */
import {execFileSync, spawnSync} from 'node:child_process';
import path from 'node:path';
import test from 'ava';
import {deepName, makeMetadataTree} from '../hostile/metadata-tree.ts';
import {createFixture, isRoot} from './fixture.ts';

const judges = [
	{program: 'bsdtar', command: String.raw`LC_ALL=C.UTF-8 bsdtar -cf - --format=mtree --options='!all,type,mode,uid,gid,link,time,size,device,nlink,sha256' . | grep -v '^#' | sed 's/^\. .*time=[0-9.]*/./' | sort`},
	{program: 'getfacl', command: 'getfacl -R -P -n --absolute-names . | sort'},
	{program: 'getfattr', command: 'getfattr -R -P -h -d -m - -e hex . 2>&1 | sort'},
] as const;

for (const {program, command} of judges) {
	const isInstalled = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

	(isInstalled && isRoot ? test : test.skip)(`${program} sees no difference between a tree and what was restored of it`, async t => {
		const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
		const target = path.join(folder, 'target');
		makeMetadataTree(home);
		// Beyond what paths can name: the test of the round trip goes there by descriptors.
		execFileSync('rm', ['-rf', path.join(home, deepName)]);
		const {id} = await backup({uid: 0});
		await engine.restoreTree(restoreRequest(id, target));

		const judge = (root: string) => execFileSync('sh', ['-c', command], {cwd: root, encoding: 'latin1', maxBuffer: 1 << 28}).split('\n');
		const before = judge(home);
		t.true(before.length > 10, before.join('\n'));
		t.deepEqual(judge(target), before);
	});
}
