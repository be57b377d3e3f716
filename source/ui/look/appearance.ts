/** How this terminal can be drawn on: decided once, when it is opened. */
export type Appearance = {readonly isAscii: boolean; readonly hasColour: boolean};

/** Only a locale that says UTF-8 gets more than ASCII; `NO_COLOR` with any value takes the colours away. */
export const appearanceOf = (environment: Readonly<Record<string, string | undefined>>, isAscii = false): Appearance => {
	// POSIX: an empty variable counts as unset.
	const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(value => value !== undefined && value !== '') ?? '';

	return {
		isAscii: isAscii || !/utf-?8/iv.test(locale),
		hasColour: (environment.NO_COLOR ?? '') === '',
	};
};

const unicodeGlyphs = {
	focus: '❯',
	mark: '*',
	tag: '●',
	good: '✓',
	warning: '!',
	bad: '✗',
	separator: '›',
	dot: '·',
	none: '–',
	ellipsis: '…',
	up: '↑',
	down: '↓',
	open: '▾',
	closed: '▸',
	arrow: '→',
	barDone: '█',
	barLeft: '░',
	horizontal: '─',
	vertical: '│',
	topLeft: '╭',
	topRight: '╮',
	bottomLeft: '╰',
	bottomRight: '╯',
};

export type GlyphName = keyof typeof unicodeGlyphs;

const asciiGlyphs: Readonly<Record<GlyphName, string>> = {
	focus: '>',
	mark: '*',
	tag: '#',
	good: 'ok',
	warning: '!',
	bad: 'x',
	separator: '>',
	dot: '|',
	none: '-',
	ellipsis: '~',
	up: '^',
	down: 'v',
	open: '-',
	closed: '+',
	arrow: '->',
	barDone: '#',
	barLeft: '.',
	horizontal: '-',
	vertical: '|',
	topLeft: '+',
	topRight: '+',
	bottomLeft: '+',
	bottomRight: '+',
};

let current: Appearance = {isAscii: false, hasColour: true};

/** There is one terminal to a process, so its looks are the process's. */
export const setAppearance = (appearance: Appearance): void => {
	current = appearance;
};

export const appearance = (): Appearance => current;

export const glyph = (name: GlyphName): string => (current.isAscii ? asciiGlyphs : unicodeGlyphs)[name];
