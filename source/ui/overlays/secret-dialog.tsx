import {Box} from 'ink';
import {Lines} from '../components/lines.tsx';
import {useScreenSize} from '../components/size.ts';
import type {Secret} from '../interface.ts';
import {useKeys} from '../keys/use-keys.ts';
import {plain, strong, type Line} from '../look/span.ts';

export type SecretDialogProps = {readonly secret: Secret; readonly onAnswer: (isStored: boolean) => void};

/** Lines around what is shown. */
const linesAround = 3;

const wholeSecret = 'It is shown as a whole, or not at all.';

/** Shows something once, over the whole screen and from its left edge, so that it can be copied as it is. */
export function SecretDialog({secret: {title, text, command}, onAnswer}: SecretDialogProps) {
	const {width, height} = useScreenSize();
	const rows = text.trimEnd().split('\n');
	const isTooSmall = rows.length + linesAround > height || rows.some(row => row.length > width);

	useKeys('confirmation', {
		yes: isTooSmall
			? 'Not all of it can be seen.'
			: () => {
				onAnswer(true);
			},
		no() {
			onAnswer(false);
		},
		copy: `It is shown here alone. The command that does the same: ${command}`,
		down: wholeSecret,
		up: wholeSecret,
	}, {level: 'dialog', isModal: true});

	const lines: readonly Line[] = [
		[strong(title)],
		...isTooSmall ? [[plain(`This needs ${rows.length + linesAround} lines: make the window larger, or n and name a file.`)]] : rows.map((row): Line => [plain(row)]),
		[],
		[strong('y'), plain(' it is stored, go on   '), strong('n'), plain(' nothing is changed')],
	];

	return <Box left={0} position='absolute' top={0}><Lines isOpaque height={height} lines={lines} width={width}/></Box>;
}
