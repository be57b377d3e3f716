import {compileFilter} from '../../domain/filter.ts';
import {
	arrayRows,
	followRows,
	moveCursor,
	startCursor,
	focusedRow,
	type Cursor,
	type Movement,
	type Rows,
} from './cursor.ts';

export type Sort<Item> = {
	readonly name: string;
	/** Reversed: the order it is not first shown in. */
	readonly arrange: (items: readonly Item[], isReversed: boolean) => readonly Item[];
	/** Whether the first order goes down (newest, largest first). */
	readonly isDescending?: true;
	/** Items that follow each other and have the same stand under one heading, which says it. */
	readonly groupOf?: (item: Item) => string;
};

export const sortBy = <Item>(name: string, keyOf: (item: Item) => string | number, isDescending?: true): Sort<Item> => ({
	name,
	arrange(items, isReversed) {
		const sign = isReversed === (isDescending ?? false) ? 1 : -1;

		return items.toSorted((one, other) => sign * compare(keyOf(one), keyOf(other)));
	},
	...(isDescending && {isDescending}),
});

const compare = <Value extends string | number>(one: Value, other: Value): number => {
	if (one === other) {
		return 0;
	}

	return one < other ? -1 : 1;
};

/** What a list has to know about its items. */
export type ListDescription<Item> = {
	readonly idOf: (item: Item) => string;
	/** What the filter looks at. */
	readonly searchText: (item: Item) => string;
	/** At least one; the first is used at the start. */
	readonly sorts: readonly [Sort<Item>, ...Array<Sort<Item>>];
	/** Summed for the marked. */
	readonly bytesOf?: (item: Item) => number;
	/** The focus stays on the first row, whichever that becomes, until it is moved: else it stays on its item. */
	readonly staysFirst?: boolean;
};

export type ListState<Item> = {
	readonly items: readonly Item[];
	/** Filtered and sorted. */
	readonly rows: readonly Item[];
	readonly cursor: Cursor;
	/** By somebody. */
	readonly hasMoved: boolean;
	readonly filter: string;
	readonly isFilterOpen: boolean;
	readonly sortIndex: number;
	readonly isReversed: boolean;
	readonly marks: ReadonlySet<string>;
};

export type ListEvent<Item> =
	| {readonly type: 'loaded'; readonly items: readonly Item[]}
	| {readonly type: 'moved'; readonly movement: Movement; readonly height: number}
	| {readonly type: 'filterOpened'}
	| {readonly type: 'filterClosed'}
	| {readonly type: 'filtered'; readonly filter: string}
	| {readonly type: 'sorted'}
	| {readonly type: 'reversed'}
	| {readonly type: 'marked'; readonly count: number; readonly height: number}
	| {readonly type: 'allMarked'}
	| {readonly type: 'noneMarked'}
	| {readonly type: 'othersMarked'};

export const startList = <Item>(): ListState<Item> => ({
	items: [],
	rows: [],
	cursor: startCursor,
	hasMoved: false,
	filter: '',
	isFilterOpen: false,
	sortIndex: 0,
	isReversed: false,
	marks: new Set(),
});

/** The one reducer behind every list; pure, so that it is tested without a screen. */
export const reduceList = <Item>(description: ListDescription<Item>, state: ListState<Item>, event: ListEvent<Item>): ListState<Item> => {
	switch (event.type) {
		case 'loaded': {
			const marks = event.items.map(item => description.idOf(item)).filter(id => state.marks.has(id));

			return arrange(description, {
				...state, items: event.items, marks: new Set(marks), cursor: description.staysFirst === true && !state.hasMoved ? startCursor : state.cursor,
			});
		}

		case 'moved': {
			return {...state, hasMoved: true, cursor: moveCursor(rowsOf(description, state), state.cursor, event)};
		}

		case 'filterOpened': {
			return {...state, isFilterOpen: true};
		}

		case 'filterClosed': {
			return {...state, isFilterOpen: false};
		}

		case 'filtered': {
			const found = arrange(description, {...state, filter: event.filter});

			return focusedItem(description, found) === focusedItem(description, state) ? found : {...found, cursor: followRows(rowsOf(description, found), startCursor)};
		}

		case 'sorted': {
			return arrange(description, {...state, sortIndex: (state.sortIndex + 1) % description.sorts.length, isReversed: false});
		}

		case 'reversed': {
			return arrange(description, {...state, isReversed: !state.isReversed});
		}

		case 'marked': {
			return markRows(description, state, event);
		}

		case 'allMarked': {
			return {...state, marks: new Set([...state.marks, ...shownIds(description, state)])};
		}

		case 'noneMarked': {
			return {...state, marks: new Set()};
		}

		case 'othersMarked': {
			return {...state, marks: flip(state.marks, shownIds(description, state))};
		}
	}
};

export const focusedItem = <Item>(description: ListDescription<Item>, state: ListState<Item>): Item | undefined =>
	focusedRow(rowsOf(description, state), state.cursor);

/** The marked items as they are shown, then hidden ones, else the focused one: what an act of the list is about. */
export const chosenItems = <Item>(description: ListDescription<Item>, state: ListState<Item>): readonly Item[] => {
	if (state.marks.size > 0) {
		const marked = state.items.filter(item => state.marks.has(description.idOf(item)));
		const shown = state.rows.filter(item => state.marks.has(description.idOf(item)));

		return shown.length === marked.length ? shown : [...shown, ...marked.filter(item => !shown.includes(item))];
	}

	const focused = focusedItem(description, state);

	return focused === undefined ? [] : [focused];
};

export type MarkSummary = {readonly count: number; readonly hiddenCount: number; readonly bytes: number};

export const summarizeMarks = <Item>({idOf, bytesOf}: ListDescription<Item>, {items, rows, marks}: ListState<Item>): MarkSummary => {
	const marked = items.filter(item => marks.has(idOf(item)));
	const shown = rows.filter(item => marks.has(idOf(item)));

	return {count: marked.length, hiddenCount: marked.length - shown.length, bytes: marked.reduce((sum, item) => sum + (bytesOf?.(item) ?? 0), 0)};
};

const rowsOf = <Item>({idOf}: ListDescription<Item>, {rows}: ListState<Item>): Rows<Item> => arrayRows(rows, idOf);

const shownIds = <Item>({idOf}: ListDescription<Item>, {rows}: ListState<Item>): readonly string[] => rows.map(item => idOf(item));

/** The rows anew; the focus stays on its item. */
const arrange = <Item>(description: ListDescription<Item>, state: ListState<Item>): ListState<Item> => {
	const isMatch = compileFilter(state.filter);
	const found = state.filter === '' ? state.items : state.items.filter(item => isMatch(description.searchText(item)));
	const rows = description.sorts[state.sortIndex]!.arrange(found, state.isReversed);

	return {...state, rows, cursor: followRows(arrayRows(rows, description.idOf), state.cursor)};
};

const markRows = <Item>(description: ListDescription<Item>, state: ListState<Item>, {count, height}: {readonly count: number; readonly height: number}): ListState<Item> => {
	let marked = state;

	for (let step = 0; step < count; step++) {
		const {id} = marked.cursor;

		if (id === undefined) {
			return marked;
		}

		marked = {
			...marked,
			hasMoved: true,
			marks: flip(marked.marks, [id]),
			cursor: moveCursor(rowsOf(description, marked), marked.cursor, {movement: {type: 'by', rows: 1}, height}),
		};
	}

	return marked;
};

/** With what was not in it, without what was. */
const flip = (marks: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> => {
	const flipped = new Set(marks);

	for (const id of ids) {
		if (!flipped.delete(id)) {
			flipped.add(id);
		}
	}

	return flipped;
};
