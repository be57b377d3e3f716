import {useInterface} from '../interface.ts';
import type {Handler} from '../keys/focus-stack.ts';
import {
	arrayRows,
	moveCursor,
	startCursor,
	type Cursor,
	type Movement,
} from '../list/cursor.ts';
import {movingHandlers} from '../list/use-list.ts';
import {useRememberedReducer} from '../use-remembered-reducer.ts';
import type {MenuItem} from './menu.tsx';

/** A row of a menu and what choosing it does, or why it cannot be chosen now. */
export type Choice = {readonly value: string; readonly label: string; readonly remark: string; readonly choose: Handler; readonly isMuted?: boolean};

export type ChoiceMenu = {
	readonly items: readonly MenuItem[];
	readonly index: number;
	/** For moving, leaving, and doing what the row says. */
	readonly handlers: ReturnType<typeof movingHandlers> & {readonly out: Handler; readonly choose: Handler};
};

/** A short menu with the list's cursor. */
export const useMenu = (choices: readonly Choice[]): ChoiceMenu => {
	const {leave} = useInterface();
	const rows = arrayRows(choices, ({value}) => value);
	const [cursor, move] = useRememberedReducer<Cursor, Movement>('menu', (current, movement) => moveCursor(rows, current, {movement, height: choices.length}), () => startCursor);
	const index = Math.min(cursor.index, choices.length - 1);

	return {
		items: choices.map(({value, label, remark, choose, isMuted = false}) => ({
			value, label, remark: typeof choose === 'string' ? choose : remark, isUnavailable: typeof choose === 'string', isMuted,
		})),
		index,
		handlers: {...movingHandlers(move), out: leave, choose: choices[index]?.choose ?? 'There is nothing to choose.'},
	};
};
