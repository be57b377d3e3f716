import test from 'ava';
import {everything, type Selection} from '../../source/domain/restore.ts';
import {createSelector, type Selector} from '../../source/domain/selection.ts';
import {Random} from '../benchmarks/random.ts';

const include = (path: string) => ({path, isIncluded: true});
const except = (path: string) => ({path, isIncluded: false});

type Case = {
	readonly title: string;
	readonly selection: Selection;
	readonly selected: readonly string[];
	readonly others: readonly string[];
	readonly roots: readonly string[];
};

const cases: readonly Case[] = [
	{
		title: 'everything',
		selection: everything,
		selected: ['', 'a', 'a/b'],
		others: [],
		roots: [''],
	},
	{
		title: 'nothing',
		selection: {rules: [], excludes: []},
		selected: [],
		others: ['', 'a'],
		roots: [],
	},
	{
		title: 'one folder, by whole components',
		selection: {rules: [include('www')], excludes: []},
		selected: ['www', 'www/a/b'],
		others: ['', 'www2', 'x/www', 'ww'],
		roots: ['www'],
	},
	{
		title: 'a folder without one file',
		selection: {rules: [include('www'), except('www/b')], excludes: []},
		selected: ['www', 'www/a', 'www/bb'],
		others: ['www/b', 'www/b/c'],
		roots: ['www'],
	},
	{
		title: 'a file within an exception',
		selection: {rules: [include(''), except('mail'), include('mail/keep')], excludes: []},
		selected: ['', 'a', 'mail/keep', 'mail/keep/x'],
		others: ['mail', 'mail/b'],
		roots: ['', 'mail/keep'],
	},
	{
		title: 'roots in byte order',
		selection: {rules: [include('b'), include('a/z'), include('a-')], excludes: []},
		selected: ['b', 'a/z', 'a-'],
		others: ['a'],
		roots: ['a-', 'a/z', 'b'],
	},
	{
		title: 'a root within another is none',
		selection: {rules: [include('a'), include('a/b')], excludes: []},
		selected: ['a', 'a/b'],
		others: ['b'],
		roots: ['a'],
	},
	{
		title: 'globs leave out, with all below',
		selection: {rules: [include('')], excludes: ['*.log', 'cache']},
		selected: ['', 'a', 'x.log2'],
		others: ['x.log', 'a/x.log', 'cache', 'cache/a', 'b/cache/c'],
		roots: [''],
	},
	{
		title: 'a glob wins over a rule',
		selection: {rules: [include('cache/keep')], excludes: ['cache']},
		selected: [],
		others: ['cache/keep', 'cache'],
		roots: ['cache/keep'],
	},
];

for (const {title, selection, selected, others, roots} of cases) {
	test(`selection: ${title}`, t => {
		const selector = createSelector(selection);

		t.deepEqual([...selected, ...others].filter(path => selector.isSelected(path)), selected);
		t.deepEqual(selector.roots, roots);
	});
}

test('a folder is whole unless something below it is an exception', t => {
	const {isWhole} = createSelector({rules: [include(''), except('a/b'), include('a/b/c')], excludes: []});

	t.false(isWhole(''));
	t.false(isWhole('a'));
	t.false(isWhole('a/b'));
	t.true(isWhole('a/b/c'));
	t.true(isWhole('a/bb'));
	t.true(isWhole('b'));
});

const names = ['a', 'b', 'a-', 'ab'];

/** Every path of up to three names. */
const paths = ['', ...names, ...names.flatMap(one => names.map(two => `${one}/${two}`)), ...names.flatMap(one => names.flatMap(two => names.map(three => `${one}/${two}/${three}`)))];

const folders = paths.filter(path => path.split('/').length < 3);

const isWithin = (path: string, folder: string): boolean => folder === '' || path === folder || path.startsWith(`${folder}/`);

/** The definition: the longest rule that covers a path decides. */
const isSelectedByDefinition = ({rules}: Selection, path: string): boolean => {
	const [longest] = rules.filter(rule => isWithin(path, rule.path)).toSorted((left, right) => right.path.length - left.path.length);

	return longest?.isIncluded ?? false;
};

const isUnderChosen = ({isSelected}: Selector, path: string): boolean => {
	const end = path.lastIndexOf('/');

	return path !== '' && isSelected(path.slice(0, Math.max(0, end)));
};

test('property: selected as defined; roots reach all of it, once; what is whole misses nothing', t => {
	const random = new Random(7);

	for (let run = 0; run < 400; run++) {
		const chosen = new Set(Array.from({length: random.below(7)}, () => paths[random.below(paths.length)]!));
		const selection: Selection = {rules: Array.from(chosen, path => ({path, isIncluded: random.below(2) === 0})), excludes: []};
		const selector = createSelector(selection);
		const selected = paths.filter(path => isSelectedByDefinition(selection, path));
		const title = JSON.stringify(selection.rules);

		t.deepEqual(paths.filter(path => selector.isSelected(path)), selected, title);
		t.true(selected.every(path => selector.roots.some(root => isWithin(path, root))), title);
		t.true(selector.roots.every(root => selector.isSelected(root) && !isUnderChosen(selector, root)), title);
		t.is(new Set(selector.roots).size, selector.roots.length, title);

		for (const folder of folders) {
			const below = paths.filter(path => isWithin(path, folder));
			t.is(selector.isWhole(folder), below.every(path => selected.includes(path)), `${folder} in ${title}`);
		}
	}
});
