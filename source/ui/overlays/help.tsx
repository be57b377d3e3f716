import {useReducer} from 'react';
import {Panel, panelRoom} from '../components/panel.tsx';
import {useScreenSize} from '../components/size.ts';
import type {FocusLayer} from '../keys/focus-stack.ts';
import {
	bindingsOf,
	layers,
	type LayerName,
	type NamedBinding,
} from '../keys/keymap.ts';
import {showKey} from '../keys/key-name.ts';
import {useKeys} from '../keys/use-keys.ts';
import {fit} from '../look/fit.ts';
import {strong, type Line} from '../look/span.ts';
import {movingHandlers} from '../list/use-list.ts';
import {
	arrayRows,
	firstShown,
	moveCursor,
	startCursor,
	type Cursor,
	type Movement,
} from '../list/cursor.ts';
import {useDialogWidth} from './confirm-dialog.tsx';
import {topicLines} from './help-topics.ts';

export type HelpProps = {
	/** The screen it is about. */
	readonly about: Pick<FocusLayer, 'handlers'> & {readonly name: LayerName};
	readonly onClose: () => void;
};

const keysWidth = 16;

/** The keys of the screen below, each with what it does, and why it cannot be used now. */
export function Help({about, onClose}: HelpProps) {
	const width = useDialogWidth();
	const height = panelRoom(useScreenSize().height);
	const lines = helpLines(about, width);
	const list = arrayRows(lines, line => String(lines.indexOf(line)));

	// The window moves with the keys, there is no row to focus.
	const [cursor, move] = useReducer((current: Cursor, movement: Movement) => moveCursor(list, current, {movement, height: 1}), startCursor);

	useKeys('help', {...movingHandlers(move), out: onClose}, {level: 'overlay', isModal: true});

	const first = firstShown({...cursor, top: cursor.index}, {rowCount: lines.length, height});

	return <Panel lines={lines.slice(first, first + height)} title={`Keys: ${layers[about.name].title}`} width={width}/>;
}

const helpLines = ({name, handlers}: HelpProps['about'], width: number): readonly Line[] => {
	const shown = bindingsOf(name);
	const own = shown.filter(({section}) => section !== 'everywhere');
	const common = shown.filter(({section}) => section === 'everywhere');

	return [
		...own.map(binding => helpLine(binding, {reason: handlers[binding.act], width})),
		...topicLines(name, width),
		...(common.length === 0 ? [] : [[], [strong('Everywhere')]]),
		...common.map(binding => helpLine(binding, {reason: undefined, width})),
		[],
		[{text: 'A paste never runs as keys. What runs goes on when this is closed.', isMuted: true}],
	];
};

const helpLine = ({keys, help}: NamedBinding, {reason, width}: {readonly reason: unknown; readonly width: number}): Line => {
	const isUnavailable = typeof reason === 'string';

	return [
		{text: fit(keys.map(key => showKey(key)).join(' '), keysWidth), isStrong: !isUnavailable, isMuted: isUnavailable},
		{text: fit(isUnavailable ? `${help} (not now: ${reason})` : help, width - keysWidth), isMuted: isUnavailable},
	];
};
