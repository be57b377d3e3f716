/* eslint-disable unicorn/prefer-iterator-to-array -- tables of calls */
import test from 'ava';
import type {Entry, EntryType} from '../../source/domain/entry.ts';
import {tickStateOf, toSelection} from '../../source/domain/selection-tree.ts';
import {countBasket, emptyBasket} from '../../source/ui/basket.ts';
import {FolderListing} from '../../source/ui/screens/files/folder-listing.ts';
import type {TreeRow} from '../../source/ui/screens/files/tree-rows.ts';
import {
	focusedEntry,
	reduceFiles,
	startFiles,
	type FilesEvent,
	type FilesState,
} from '../../source/ui/screens/files/tree-state.ts';
import {basketWords} from '../../source/ui/screens/files/tree-columns.ts';
import {FolderTotals, walkEntries} from '../../source/ui/screens/files/walk-entries.ts';

const entry = (path: string, options: Partial<Entry> & {readonly type?: EntryType} = {}): Entry => ({
	path, name: path.split('/').at(-1)!, type: path.endsWith('.txt') ? 'file' : 'directory', sizeBytes: path.endsWith('.txt') ? 10 : 0, mode: 0o755,
	uid: 1, gid: 1, modifiedNs: 0n, linkTarget: null, ...options,
});

const root = [entry('docs'), entry('web'), entry('a.txt', {sizeBytes: 7, modifiedNs: 5n}), entry('b.txt', {sizeBytes: 9, modifiedNs: 3n})];
const web = [entry('web/img'), entry('web/index.txt')];
const everything = [...root, entry('docs/x.txt'), ...web, entry('web/img/logo.txt')];

const listingOf = (folder: string, entries: readonly Entry[]) => {
	const listing = new FolderListing(folder);

	for (const each of entries.toSorted((one, other) => Number(one.name > other.name) - Number(one.name < other.name))) {
		listing.add(each);
	}

	return listing;
};

const height = 20;
const moveTo = (id: string): FilesEvent => ({type: 'moved', movement: {type: 'to', id}, height});
const tick: FilesEvent = {type: 'ticked', count: 1, height};
const listed: FilesEvent = {type: 'listed', listing: listingOf('', root)};
const webListed: FilesEvent = {type: 'listed', listing: listingOf('web', web)};
const search = (text: string, entries: readonly Entry[]): readonly FilesEvent[] => [
	{type: 'searchOpened'}, {type: 'searched', text}, {
		type: 'found', text, entries, isDone: true, isCut: false,
	},
];

const totals = () => {
	const sums = new FolderTotals();

	for (const each of everything) {
		sums.add(each);
	}

	return sums.finish();
};

const after = (...events: readonly FilesEvent[]): FilesState => reduceAll(false, events);

const reduceAll = (isLimited: boolean, events: readonly FilesEvent[]): FilesState => {
	let state = startFiles(emptyBasket, {totals: undefined, isLimited});

	for (const event of [listed, ...events]) {
		state = reduceFiles(state, event);
	}

	return state;
};

const rowsIn = ({rows}: FilesState): readonly TreeRow[] => Array.from({length: rows.count}, (_, index) => rows.at(index)!);

const shownIn = (state: FilesState): string => rowsIn(state).map(({entry: {path}, depth}) => `${{all: 'x', some: '-', none: ' '}[tickStateOf(state.basket.tree, path)]}${'.'.repeat(depth)}${path}`).join('|');

const trees: ReadonlyArray<readonly [string, readonly FilesEvent[], string]> = [
	['folders come first', [], ' | .docs| .web| .a.txt| .b.txt'],
	['an opened folder shows its children when they are listed', [{type: 'opened', folder: 'web'}, webListed], ' | .docs| .web| ..web/img| ..web/index.txt| .a.txt| .b.txt'],
	['a closed one hides them', [{type: 'opened', folder: 'web'}, webListed, {type: 'closed', folder: 'web'}], ' | .docs| .web| .a.txt| .b.txt'],
	['largest first', [{type: 'sorted'}], ' | .b.txt| .a.txt| .docs| .web'],
	['largest first, folders by what they hold', [{type: 'sorted'}, {type: 'measured', totals: totals()}], ' | .web| .docs| .b.txt| .a.txt'],
	['newest first', [{type: 'sorted'}, {type: 'sorted'}], ' | .a.txt| .b.txt| .docs| .web'],
	['Space ticks and moves down', [moveTo('a.txt'), tick, tick], '-| .docs| .web|x.a.txt|x.b.txt'],
	['Space on everything', [moveTo(''), tick], 'x|x.docs|x.web|x.a.txt|x.b.txt'],
	['a folder whose children are all ticked is ticked', [{type: 'opened', folder: 'web'}, webListed, moveTo('web/img'), {type: 'ticked', count: 2, height}], '-| .docs|x.web|x..web/img|x..web/index.txt| .a.txt| .b.txt'],
	['a ticked folder with one child unticked', [{type: 'opened', folder: 'web'}, webListed, moveTo('web'), tick, moveTo('web/img'), tick], '-| .docs|-.web| ..web/img|x..web/index.txt| .a.txt| .b.txt'],
	['invert', [moveTo('docs'), tick, {type: 'othersTicked'}], '-| .docs|x.web|x.a.txt|x.b.txt'],
	['everything, nothing', [{type: 'allTicked'}, {type: 'noneTicked'}], ' | .docs| .web| .a.txt| .b.txt'],
	['results stand in place of the tree', search('txt', [root[2]!, web[1]!]), ' .a.txt| .web/index.txt'.replaceAll('.a', 'a').replaceAll(' .web', ' web')],
	['ticked among results', [...search('txt', [root[2]!, web[1]!]), {type: 'allTicked'}, {type: 'searchEnded'}], '-| .docs|-.web|x.a.txt| .b.txt'],
	['more typing narrows what was found at once', [...search('t', [root[2]!, web[1]!]), {type: 'searched', text: 'txt web'}], ' web/index.txt'],
	['a walk that was overtaken says nothing', [...search('t', [root[2]!]), {type: 'searched', text: 'tx'}, {
		type: 'found', text: 't', entries: everything, isDone: true, isCut: false,
	}], ' a.txt'],
];

for (const [title, events, expected] of trees) {
	test(`files: ${title}`, t => {
		t.is(shownIn(after(...events)), expected);
	});
}

test('files: every row is found by its id, whatever is open and however it is sorted', t => {
	const opened: readonly FilesEvent[] = [{type: 'opened', folder: 'web'}, webListed, {type: 'opened', folder: 'docs'}, {type: 'listed', listing: listingOf('docs', [entry('docs/x.txt')])}];

	for (const sorts of [[], ['sorted'], ['sorted', 'sorted'], ['reversed'], ['sorted', 'reversed']] as const) {
		const state = after(...opened, ...sorts.map((type): FilesEvent => ({type})));
		t.is(state.rows.count, 8);
		t.deepEqual(rowsIn(state).map(({entry: {path}}) => state.rows.indexOf(path)), Array.from({length: 8}, (_, index) => index));
		t.is(state.rows.at(8), undefined);
		t.is(state.rows.indexOf('web/none'), -1);
	}
});

test('files: a listing gives its entries back as they were', t => {
	const entries = [entry('w/a', {
		type: 'symlink', linkTarget: '/x', mode: 0o777, uid: 4_294_967_294, gid: 7, modifiedNs: -5n,
	}), entry('w/b.txt', {sizeBytes: 2 ** 52}), entry('w/c', {type: 'socket'})];
	const listing = listingOf('w', entries.toReversed());

	t.deepEqual([...listing.entries()], entries);
	t.deepEqual(['a', 'b.txt', 'c', 'bb'].map(name => listing.indexOf(name)), [0, 1, 2, -1]);
});

test('files: ending a search goes back to where the tree stood, Enter to where the result lies', t => {
	const ended = after(moveTo('web'), ...search('b', [root[3]!]), {type: 'searchEnded'});
	t.is(focusedEntry(ended)?.path, 'web');
	const revealed = after(...search('index', [web[1]!]), webListed, {type: 'revealed', path: 'web/index.txt', height});
	t.is(focusedEntry(revealed)?.path, 'web/index.txt');
	t.is(revealed.search, undefined);
});

test('files: an empty search is none', t => {
	t.is(after({type: 'searchOpened'}, {type: 'searchAccepted'}).search, undefined);
});

test('files: what is ticked is what is restored, and is counted', t => {
	const state = after({type: 'opened', folder: 'web'}, webListed, moveTo('web'), tick, moveTo('web/index.txt'), tick, moveTo('a.txt'), tick);

	t.deepEqual(toSelection(state.basket.tree).rules, [{path: 'web', isIncluded: true}, {path: 'web/index.txt', isIncluded: false}, {path: 'a.txt', isIncluded: true}]);
	t.is(countBasket(state.basket, undefined), undefined);
	t.deepEqual(countBasket(state.basket, totals()), {files: 2, folders: 2, bytes: 17});
	const counted = countBasket(state.basket, totals());
	t.is(basketWords(counted), '2 files · 2 folders · 17 B');
});

test('files: totals of every folder, itself included', t => {
	t.deepEqual([...totals()].toSorted(([one], [other]) => one < other ? -1 : 1), [
		['', {files: 5, folders: 4, bytes: 46}],
		['docs', {files: 1, folders: 1, bytes: 10}],
		['web', {files: 2, folders: 2, bytes: 20}],
		['web/img', {files: 1, folders: 1, bytes: 10}],
	]);
});

test('files: a walk lets the terminal go on, and ends when told to', async t => {
	const controller = new AbortController();
	let [seen, turns] = [0, 0];
	const ticking = setInterval(() => {
		turns++;
	}, 0);

	const endless = async function * () {
		for (;;) {
			yield root[0]!;
		}
	};

	await walkEntries(endless(), () => {
		seen++;

		if (turns > 3) {
			controller.abort();
		}

		return true;
	}, {signal: controller.signal});
	clearInterval(ticking);

	t.true(seen > 3);
	await walkEntries(endless(), () => false, {signal: new AbortController().signal});
});

test('for who does not see all, ticking what is shown of a folder asks for nothing that is not', t => {
	const shown: readonly FilesEvent[] = [{type: 'opened', folder: 'web'}, webListed, moveTo('web/img'), {type: 'ticked', count: 2, height}];
	const state = reduceAll(true, shown);
	t.is(shownIn(state), '-| .docs|-.web|x..web/img|x..web/index.txt| .a.txt| .b.txt');
	t.deepEqual([...state.basket.tree], [['web/img', true], ['web/index.txt', true]]);
	// Unticked again, nothing is left of it.
	t.is(reduceAll(true, [...shown, moveTo('web/img'), {type: 'ticked', count: 2, height}]).basket.tree.size, 0);
	const whole = reduceAll(true, [...shown, moveTo('web'), tick]);
	t.is(shownIn(whole), '-| .docs|x.web|x..web/img|x..web/index.txt| .a.txt| .b.txt');
});
