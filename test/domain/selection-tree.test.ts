import test from 'ava';
import {
	countTicked,
	isTicked,
	nothingTicked,
	parentOf,
	setTicked,
	settleFolders,
	tickStateOf,
	toggleTicked,
	toSelection,
	type SelectionTree,
} from '../../source/domain/selection-tree.ts';

/** A folder maps to its children; what has no entry is a file. */
const children: Readonly<Record<string, readonly string[]>> = {
	'': ['a', 'b', 'b.txt'],
	a: ['a/1', 'a/2', 'a/deep'],
	'a/deep': ['a/deep/x', 'a/deep/y'],
	b: ['b/1', 'b/2'],
};
const paths = ['', ...Object.values(children).flat()];
const files = paths.filter(path => children[path] === undefined);
const childrenOf = (folder: string) => children[folder];

/** What the restore makes of a selection: the longest covering rule decides. */
const isCovered = (tree: SelectionTree, path: string): boolean => {
	const rules = toSelection(tree).rules.filter(rule => rule.path === '' || path === rule.path || path.startsWith(`${rule.path}/`));
	const [longest] = rules.toSorted((one, other) => other.path.length - one.path.length);

	return longest?.isIncluded ?? false;
};

const covered = (tree: SelectionTree) => files.filter(path => isCovered(tree, path));

/** The same sequence at every run. */
const randomNumbers = (seed: number) => () => {
	seed = ((seed * 1_103_515_245) + 12_345) % 2_147_483_648;

	return seed / 2_147_483_648;
};

const press = (tree: SelectionTree, path: string) => settleFolders(toggleTicked(tree, path), parentOf(path), {childrenOf, isLimited: false});

const randomTree = (random: () => number): SelectionTree => {
	let tree = nothingTicked;

	for (let step = 0; step <= 8 * random(); step++) {
		tree = press(tree, paths[Math.floor(random() * paths.length)]!);
	}

	return tree;
};

test('property: toggling a ticked or an unticked thing twice is nothing', t => {
	const random = randomNumbers(1);

	for (let run = 0; run < 500; run++) {
		const tree = randomTree(random);

		const plain = paths.filter(path => tickStateOf(tree, path) !== 'some');

		for (const path of plain) {
			const again = press(press(tree, path), path);
			t.deepEqual(covered(again), covered(tree), `${path} in ${JSON.stringify([...tree])}`);
		}
	}
});

test('property: the produced selection covers exactly what shows a tick', t => {
	const random = randomNumbers(2);

	for (let run = 0; run < 500; run++) {
		const tree = randomTree(random);
		t.deepEqual(covered(tree), files.filter(path => tickStateOf(tree, path) === 'all'));
	}
});

test('property: a folder shows all, some or none as its children do', t => {
	const random = randomNumbers(3);

	for (let run = 0; run < 500; run++) {
		const tree = randomTree(random);

		for (const [folder, names] of Object.entries(children)) {
			const states = new Set(names.map(child => tickStateOf(tree, child)));
			const [first] = states;
			t.is(tickStateOf(tree, folder), states.size === 1 ? first! : 'some', `${folder} in ${JSON.stringify([...tree])}`);
		}
	}
});

test('property: rules alternate, so none is superfluous', t => {
	const random = randomNumbers(4);

	for (let run = 0; run < 500; run++) {
		const tree = randomTree(random);

		for (const [path, isIncluded] of tree) {
			t.not(path === '' ? false : isTicked(tree, parentOf(path)), isIncluded);
		}
	}
});

test('a sibling whose name starts the same is not covered', t => {
	const tree = toggleTicked(nothingTicked, 'b');

	t.is(tickStateOf(tree, 'b/1'), 'all');
	t.is(tickStateOf(tree, 'b.txt'), 'none');
});

test('many at once: a folder and things in it, in any order', t => {
	t.deepEqual([...setTicked(nothingTicked, ['a/deep/x', 'a', 'a/1'], true)], [['a', true]]);
});

test('counting: every rule adds or takes away its subtree', t => {
	const totals = {a: {files: 4, folders: 2, bytes: 40}, 'a/deep': {files: 2, folders: 1, bytes: 20}, 'a/deep/x': {files: 1, folders: 0, bytes: 15}};
	const totalOf = (path: string) => totals[path as keyof typeof totals];
	const tree = toggleTicked(toggleTicked(toggleTicked(nothingTicked, 'a'), 'a/deep'), 'a/deep/x');

	t.deepEqual(countTicked(tree, totalOf), {files: 3, folders: 1, bytes: 35});
	t.is(countTicked(toggleTicked(tree, 'b'), totalOf), undefined);
	t.deepEqual(countTicked(nothingTicked, totalOf), {files: 0, folders: 0, bytes: 0});
});
