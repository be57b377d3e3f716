import test from 'ava';
import {
	arrayRows,
	firstShown,
	followRows,
	focusedRow,
	moveCursor,
	startCursor,
	type Cursor,
	type Movement,
} from '../../source/ui/list/cursor.ts';

const letters = (text: string) => arrayRows([...text], letter => letter);
const at = (id: string, index: number, top = 0): Cursor => ({id, index, top});

const moves: ReadonlyArray<readonly [string, Cursor, Movement, Cursor]> = [
	['down', at('b', 1), {type: 'by', rows: 1}, at('c', 2)],
	['down by a held key', at('a', 0), {type: 'by', rows: 4}, at('e', 4, 2)],
	['not past the end', at('f', 5, 3), {type: 'by', rows: 9}, at('h', 7, 5)],
	['not before the start', at('b', 1), {type: 'by', rows: -5}, at('a', 0)],
	['a page down keeps one row', at('a', 0), {type: 'pages', pages: 1}, at('c', 2)],
	['a page up', at('h', 7, 5), {type: 'pages', pages: -1}, at('f', 5, 5)],
	['first', at('h', 7, 5), {type: 'first'}, at('a', 0)],
	['last', at('a', 0), {type: 'last'}, at('h', 7, 5)],
	['to an id', at('a', 0), {type: 'to', id: 'e'}, at('e', 4, 2)],
	['to an id that is not there', at('b', 1), {type: 'to', id: 'x'}, at('b', 1)],
];

for (const [title, cursor, movement, expected] of moves) {
	test(`cursor: ${title}`, t => {
		t.deepEqual(moveCursor(letters('abcdefgh'), cursor, {movement, height: 3}), expected);
	});
}

const changes: ReadonlyArray<readonly [string, Cursor, string, string | undefined]> = [
	['a row came before it', at('c', 2), 'xabcd', 'c'],
	['a row before it went', at('c', 2), 'bcd', 'c'],
	['the order changed', at('c', 2), 'cba', 'c'],
	['it went: what took its place', at('c', 2), 'abde', 'd'],
	['it went, and it was the last', at('c', 2), 'ab', 'b'],
	['all went', at('c', 2), '', undefined],
	['there was nothing yet', startCursor, 'abc', 'a'],
];

for (const [title, cursor, rows, expected] of changes) {
	test(`cursor follows its id when rows change: ${title}`, t => {
		const followed = followRows(letters(rows), cursor);

		t.is(followed.id, expected);
		t.is(focusedRow(letters(rows), followed), expected);
	});
}

test('cursor: an empty list has no focus, whatever is pressed', t => {
	t.is(moveCursor(letters(''), startCursor, {movement: {type: 'by', rows: 1}, height: 3}).id, undefined);
});

test('cursor: the focus is always on the screen, and no screen is left empty at the end', t => {
	for (let index = 0; index < 10; index++) {
		for (let top = 0; top < 12; top++) {
			for (let height = 1; height < 12; height++) {
				const first = firstShown({id: 'x', index, top}, {rowCount: 10, height});
				t.true(first <= index && index < first + height);
				t.true(first === 0 || first + height <= 10);
			}
		}
	}
});
