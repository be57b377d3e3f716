import {formatFullPath, parseFullPath} from '../../../domain/full-path.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {changeRights, type RightsChange} from '../../../domain/rights-change.ts';
import type {Rights} from '../../../domain/rights.ts';
import {
	arrayRows,
	followRows,
	moveCursor,
	startCursor,
	type Cursor,
	type Movement,
	type Rows,
} from '../../list/cursor.ts';
import {rightsRows, type RightsRow} from './rights-rows.ts';

/** Rights that are edited: as they are saved, and what was changed since. */
export type RightsState = {
	/** `undefined` until they are read. */
	readonly saved: Rights | undefined;
	readonly changes: readonly RightsChange[];
	readonly cursor: Cursor;
	/** The path that is walked through; `undefined`: the rights are shown. */
	readonly walk: string | undefined;
	/** Asked about by the tester; what cannot be read yet is left as it is. */
	readonly question: string;
	readonly isAsking: boolean;
};

export type RightsEvent =
	| {readonly type: 'loaded'; readonly rights: Rights}
	| {readonly type: 'changed'; readonly change: RightsChange}
	| {readonly type: 'undone'}
	| {readonly type: 'saved'; readonly rights: Rights}
	| {readonly type: 'moved'; readonly movement: Movement; readonly height: number}
	| {readonly type: 'walked'; readonly to: string | undefined}
	| {readonly type: 'asked'; readonly question: string}
	| {readonly type: 'askingEnded'}
	| {readonly type: 'askingBegan'};

export const startRights: RightsState = {
	saved: undefined, changes: [], cursor: startCursor, walk: undefined, question: '', isAsking: false,
};

const noRows: readonly RightsRow[] = [];

/** The rights with all that was changed. */
export const editedRights = ({saved, changes}: RightsState): Rights | undefined => {
	if (saved === undefined) {
		return undefined;
	}

	let rights = saved;

	for (const change of changes) {
		rights = changeRights(rights, change);
	}

	return rights;
};

export const rowsOf = (state: RightsState): Rows<RightsRow> => {
	const rights = editedRights(state);

	return arrayRows(rights === undefined ? noRows : rightsRows(rights), ({id}) => id);
};

/** Throws as `changeRights` for a change that cannot be made. */
export const reduceRights = (state: RightsState, event: RightsEvent): RightsState => {
	switch (event.type) {
		case 'loaded': {
			// What was begun goes on from where it began: saving tells what does not fit any more.
			return state.saved !== undefined && state.changes.length > 0 ? state : follow({...state, saved: event.rights});
		}

		case 'changed': {
			const changed = follow({...state, changes: [...state.changes, event.change]});

			return event.change.type === 'added' ? focusOn(changed, formatFullPath(parseFullPath(event.change.path))) : changed;
		}

		case 'undone': {
			return follow({...state, changes: state.changes.slice(0, -1)});
		}

		case 'saved': {
			return follow({...state, saved: event.rights, changes: []});
		}

		case 'moved': {
			return {...state, cursor: moveCursor(rowsOf(state), state.cursor, event)};
		}

		case 'walked': {
			return {...state, walk: event.to};
		}

		case 'asked': {
			return {...state, question: event.question};
		}

		case 'askingBegan': {
			return {...state, isAsking: true};
		}

		case 'askingEnded': {
			return {...state, isAsking: false};
		}
	}
};

const follow = (state: RightsState): RightsState => ({...state, cursor: followRows(rowsOf(state), state.cursor)});

const focusOn = (state: RightsState, id: string): RightsState => ({...state, cursor: moveCursor(rowsOf(state), state.cursor, {movement: {type: 'to', id}, height: 1})});

/** The commands that make the same changes. */
export const rightsCommands = (user: string, changes: readonly RightsChange[]): string => changes.map(change => `holdfast rights ${commandOf(user, change)}`).join(' && ');

const commandOf = (user: string, change: RightsChange): string => {
	switch (change.type) {
		case 'default': {
			return `default ${user} ${change.effect}`;
		}

		case 'added': {
			return `${change.effect} ${user} ${quoteArgument(change.path)}`;
		}

		case 'flipped': {
			return `flip ${user} ${quoteArgument(change.path)}`;
		}

		case 'removed': {
			return `remove ${user} ${quoteArgument(change.path)}`;
		}
	}
};

/** Where a walk that goes out one level comes to; `undefined` at the top. */
export const walkOut = (path: string): string | undefined => {
	if (path === '') {
		return undefined;
	}

	const {machine, plugin, volume, components} = parseFullPath(path);

	if (plugin === null) {
		return '';
	}

	if (components === null || components.length === 0) {
		return machine;
	}

	return components.length === 1
		? `${machine}!${plugin}`
		: formatFullPath({
			machine, plugin, volume, components: components.slice(0, -1),
		});
};

/** What a full path that is being typed lies in: its children are what it can be completed to. */
export const parentOfTyped = (text: string): string => {
	const mark = text.indexOf('!');

	if (mark === -1) {
		return '';
	}

	const slash = text.lastIndexOf('/');

	if (slash === -1) {
		return text.slice(0, mark);
	}

	const parent = text.slice(0, slash);

	return parent.endsWith(':') ? parent.slice(0, parent.indexOf(':')) : parent;
};

