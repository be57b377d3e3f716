import type {ActionDispatch} from 'react';
import {useInterface} from '../interface.ts';
import type {Handler} from '../keys/focus-stack.ts';
import type {ActName} from '../keys/keymap.ts';
import {useRememberedReducer} from '../use-remembered-reducer.ts';
import type {Movement} from './cursor.ts';
import {
	chosenItems,
	focusedItem,
	reduceList,
	startList,
	type ListDescription,
	type ListEvent,
	type ListState,
} from './list-state.ts';

type ListActs = ActName<'help'> | 'filter' | 'sort' | 'reverse' | 'mark' | 'markAll' | 'markNone' | 'markOthers';

export type List<Item> = {
	readonly state: ListState<Item>;
	readonly dispatch: ActionDispatch<[event: ListEvent<Item>]>;
	readonly focused: Item | undefined;
	/** The marked, else the focused. */
	readonly chosen: readonly Item[];
	/** For moving, marking, filtering, sorting and going back. */
	readonly handlers: Readonly<Record<ListActs, Handler>>;
};

export type UseListOptions<Item> = {
	readonly description: ListDescription<Item>;
	/** `undefined` while they are being loaded. */
	readonly items: readonly Item[] | undefined;
	/** Rows on the screen. */
	readonly height: number;
	/** What it is filtered by when it is first shown. */
	readonly filter?: string | undefined;
};

/** A list with one cursor, marks, filter and sort, which is found again as it was when its screen is shown again. */
export const useList = <Item>(options: UseListOptions<Item>): List<Item> => useListAt('list', options);

/** The same where a screen has several, one after the other: each under a name of its own. */
export const useListAt = <Item>(name: string, {description, items, height, filter = ''}: UseListOptions<Item>): List<Item> => {
	const {leave} = useInterface();
	const [state, dispatch] = useRememberedReducer<ListState<Item>, ListEvent<Item>>(
		name,
		(current, event) => reduceList(description, current, event),
		() => ({...startList<Item>(), filter}),
	);

	if (items !== undefined && items !== state.items) {
		dispatch({type: 'loaded', items});
	}

	return {
		state,
		dispatch,
		focused: focusedItem(description, state),
		chosen: chosenItems(description, state),
		handlers: {
			...movingHandlers(movement => {
				dispatch({type: 'moved', movement, height});
			}),
			...markingHandlers(dispatch, height),
			filter() {
				dispatch({type: 'filterOpened'});
			},
			sort() {
				dispatch({type: 'sorted'});
			},
			reverse() {
				dispatch({type: 'reversed'});
			},
			// What it began with is what the screen is about.
			out: state.filter === filter || state.filter === ''
				? leave
				: () => {
					dispatch({type: 'filtered', filter: ''});
				},
		},
	};
};

/** The handlers of the moving keys. */
export const movingHandlers = (move: (movement: Movement) => void): Readonly<Record<'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last', Handler>> => ({
	up(count) {
		move({type: 'by', rows: -count});
	},
	down(count) {
		move({type: 'by', rows: count});
	},
	pageUp(count) {
		move({type: 'pages', pages: -count});
	},
	pageDown(count) {
		move({type: 'pages', pages: count});
	},
	first() {
		move({type: 'first'});
	},
	last() {
		move({type: 'last'});
	},
});

const markingHandlers = <Item>(dispatch: ActionDispatch<[event: ListEvent<Item>]>, height: number): Readonly<Record<'mark' | 'markAll' | 'markNone' | 'markOthers', Handler>> => ({
	mark(count) {
		dispatch({type: 'marked', count, height});
	},
	markAll() {
		dispatch({type: 'allMarked'});
	},
	markNone() {
		dispatch({type: 'noneMarked'});
	},
	markOthers() {
		dispatch({type: 'othersMarked'});
	},
});
