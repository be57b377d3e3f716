import {useState} from 'react';
import {Panel, panelFrame, panelRoom} from '../components/panel.tsx';
import {useScreenSize} from '../components/size.ts';
import {useTextField} from '../fields/use-text-field.ts';
import {type Confirmation, useInterface} from '../interface.ts';
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

	const copyCommand = () => {
		copy(confirmation.command);
	};

	useKeys('confirmation', {
		yes() {
			onAnswer(true);
		},
		no() {
			onAnswer(false);
		},
		copy: copyCommand,
	}, {level: 'dialog', isModal: true});

	const room = useDialogRoom();
	const lines: readonly Line[] = [
		...bodyLines(confirmation, {width, room: room - 1}),
		[strong('y'), plain(` ${confirmation.act}   `), strong(`n ${showKey('enter')} ${showKey('escape')}`), plain(' no   '), strong('c'), plain(' copy the command')],
	];

	return <Panel lines={lines} title={confirmation.title} tone='warning' width={width}/>;
}

function TypedName({confirmation, nameToType, onAnswer}: ConfirmDialogProps & {readonly nameToType: string}) {
	const width = useDialogWidth();
	const {notify} = useInterface();
	const [isAtCommand, setIsAtCommand] = useState(false);
	const copy = useCopy();

	const copyCommand = () => {
		copy(confirmation.command);
	};

	const {text, line} = useTextField({
		text: '',
		level: 'dialog',
		isModal: true,
		takesPaste: false,
		keys: {
			enter(typed) {
				if (typed === nameToType) {
					onAnswer(true);
				} else {
					notify({text: typed === '' ? `Nothing was done: type ${nameToType} first.` : `Nothing was done: "${typed}" is not ${nameToType}.`, tone: 'warning'});
				}
			},
			escape() {
				onAnswer(false);
			},
			tab() {
				setIsAtCommand(!isAtCommand);
			},
			...(isAtCommand && {c: copyCommand}),
		},
	});

	const room = useDialogRoom();
	const isRight = text === nameToType;
	const lines: readonly Line[] = [
		...bodyLines(confirmation, {width, room: room - 3}),
		[plain('Type '), strong(nameToType), plain(': '), ...line, isRight ? toned('warning', `  ${showKey('enter')} ${confirmation.act}`) : plain('')],
		[],
		isAtCommand
			? [strong('c'), plain(' copy the command  '), strong(showKey('tab')), plain(' to the field  '), strong(showKey('escape')), plain(' cancel')]
			: [strong(showKey('escape')), plain(' cancel  '), strong(showKey('tab')), muted(' to the command')],
	];

	return <Panel lines={lines} title={confirmation.title} tone='bad' width={width}/>;
}

export const useDialogWidth = (): number => Math.min(76, useScreenSize().width - 2) - panelFrame.width;

const useDialogRoom = (): number => panelRoom(useScreenSize().height);

/** What is asked stays in sight: a long command is cut before the question is, and is copied whole. */
const bodyLines = ({lines, command}: Confirmation, {width, room}: {readonly width: number; readonly room: number}): readonly Line[] => {
	const wrapped = wrapWords(command, width - 2);
	const shown = wrapped.slice(0, Math.max(1, room - lines.length - 2));
	const commandLines = shown.map((text, index): Line => [muted(`${index === 0 ? '$' : ' '} ${index === shown.length - 1 && shown.length < wrapped.length ? cutLine(text, width - 2) : text}`)]);

	return [...cutMiddle(lines, room - commandLines.length - 2), [], ...commandLines, []];
};

const cutLine = (text: string, width: number): string => {
	const mark = ' (copied whole)';

	return `${clip(`${text} ${glyph('ellipsis')}`, width - mark.length)}${mark}`;
};

/** The first lines and the last one: it says what becomes of all. */
const cutMiddle = (lines: readonly Line[], room: number): readonly Line[] => lines.length <= room ? lines : [...lines.slice(0, Math.max(0, room - 2)), [muted(glyph('ellipsis'))], ...lines.slice(-1)];
