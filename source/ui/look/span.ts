import {appearance} from './appearance.ts';

/** What a piece of text means; state is always also a word or a glyph. */
export type Tone = 'plain' | 'accent' | 'good' | 'warning' | 'bad' | 'blue' | 'violet';

/** A piece of one line: plain text without control characters, and its looks. */
export type Span = {
	readonly text: string;
	readonly tone?: Tone | undefined;
	readonly isStrong?: boolean | undefined;
	readonly isMuted?: boolean | undefined;
	readonly isInverse?: boolean | undefined;
};

export type Line = readonly Span[];

const colours: Readonly<Record<Tone, number>> = {
	plain: 39,
	accent: 36,
	good: 32,
	warning: 33,
	bad: 31,
	blue: 34,
	violet: 35,
};

const defaultColour = 39;
const normalWeight = 22;

const colourOf = (tone: Tone): number => appearance().hasColour ? colours[tone] : defaultColour;

/**
The span with its SGR codes: the terminal's own 16 colours, never a background. Each code is closed by its own end, as ink writes them: what it finds
in its own form it need not take apart twice.
*/
export const paint = ({text, tone = 'plain', isStrong = false, isMuted = false, isInverse = false}: Span): string => {
	if (text === '') {
		return '';
	}

	const colour = colourOf(tone);
	const coloured = colour === defaultColour ? text : wrap(text, colour, defaultColour);
	const weighted = isStrong || isMuted ? wrap(coloured, isStrong ? 1 : 2, normalWeight) : coloured;

	return isInverse ? wrap(weighted, 7, 27) : weighted;
};

const wrap = (text: string, start: number, end: number): string => `\u{1B}[${start}m${text}\u{1B}[${end}m`;

export const plain = (text: string): Span => ({text});
export const strong = (text: string): Span => ({text, isStrong: true});
export const muted = (text: string): Span => ({text, isMuted: true});
export const toned = (tone: Tone, text: string): Span => ({text, tone});

export const textOf = (line: Line): string => line.map(({text}) => text).join('');
