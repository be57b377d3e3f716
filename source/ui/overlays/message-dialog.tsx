import {Panel} from '../components/panel.tsx';
import type {Message} from '../interface.ts';
import {showKey} from '../keys/key-name.ts';
import {useFocusLayer} from '../keys/use-keys.ts';
import {wrapWords} from '../look/fit.ts';
import {muted, strong, type Line} from '../look/span.ts';
import {useDialogWidth} from './confirm-dialog.tsx';

export type MessageDialogProps = {readonly message: Message; readonly onClose: () => void};

/** Says something that must be read; Enter or Esc goes on: a key typed ahead must not hide it. */
export function MessageDialog({message, onClose}: MessageDialogProps) {
	const width = useDialogWidth();

	useFocusLayer({
		level: 'dialog',
		name: undefined,
		handlers: {},
		isModal: true,
		isRepeatable: () => false,
		take(key) {
			if (closingKeys.has(key)) {
				onClose();
			}

			return true;
		},
	});

	const lines = message.lines.flatMap(line => wrapLine(line, width));

	return <Panel lines={[...lines, [], [strong(showKey('enter')), muted(' go on')]]} title={message.title} tone='warning' width={width}/>;
}

const closingKeys = new Set(['enter', 'escape', 'q', 'space']);

const wrapLine = (line: Line, width: number): readonly Line[] => {
	const [only, ...others] = line;

	return only === undefined || others.length > 0 ? [line] : wrapWords(only.text, width).map((text): Line => [{...only, text}]);
};
