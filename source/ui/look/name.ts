import {escapeText, toScreen, type RawPath} from '../../domain/raw-name.ts';
import {appearance} from './appearance.ts';

/** The one way in which a name from disk reaches the screen: escaped, and on a terminal without UTF-8 as ASCII. */
export const showName = (raw: RawPath): string => {
	const shown = toScreen(raw);

	return appearance().isAscii ? asAscii(shown) : shown;
};

/** A sentence that may quote a name from disk (an error of the system, a reason): what could move the cursor or reorder text is made visible. */
export const showSentence = (text: string): string => {
	const visible = escapeText(text).replaceAll(/[\t\n]/gv, ' ');

	return appearance().isAscii ? asAscii(visible) : visible;
};

const asAscii = (text: string): string => text.replaceAll(/\P{ASCII}/gv, character => hexOf(character));

const hexOf = (character: string): string => [...new TextEncoder().encode(character)].map(byte => String.raw`\x${byte.toString(16).padStart(2, '0')}`).join('');
