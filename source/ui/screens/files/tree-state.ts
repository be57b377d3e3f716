import {compileFilter} from '../../../domain/filter.ts';
import type {Entry} from '../../../domain/entry.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import {
	nothingTicked,
	parentOf,
	setTicked,
	settleFolders,
	tickStateOf,
	toggleTicked,
	type KnownChildren,
	type SubtreeTotal,
} from '../../../domain/selection-tree.ts';
import {
	addLeaves,
	emptyBasket,
	leafTotal,
	type Basket,
	type FolderTotalsOf,
} from '../../basket.ts';
import {
	arrayRows,
	followRows,
	moveCursor,
	startCursor,
	type Cursor,
	type Movement,
	type Rows,
} from '../../list/cursor.ts';
import {showName} from '../../look/name.ts';
import type {FolderListing} from './folder-listing.ts';
import type {EntrySort} from './folder-order.ts';
import {
	rootEntry,
	rowId,
	treeRows,
	type TreeRow,
} from './tree-rows.ts';

export type FilesState = {
	/** What was listed, by folder; folders are listed when they are opened. */
	readonly listed: ReadonlyMap<RawPath, FolderListing>;
	readonly open: ReadonlySet<RawPath>;
	readonly basket: Basket;
	/** What is outside the rights of who looks is not shown. */
	readonly isLimited: boolean;
	/** Of every folder, once the backup was walked through. */
	readonly totals: FolderTotalsOf | undefined;
	readonly sort: EntrySort;
	readonly isReversed: boolean;
	readonly search: Search | undefined;
	/** The tree as it is shown. */
	readonly rows: Rows<TreeRow>;
	readonly cursor: Cursor;
};

/** A search of the whole backup; while it is there its results are shown in place of the tree. */
export type Search = {
	readonly text: string;
	readonly isOpen: boolean;
	readonly found: readonly Entry[];
	/** `false` while the backup is being walked through. */
	readonly isDone: boolean;
	/** There are more than are kept. */
	readonly isCut: boolean;
	/** Where the tree stood. */
	readonly cursorBefore: Cursor;
};

export type FilesEvent =
	| {readonly type: 'listed'; readonly listing: FolderListing}
	| {readonly type: 'measured'; readonly totals: FolderTotalsOf}
	| {readonly type: 'moved'; readonly movement: Movement; readonly height: number}
	| {readonly type: 'opened'; readonly folder: RawPath}
	| {readonly type: 'closed'; readonly folder: RawPath}
	| {readonly type: 'ticked'; readonly count: number; readonly height: number}
	| {readonly type: 'allTicked'}
	| {readonly type: 'noneTicked'}
	| {readonly type: 'othersTicked'}
	| {readonly type: 'sorted'}
	| {readonly type: 'reversed'}
	| {readonly type: 'searchOpened'}
	| {readonly type: 'searched'; readonly text: string}
	| {readonly type: 'found'; readonly text: string; readonly entries: readonly Entry[]; readonly isDone: boolean; readonly isCut: boolean}
	| {readonly type: 'searchAccepted'}
	| {readonly type: 'searchEnded'}
	/** From a result to its place in the tree; the folders on the way must have been listed. */
	| {readonly type: 'revealed'; readonly path: RawPath; readonly height: number};

export const startFiles = (basket: Basket, {totals, isLimited}: Pick<FilesState, 'totals' | 'isLimited'>): FilesState => ({
	listed: new Map(),
	open: new Set(['']),
	basket,
	isLimited,
	totals,
	sort: 'name',
	isReversed: false,
	search: undefined,
	rows: arrayRows([{entry: rootEntry, depth: 0}], rowId),
	cursor: startCursor,
});

export const reduceFiles = (state: FilesState, event: FilesEvent): FilesState => {
	switch (event.type) {
		case 'listed': {
			return arrange({...state, listed: new Map([...state.listed, [event.listing.folder, event.listing]])});
		}

		case 'measured': {
			const measured = {...state, totals: event.totals};

			return state.sort === 'size' ? arrange(measured) : measured;
		}

		case 'moved': {
			return {...state, cursor: moveCursor(state.rows, state.cursor, event)};
		}

		case 'opened': {
			return arrange({...state, open: new Set([...state.open, event.folder])});
		}

		case 'closed': {
			return closeFolder(state, event.folder);
		}

		case 'ticked': {
			return tickRows(state, event);
		}

		case 'allTicked': {
			return {...state, basket: tickShown(state)};
		}

		case 'noneTicked': {
			return {...state, basket: emptyBasket};
		}

		case 'othersTicked': {
			return {...state, basket: tickOthers(state)};
		}

		case 'sorted': {
			return arrange({...state, sort: nextSort[state.sort], isReversed: false});
		}

		case 'reversed': {
			return arrange({...state, isReversed: !state.isReversed});
		}

		case 'searchOpened':
		case 'searched':
		case 'found':
		case 'searchAccepted':
		case 'searchEnded':
		case 'revealed': {
			return reduceSearch(state, event);
		}
	}
};

type SearchEvent = Extract<FilesEvent, {type: 'searchOpened' | 'searched' | 'found' | 'searchAccepted' | 'searchEnded' | 'revealed'}>;

const reduceSearch = (state: FilesState, event: SearchEvent): FilesState => {
	const {search} = state;

	if (event.type === 'searchOpened') {
		return {...state, search: search === undefined ? startSearch(state.cursor) : {...search, isOpen: true}};
	}

	if (search === undefined) {
		return state;
	}

	switch (event.type) {
		case 'searched': {
			return arrange({...state, search: narrow(search, event.text)});
		}

		case 'found': {
			// A walk that was overtaken by further typing has nothing to say any more.
			return event.text === search.text
				? arrange({
					...state, search: {
						...search, found: event.entries, isDone: event.isDone, isCut: event.isCut,
					},
				})
				: state;
		}

		case 'searchAccepted': {
			return search.text === '' ? endSearch(state, search) : {...state, search: {...search, isOpen: false}};
		}

		case 'searchEnded': {
			return endSearch(state, search);
		}

		case 'revealed': {
			const ended = arrange({...state, search: undefined, open: new Set([...state.open, ...foldersAbove(event.path)])});

			return {...ended, cursor: moveCursor(ended.rows, ended.cursor, {movement: {type: 'to', id: event.path}, height: event.height})};
		}
	}
};

/** What was found for the beginning of the text is narrowed at once; the rest comes when the backup was walked through. */
const narrow = (search: Search, text: string): Search => {
	const isMatch = compileFilter(text);
	const found = text === '' ? [] : search.found.filter(({path}) => isMatch(showName(path)));

	return {
		...search, text, found, isDone: text === '',
	};
};

const startSearch = (cursorBefore: Cursor): Search => ({
	text: '', isOpen: true, found: [], isDone: true, isCut: false, cursorBefore,
});

const endSearch = (state: FilesState, {cursorBefore}: Search): FilesState => arrange({...state, search: undefined, cursor: cursorBefore});

/** The folders a path lies in, the root first. */
export const foldersAbove = (path: RawPath): readonly RawPath[] => path === '' ? [] : [...foldersAbove(parentOf(path)), parentOf(path)];

export const focusedEntry = ({rows, cursor}: FilesState): Entry | undefined => rows.at(cursor.index)?.entry;

/** What a thing amounts to, itself included; `undefined` for a folder while the backup is being walked through. */
export const totalOf = ({totals}: Pick<FilesState, 'totals'>, entry: Entry): SubtreeTotal | undefined => entry.type === 'directory'
	? totals?.get(entry.path)
	: leafTotal(entry);

const nextSort: Readonly<Record<EntrySort, EntrySort>> = {name: 'size', size: 'modified', modified: 'name'};

const arrange = (state: FilesState): FilesState => {
	const rows = state.search !== undefined && state.search.text !== ''
		? arrayRows(state.search.found.map((entry): TreeRow => ({entry, depth: 0})), rowId)
		: treeRows(state);

	return {...state, rows, cursor: followRows(rows, state.cursor)};
};

/** Closes it, the focus on the folder. */
const closeFolder = (state: FilesState, folder: RawPath): FilesState => {
	const closed = arrange({...state, open: new Set([...state.open].filter(path => path !== folder))});

	return {...closed, cursor: {...closed.cursor, ...moveCursor(closed.rows, closed.cursor, {movement: {type: 'to', id: folder}, height: Number.MAX_SAFE_INTEGER})}};
};

const childrenIn = ({listed, isLimited}: FilesState): KnownChildren => ({childrenOf: folder => listed.get(folder)?.paths(), isLimited});

const tick = (state: FilesState, entry: Entry): Basket => ({
	tree: settleFolders(toggleTicked(state.basket.tree, entry.path), parentOf(entry.path), childrenIn(state)),
	leaves: addLeaves(state.basket, [entry]),
});

const tickRows = (state: FilesState, {count, height}: {readonly count: number; readonly height: number}): FilesState => {
	let ticked = state;

	for (let step = 0; step < count; step++) {
		const entry = focusedEntry(ticked);

		if (entry === undefined) {
			return ticked;
		}

		ticked = {
			...ticked,
			basket: tick(ticked, entry),
			cursor: moveCursor(ticked.rows, ticked.cursor, {movement: {type: 'by', rows: 1}, height}),
		};
	}

	return ticked;
};

/** All that was found, or everything. */
const tickShown = (state: FilesState): Basket => {
	if (!isSearching(state)) {
		return {...emptyBasket, tree: setTicked(nothingTicked, [''], true)};
	}

	const found = state.search?.found ?? [];

	return {tree: setTicked(state.basket.tree, found.map(({path}) => path), true), leaves: addLeaves(state.basket, found)};
};

/** Inverts what is in the folder of the focused row; partly ticked folders become ticked, as by Space. */
const tickOthers = (state: FilesState): Basket => {
	const folder = parentOf(focusedEntry(state)?.path ?? '');
	const entries = isSearching(state) ? state.search!.found : [...state.listed.get(folder)?.entries() ?? []];
	const paths = entries.map(({path}) => path);
	const {tree} = state.basket;
	const ticked = paths.filter(path => tickStateOf(tree, path) === 'all');
	const others = paths.filter(path => tickStateOf(tree, path) !== 'all');

	return {
		tree: settleFolders(setTicked(setTicked(tree, ticked, false), others, true), folder, childrenIn(state)),
		leaves: addLeaves(state.basket, entries),
	};
};

/** Whether results are shown in place of the tree. */
export const isSearching = ({search}: Pick<FilesState, 'search'>): boolean => search !== undefined && search.text !== '';
