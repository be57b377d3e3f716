import {link, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {compilePruning} from '../../source/domain/glob.ts';
import {fromText} from '../../source/domain/raw-name.ts';
import {measureTree} from '../../source/system/measure-tree.ts';
import {temporaryFolder} from '../sandbox.ts';

test('what is left out, as a backup leaves it out', async t => {
	const home = await temporaryFolder(t);

	for (const folder of ['cache/deep', 'site', 'mail/info/cur']) {
		await mkdir(join(home, folder), {recursive: true});
	}

	await writeFile(join(home, 'cache/deep/a.log'), 'x'.repeat(100));
	await writeFile(join(home, 'cache/linked'), 'x'.repeat(1000));
	await link(join(home, 'cache/linked'), join(home, 'site/kept'));
	await writeFile(join(home, 'cache/twice'), 'x'.repeat(10_000));
	await link(join(home, 'cache/twice'), join(home, 'cache/deep/again'));
	await writeFile(join(home, 'mail/info/cur/1'), 'x'.repeat(7));
	await writeFile(join(home, 'mail/note.log'), 'x'.repeat(70));

	const size = await measureTree(fromText(home), {exclusions: ['cache', '*.log', 'mail'].map(pattern => compilePruning([pattern])), held: new Set([fromText('mail/info')])});

	t.deepEqual(size, {
		files: 7,
		bytes: 11_177,
		entries: 13,
		// Not the content of the link that is kept, and nothing of the mailbox.
		excluded: {files: 5, bytes: 10_170},
		byExclusion: [{files: 4, bytes: 10_100}, {files: 2, bytes: 170}, {files: 1, bytes: 70}],
		unreadable: 0,
	});
});
