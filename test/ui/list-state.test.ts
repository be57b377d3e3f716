/* eslint-disable unicorn/max-nested-calls -- tables of calls */
import test from 'ava';
import {
	chosenItems,
	focusedItem,
	reduceList,
	sortBy,
	startList,
	summarizeMarks,
	type ListDescription,
	type ListEvent,
} from '../../source/ui/list/list-state.ts';

type Item = {readonly id: string; readonly size: number};

const description: ListDescription<Item> = {
	idOf: ({id}) => id,
	searchText: ({id}) => id,
	sorts: [sortBy('name', ({id}) => id), sortBy('size', ({size}) => size, true)],
	bytesOf: ({size}) => size,
};

const items: readonly Item[] = [{id: 'shop-a', size: 1}, {id: 'blog', size: 5}, {id: 'shop-b', size: 3}, {id: 'wiki', size: 2}];

const after = (...events: ReadonlyArray<ListEvent<Item>>) => {
	let state = startList<Item>();

	for (const event of [{type: 'loaded', items} as const, ...events]) {
		state = reduceList(description, state, event);
	}

	return state;
};

test('where a list begins at its first row it stays there until it is moved; what is marked is told as it is shown', t => {
	const first = {...description, sorts: [description.sorts[1]!], staysFirst: true} as const;
	const measured = items.map(item => item.id === 'wiki' ? {...item, size: 9} : item);
	const loaded = reduceList(first, startList<Item>(), {type: 'loaded', items});
	t.is(focusedItem(first, loaded)?.id, 'blog');
	t.is(focusedItem(first, reduceList(first, loaded, {type: 'loaded', items: measured}))?.id, 'wiki');
	const moved = reduceList(first, reduceList(first, loaded, down), {type: 'loaded', items: measured});
	t.is(focusedItem(first, moved)?.id, 'shop-b');
	t.deepEqual(chosenItems(first, reduceList(first, moved, {type: 'allMarked'})).map(({id}) => id), ['wiki', 'blog', 'shop-b', 'shop-a']);
});

const rowsAfter = (...events: ReadonlyArray<ListEvent<Item>>) => after(...events).rows.map(({id}) => id).join(' ');
const down: ListEvent<Item> = {type: 'moved', movement: {type: 'by', rows: 1}, height: 9};
const mark: ListEvent<Item> = {type: 'marked', count: 1, height: 9};
const filter = (text: string): ListEvent<Item> => ({type: 'filtered', filter: text});

const rows: ReadonlyArray<readonly [string, ReadonlyArray<ListEvent<Item>>, string]> = [
	['sorted by the first order', [], 'blog shop-a shop-b wiki'],
	['the next order, largest first', [{type: 'sorted'}], 'blog shop-b wiki shop-a'],
	['reversed', [{type: 'sorted'}, {type: 'reversed'}], 'shop-a wiki shop-b blog'],
	['the orders go round, and begin unreversed', [{type: 'reversed'}, {type: 'sorted'}, {type: 'sorted'}], 'blog shop-a shop-b wiki'],
	['a filter', [filter('SHOP')], 'shop-a shop-b'],
	['a filter with an excluded word', [filter('shop !-b')], 'shop-a'],
	['a lone ! excludes nothing yet', [filter('shop !')], 'shop-a shop-b'],
	['a filter that matches nothing', [filter('zzz')], ''],
	['no filter again', [filter('zzz'), filter('')], 'blog shop-a shop-b wiki'],
];

for (const [title, events, expected] of rows) {
	test(`list rows: ${title}`, t => {
		t.is(rowsAfter(...events), expected);
	});
}

const focus: ReadonlyArray<readonly [string, ReadonlyArray<ListEvent<Item>>, string | undefined]> = [
	['the first at first', [], 'blog'],
	['stays on its item when sorted', [down, {type: 'sorted'}], 'shop-a'],
	['stays on its item while it matches', [down, down, filter('shop')], 'shop-b'],
	['goes to the first match when its item does not match', [{type: 'moved', movement: {type: 'last'}, height: 9}, filter('shop')], 'shop-a'],
	['stays on its item when the data changes', [down, {type: 'loaded', items: [{id: 'aaa', size: 9}, ...items]}], 'shop-a'],
	['is nowhere in an empty list', [{type: 'loaded', items: []}], undefined],
];

for (const [title, events, expected] of focus) {
	test(`list focus: ${title}`, t => {
		t.is(focusedItem(description, after(...events))?.id, expected);
	});
}

const marks: ReadonlyArray<readonly [string, ReadonlyArray<ListEvent<Item>>, readonly string[]]> = [
	['none', [], []],
	['Space marks and moves down', [mark, mark], ['blog', 'shop-a']],
	['a held Space', [{type: 'marked', count: 3, height: 9}], ['blog', 'shop-a', 'shop-b']],
	['Space again unmarks', [mark, {type: 'moved', movement: {type: 'first'}, height: 9}, mark], []],
	['all shown, hidden marks stay', [mark, filter('shop'), {type: 'allMarked'}], ['blog', 'shop-a', 'shop-b']],
	['inverted are those shown only', [mark, mark, filter('shop'), {type: 'othersMarked'}], ['blog', 'shop-b']],
	['none, hidden ones neither', [mark, filter('shop'), {type: 'noneMarked'}], []],
	['what went is not marked any more', [mark, mark, {type: 'loaded', items: items.slice(0, 1)}], ['shop-a']],
];

for (const [title, events, expected] of marks) {
	test(`list marks: ${title}`, t => {
		t.deepEqual([...after(...events).marks].toSorted(), expected.toSorted());
	});
}

test('list: an act is about the marked, hidden ones too, else about the focused', t => {
	const chosenAfter = (...events: ReadonlyArray<ListEvent<Item>>) => chosenItems(description, after(...events)).map(({id}) => id);

	t.deepEqual(chosenAfter(down), ['shop-a']);
	t.deepEqual(chosenAfter(mark, filter('wiki')), ['blog']);
	t.deepEqual(summarizeMarks(description, after(mark, mark, filter('shop'))), {count: 2, hiddenCount: 1, bytes: 6});
});
