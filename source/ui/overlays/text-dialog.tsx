import {useState} from 'react';
import {Panel} from '../components/panel.tsx';
import {candidateLines, useCompletion} from '../fields/use-completion.ts';
import {fitField, useTextField} from '../fields/use-text-field.ts';
import type {TextQuestion} from '../interface.ts';
import {showKey} from '../keys/key-name.ts';
import {wrapWords} from '../look/fit.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
} from '../look/span.ts';
import {useDialogWidth} from './confirm-dialog.tsx';
import {usePreview} from './use-preview.ts';

export type TextDialogProps = {
	readonly question: TextQuestion;
	readonly onAnswer: (text: string | undefined) => void;
};

/** Of what a text would come to; the hint below it stays in sight. */
const mostPreviewed = 8;

/** Asks for one line of text. */
export function TextDialog({question, onAnswer}: TextDialogProps) {
	const width = useDialogWidth();
	const [problem, setProblem] = useState<string>();

	const {candidates, complete} = useCompletion(question.complete);
	const [preview, showPreview] = usePreview(question);

	const {line, replace} = useTextField({
		text: question.text,
		level: 'dialog',
		isModal: true,
		takesPaste: true,
		isSecret: question.isSecret,
		onChange(text) {
			setProblem(undefined);
			showPreview(text);
		},
		keys: {
			enter(text) {
				const found = question.check?.(text);

				if (found === undefined) {
					onAnswer(text);
				} else {
					setProblem(found);
				}
			},
			escape() {
				onAnswer(undefined);
			},
			tab(text) {
				complete(text, replace);
			},
		},
	});

	const lines: readonly Line[] = [
		fitField(line, width),
		[],
		...preview.flatMap(text => wrapWords(text, width)).slice(0, mostPreviewed).map((text): Line => [plain(text)]),
		...(preview.length === 0 ? [] : [[]]),
		...wrapWords(problem ?? question.hint, width).map((text): Line => [problem === undefined ? muted(text) : toned('bad', text)]),
		...candidateLines(candidates, width),
		[],
		[
			strong(showKey('enter')),
			plain(' accept  '),
			strong(showKey('escape')),
			plain(' cancel'),
			...(question.complete === undefined ? [] : [plain('  '), strong(showKey('tab')), plain(' complete')]),
		],
	];

	return <Panel lines={lines} title={question.title} width={width}/>;
}
