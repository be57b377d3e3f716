import {fitLine, widthOf} from '../look/fit.ts';
import {textOf, type Line} from '../look/span.ts';
import {bindingsOf, type NamedBinding} from '../keys/keymap.ts';
import {showKey} from '../keys/key-name.ts';
import type {Keys} from '../keys/use-keys.ts';

const mostKeys = 7;

/** The keys worth knowing here; one that cannot act now is dimmed and says why when pressed. */
export const footerLine = ({name, handlers}: Keys, width: number): Line => {
	const shown = bindingsOf(name).filter(({footer}) => footer !== undefined).toSorted((one, other) => one.footer! - other.footer!);
	const own = shown.filter(({section}) => section !== 'everywhere');
	const common = shown.filter(({section}) => section === 'everywhere');

	for (let count = Math.min(own.length, mostKeys - common.length); count >= 0; count--) {
		const line: Line = [{text: ' '}, ...[...own.slice(0, count), ...common].flatMap(binding => keyHint(binding, typeof handlers[binding.act] === 'string'))];

		if (widthOf(textOf(line)) <= width) {
			return line;
		}
	}

	return fitLine([], width);
};

const keyHint = ({keys, label}: NamedBinding, isUnavailable: boolean): Line => [
	{text: showKey(keys[0]!), isStrong: !isUnavailable, isMuted: isUnavailable},
	{text: ` ${label}  `, isMuted: isUnavailable},
];
