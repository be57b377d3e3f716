import {
	closeSync,
	constants,
	mkdirSync,
	mkdtempSync,
	openSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type FolderListing, listForeignFolder} from '../../../source/engine/backup/folder-listing.ts';
import {listForeignTrees, unpackListings} from '../../../source/engine/backup/listed-trees.ts';
import {walkTree} from '../../../source/engine/backup/tree-walk.ts';
import {Directory} from '../../../source/system/directory.ts';

const makeFolder = (t: ExecutionContext): string => {
	const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-listed-'));
	t.teardown(() => {
		rmSync(folder, {recursive: true});
	});

	return folder;
};

const makeFiles = (folder: string, names: readonly string[]): void => {
	mkdirSync(folder, {recursive: true});

	for (const name of names) {
		writeFileSync(path.join(folder, name), name);
	}
};

const list = (...folders: readonly string[]): ReturnType<typeof unpackListings> => {
	const fds = folders.map(folder => openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY));

	try {
		return unpackListings(listForeignTrees(Int32Array.from(fds)));
	} finally {
		for (const fd of fds) {
			closeSync(fd);
		}
	}
};

type Names = {readonly names: readonly string[]; readonly below: Readonly<Record<string, Names>>};

const namesOf = ({names, below}: FolderListing): Names => ({names, below: Object.fromEntries([...below].map(([name, {listing}]) => [name, namesOf(listing)]))});

const listNames = (...folders: readonly string[]): Names[] => list(...folders).map(listing => namesOf(listing as FolderListing));

test('folders below come with those that were asked for, links to folders are not entered', t => {
	const folder = makeFolder(t);
	makeFiles(path.join(folder, 'one', 'deep', 'deeper'), ['x']);
	makeFiles(path.join(folder, 'one', 'wide'), ['b', 'a']);
	makeFiles(path.join(folder, 'two'), []);
	symlinkSync('../two', path.join(folder, 'one', 'link'));

	t.deepEqual(listNames(path.join(folder, 'one'), path.join(folder, 'two')), [
		{
			names: ['deep', 'link', 'wide'],
			below: {
				deep: {names: ['deeper'], below: {deeper: {names: ['x'], below: {}}}},
				wide: {names: ['a', 'b'], below: {}},
			},
		},
		{names: [], below: {}},
	]);
});

test('what comes below has the facts that listing it alone gives', t => {
	const folder = makeFolder(t);
	makeFiles(path.join(folder, 'a'), ['1', '2']);
	makeFiles(path.join(folder, 'b', 'c'), ['3']);
	const [listed] = list(folder) as [FolderListing];
	const fd = openSync(path.join(folder, 'b', 'c'), constants.O_RDONLY);
	const alone = listForeignFolder(fd);
	closeSync(fd);

	t.deepEqual(listed.below.get('b')!.listing.below.get('c')!.listing.facts, alone.facts);
});

test('a reply ends when it holds enough; whatever was asked for is in it', t => {
	const folder = makeFolder(t);
	const names = Array.from({length: 1500}, (_, index) => `file${index}`);

	for (const name of ['a', 'b', 'c', 'd']) {
		makeFiles(path.join(folder, 'first', name), names);
	}

	makeFiles(path.join(folder, 'second', 'below'), ['x']);
	const [first, second] = list(path.join(folder, 'first'), path.join(folder, 'second')) as [FolderListing, FolderListing];

	t.deepEqual(first.below.keys().toArray(), ['a']);
	t.deepEqual(namesOf(second), {names: ['below'], below: {}});
});

test('a large folder below is left for its turn', t => {
	const folder = makeFolder(t);
	makeFiles(path.join(folder, 'large'), Array.from({length: 7000}, (_, index) => `${index}${'x'.repeat(100)}`));
	makeFiles(path.join(folder, 'small'), ['x']);
	const [listed] = list(folder) as [FolderListing];

	t.deepEqual(listed.below.keys().toArray(), ['small']);
});

test('a folder that cannot be listed is named in its place', t => {
	const folder = makeFolder(t);
	makeFiles(path.join(folder, 'fine'), ['x']);
	writeFileSync(path.join(folder, 'file'), '');
	const fine = openSync(path.join(folder, 'fine'), constants.O_RDONLY);
	const file = openSync(path.join(folder, 'file'), constants.O_RDONLY);
	const [failure, listing] = unpackListings(listForeignTrees(Int32Array.of(file, fine)));
	closeSync(fine);
	closeSync(file);

	t.like(failure, {code: 'ENOTDIR'});
	t.deepEqual(namesOf(listing as FolderListing), {names: ['x'], below: {}});
});

test('another folder under the name of one that was listed with its parent is listed itself', async t => {
	const folder = makeFolder(t);
	makeFiles(path.join(folder, 'home', 'kept', 'inner'), ['kept']);
	makeFiles(path.join(folder, 'home', 'swapped', 'inner'), ['before']);
	makeFiles(path.join(folder, 'other', 'inner'), ['after']);
	const visited: Array<readonly [string, readonly string[]]> = [];

	await walkTree(Directory.open(path.join(folder, 'home')), {
		lister: {
			isAhead: false,
			listNow: ({directory}) => unpackListings(listForeignTrees(Int32Array.of(directory.fd)))[0] as FolderListing,
			async listAhead() {
				throw new Error('Nothing is asked for ahead.');
			},
			flush: () => undefined,
		},
		async visit({path: visitedPath, listing}) {
			visited.push([visitedPath, listing.names]);

			if (visitedPath === '') {
				renameSync(path.join(folder, 'home', 'swapped'), path.join(folder, 'elsewhere'));
				renameSync(path.join(folder, 'other'), path.join(folder, 'home', 'swapped'));
			}

			return listing.names.filter(name => listing.below.has(name));
		},
		onUnreadable(_path, error) {
			throw error;
		},
	});

	t.deepEqual(visited, [
		['', ['kept', 'swapped']],
		['kept', ['inner']],
		['kept/inner', ['kept']],
		['swapped', ['inner']],
		['swapped/inner', ['after']],
	]);
});
