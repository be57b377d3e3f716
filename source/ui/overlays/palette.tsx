import {useEffect, useReducer, useState} from 'react';
import {compileFilter} from '../../domain/filter.ts';
import {Panel, panelRoom} from '../components/panel.tsx';
import {useScreenSize} from '../components/size.ts';
import {marker} from '../components/table.ts';
import {useTextField} from '../fields/use-text-field.ts';
import {
	arrayRows,
	firstShown,
	moveCursor,
	startCursor,
	type Cursor,
	type Movement,
} from '../list/cursor.ts';
import {fit} from '../look/fit.ts';
import {muted, plain, type Line} from '../look/span.ts';
import {useDialogWidth} from './confirm-dialog.tsx';

/** A place to go or an act to do. */
export type PaletteEntry = {
	readonly id: string;
	readonly title: string;
	readonly remark: string;
	readonly run: () => void;
};

export type PaletteState = {readonly text: string; readonly cursor: Cursor};

export type PaletteEvent =
	| {readonly type: 'typed'; readonly text: string}
	| {readonly type: 'moved'; readonly movement: Movement; readonly entries: readonly PaletteEntry[]; readonly height: number};

export const startPalette: PaletteState = {text: '', cursor: startCursor};

export const reducePalette = (state: PaletteState, event: PaletteEvent): PaletteState => event.type === 'typed'
	? {text: event.text, cursor: startCursor}
	: {...state, cursor: moveCursor(arrayRows(findEntries(event.entries, state.text), idOf), state.cursor, event)};

/** Those that match, first those whose name begins with what was typed. */
export const findEntries = (entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] => {
	const isMatch = compileFilter(text);
	const found = entries.filter(({title, remark}) => isMatch(`${title} ${remark}`));
	const start = text.trim().toLowerCase();
	const isFirst = ({title}: PaletteEntry) => title.toLowerCase().startsWith(start);

	return [...found.filter(entry => isFirst(entry)), ...found.filter(entry => !isFirst(entry))];
};

export type PaletteProps = {
	readonly entries: readonly PaletteEntry[];
	/** `false` while more are being read: Enter then waits for them. */
	readonly isComplete: boolean;
	readonly onClose: () => void;
};

const mostRows = 12;
const remarkWidth = 22;

/** Anything by name: type a few letters, Enter. */
export function Palette({entries, isComplete, onClose}: PaletteProps) {
	const width = useDialogWidth();
	const room = panelRoom(useScreenSize().height);
	const height = Math.max(1, Math.min(mostRows, room - 2));
	const [state, dispatch] = useReducer(reducePalette, startPalette);
	const found = findEntries(entries, state.text);
	const [isEntered, setIsEntered] = useState(false);
	const chosen = found[state.cursor.index];

	useEffect(() => {
		if (!isEntered || chosen === undefined) {
			return;
		}

		onClose();
		chosen.run();
	}, [isEntered, chosen, onClose]);

	const move = (rows: number) => {
		dispatch({
			type: 'moved', movement: {type: 'by', rows}, entries, height,
		});
	};

	const {line} = useTextField({
		text: '',
		level: 'overlay',
		isModal: true,
		takesPaste: true,
		onChange(text) {
			setIsEntered(false);
			dispatch({type: 'typed', text});
		},
		keys: {
			up() {
				move(-1);
			},
			down() {
				move(1);
			},
			tab() {
				move(1);
			},
			escape: onClose,
			enter() {
				setIsEntered(true);
			},
		},
	});

	const first = firstShown(state.cursor, {rowCount: found.length, height});
	const rows = found.slice(first, first + height).map(({title, remark}, index): Line => [
		...marker({isFocused: first + index === state.cursor.index}),
		{text: fit(title, width - remarkWidth - 3), isStrong: first + index === state.cursor.index},
		muted(fit(remark, remarkWidth)),
	]);

	const lines: readonly Line[] = [
		[plain(': '), ...line],
		[],
		...(rows.length === 0 ? [[muted(isComplete ? '   Nothing has that name.' : '   Reading the accounts ...')]] : rows),
	];

	return <Panel lines={[...lines, ...Array.from({length: Math.max(0, height + 2 - lines.length)}, () => [])]} title='Go to, or do' width={width}/>;
}

const idOf = ({id}: PaletteEntry) => id;
