import {useState} from 'react';
import {Panel, panelFrame} from '../components/panel.tsx';
import {useScreenSize} from '../components/size.ts';
import {useTextField} from '../fields/use-text-field.ts';
import {type Confirmation, useInterface} from '../interface.ts';
import {showKey} from '../keys/key-name.ts';
import {useKeys} from '../keys/use-keys.ts';
import {wrapWords} from '../look/fit.ts';
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

	const lines: readonly Line[] = [
		...bodyLines(confirmation, width),
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

	const isRight = text === nameToType;
	const lines: readonly Line[] = [
		...bodyLines(confirmation, width),
		[plain('Type '), strong(nameToType), plain(': '), ...line, isRight ? toned('warning', `  ${showKey('enter')} ${confirmation.act}`) : plain('')],
		[],
		isAtCommand
			? [strong('c'), plain(' copy the command  '), strong(showKey('tab')), plain(' to the field  '), strong(showKey('escape')), plain(' cancel')]
			: [strong(showKey('escape')), plain(' cancel  '), strong(showKey('tab')), muted(' to the command')],
	];

	return <Panel lines={lines} title={confirmation.title} tone='bad' width={width}/>;
}

export const useDialogWidth = (): number => Math.min(76, useScreenSize().width - 2) - panelFrame.width;

const bodyLines = ({lines, command}: Confirmation, width: number): readonly Line[] => [
	...lines,
	[],
	...wrapWords(command, width - 2).map((text, index): Line => [muted(`${index === 0 ? '$' : ' '} ${text}`)]),
	[],
];
