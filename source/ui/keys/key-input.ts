import {graphemesOf} from '../look/fit.ts';

/** What ink says about an event: which special key it was. */
export type EventFlags = Readonly<Record<SpecialFlag, boolean>> & {readonly ctrl: boolean; readonly meta: boolean; readonly shift: boolean};

type SpecialFlag = keyof typeof special;

const special = {
	upArrow: 'up',
	downArrow: 'down',
	leftArrow: 'left',
	rightArrow: 'right',
	pageUp: 'pageup',
	pageDown: 'pagedown',
	home: 'home',
	end: 'end',
	return: 'enter',
	escape: 'escape',
	tab: 'tab',
	backspace: 'backspace',
	delete: 'delete',
} as const;

const controls: Readonly<Record<string, string>> = {
	'\r': 'enter',
	'\n': 'enter',
	'\r\n': 'enter',
	'\t': 'tab',
	'\u{8}': 'backspace',
	'\u{1B}': 'escape',
	'\u{7F}': 'backspace',
	' ': 'space',
};

/**
The keys of one event. Keys typed fast, or sent together by a slow line, arrive as one text. There are no Alt keys: Escape and a key that arrive
together are two keys, and so are two Escapes.
*/
export const splitKeys = (input: string, flags: EventFlags): string[] => {
	const name = (Object.keys(special) as SpecialFlag[]).find(flag => flags[flag]);
	const prefix = flags.meta ? ['escape'] : [];

	if (name !== undefined) {
		return [...prefix, flags.shift && flags.tab ? 'shift-tab' : special[name]];
	}

	return flags.ctrl ? [`ctrl-${input}`] : [...prefix, ...graphemesOf(input).map(grapheme => nameOf(grapheme))];
};

/** Longer than anyone types between two reads: a paste into a terminal that does not mark pastes. */
export const isLikelyPaste = (keys: readonly string[]): boolean => keys.length > 32 && new Set(keys).size > 4;

/** The text a key types, if it types any. */
export const textOfKey = (key: string): string | undefined => {
	if (key === 'space') {
		return ' ';
	}

	return graphemesOf(key).length === 1 ? key : undefined;
};

const nameOf = (grapheme: string): string => {
	const known = controls[grapheme];

	if (known !== undefined) {
		return known;
	}

	const code = grapheme.codePointAt(0)!;

	return code > 0 && code < 27 ? `ctrl-${String.fromCodePoint(code + 96)}` : grapheme;
};
