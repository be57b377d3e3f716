import {useReducer, useState} from 'react';
import {formatCount} from '../../domain/units.ts';
import {Panel, panelFrame, panelRoom} from '../components/panel.tsx';
import {useScreenSize} from '../components/size.ts';
import {useTextField} from '../fields/use-text-field.ts';
import type {Confirmation} from '../interface.ts';
import {showKey} from '../keys/key-name.ts';
import {useKeys} from '../keys/use-keys.ts';
import {glyph} from '../look/appearance.ts';
import {clip, wrapWords} from '../look/fit.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
} from '../look/span.ts';
import {useCopy} from '../use-copy.ts';

export type ConfirmDialogProps = {
	readonly confirmation: Confirmation;
	readonly onAnswer: (isConfirmed: boolean) => void;
};

/** The question before anything that changes data: default no, and a name to type where live data is overwritten. */
export function ConfirmDialog({confirmation, onAnswer}: ConfirmDialogProps) {
	return confirmation.nameToType === undefined
		? <YesNo confirmation={confirmation} onAnswer={onAnswer}/>
		: <TypedName confirmation={confirmation} nameToType={confirmation.nameToType} onAnswer={onAnswer}/>;
}

function YesNo({confirmation, onAnswer}: ConfirmDialogProps) {
	const width = useDialogWidth();
	const copy = useCopy();
	const body = useDialogBody(confirmation, {width, linesBelow: 1});

	useKeys('confirmation', {
		yes() {
			onAnswer(true);
		},
		no() {
			onAnswer(false);
		},
		copy() {
			copy(confirmation.command);
		},
		down: body.down,
		up: body.up,
	}, {level: 'dialog', isModal: true});

	const lines: readonly Line[] = [
		...body.lines,
		[strong('y'), plain(` ${confirmation.act}   `), strong(`n ${showKey('enter')} ${showKey('escape')}`), plain(' no   '), strong('c'), plain(' copy the command')],
	];

	return <Panel lines={lines} title={confirmation.title} tone='warning' width={width}/>;
}

function TypedName({confirmation, nameToType, onAnswer}: ConfirmDialogProps & {readonly nameToType: string}) {
	const width = useDialogWidth();
	const [isAtCommand, setIsAtCommand] = useState(false);
	const [problem, setProblem] = useState('');
	const copy = useCopy();
	const body = useDialogBody(confirmation, {width, linesBelow: 3});

	const copyCommand = () => {
		copy(confirmation.command);
	};

	const {text, line} = useTextField({
		text: '',
		level: 'dialog',
		isModal: true,
		takesPaste: false,
		onChange() {
			setProblem('');
		},
		keys: {
			enter(typed) {
				if (typed === nameToType) {
					onAnswer(true);
				} else {
					setProblem(typed === '' ? `Nothing was done: type ${nameToType} first.` : `Nothing was done: "${typed}" is not ${nameToType}.`);
				}
			},
			escape() {
				onAnswer(false);
			},
			tab() {
				setIsAtCommand(!isAtCommand);
			},
			down: body.down,
			up: body.up,
			pagedown: body.down,
			pageup: body.up,
			...(isAtCommand && {c: copyCommand}),
		},
	});

	const isRight = text === nameToType;
	const lines: readonly Line[] = [
		...body.lines,
		[plain('Type '), strong(nameToType), plain(': '), ...line, isRight ? toned('warning', `  ${showKey('enter')} ${confirmation.act}`) : plain('')],
		[toned('bad', problem)],
		isAtCommand
			? [strong('c'), plain(' copy the command  '), strong(showKey('tab')), plain(' to the field  '), strong(showKey('escape')), plain(' cancel')]
			: [strong(showKey('escape')), plain(' cancel  '), strong(showKey('tab')), muted(' to the command')],
	];

	return <Panel lines={lines} title={confirmation.title} tone='bad' width={width}/>;
}

export const useDialogWidth = (): number => Math.min(76, useScreenSize().width - 2) - panelFrame.width;

type DialogBody = {readonly lines: readonly Line[]; readonly up: () => void; readonly down: () => void};

/** What is asked, and the command. The question stays in sight: a long command is cut before it is, and is copied whole; more lines than fit are moved through. */
const useDialogBody = ({lines, command}: Confirmation, {width, linesBelow}: {readonly width: number; readonly linesBelow: number}): DialogBody => {
	const room = panelRoom(useScreenSize().height) - linesBelow;
	const wrapped = wrapWords(command, width - 2);
	const shown = wrapped.slice(0, Math.max(1, room - lines.length - 2));
	const commandLines = shown.map((text, index): Line => [muted(`${index === 0 ? '$' : ' '} ${index === shown.length - 1 && shown.length < wrapped.length ? cutLine(text, width - 2) : text}`)]);
	const rest = lines.slice(0, -1);
	const left = Math.max(2, room - commandLines.length - 2);
	// Beside the last line and, where there is room, the one that says where one is.
	const isPlaceTold = left > 2;
	const count = left - (isPlaceTold ? 2 : 1);
	const mostHidden = lines.length <= left ? 0 : rest.length - count;
	const [from, move] = useReducer((before: number, by: number) => Math.max(0, Math.min(mostHidden, before + by)), 0);
	const first = Math.min(from, mostHidden);

	return {
		lines: [...(mostHidden === 0 ? lines : [...rest.slice(first, first + count), ...(isPlaceTold ? [placeLine({first, count, total: rest.length})] : []), ...lines.slice(-1)]), [], ...commandLines, []],
		down() {
			move(count);
		},
		up() {
			move(-count);
		},
	};
};

const placeLine = ({first, count, total}: {readonly first: number; readonly count: number; readonly total: number}): Line =>
	[muted(`${glyph('ellipsis')} ${first + 1} to ${Math.min(total, first + count)} of ${formatCount(total)} lines; ${showKey('down')} ${showKey('up')} show the others`)];

const cutLine = (text: string, width: number): string => {
	const mark = ' (copied whole)';

	return `${clip(`${text} ${glyph('ellipsis')}`, width - mark.length)}${mark}`;
};
