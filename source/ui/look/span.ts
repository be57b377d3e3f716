import {appearance} from './appearance.ts';

/** What a piece of text means; state is always also a word or a glyph. */
export type Tone = 'plain' | 'accent' | 'good' | 'warning' | 'bad';

/** A piece of one line: plain text without control characters, and its looks. */
export type Span = {
	readonly text: string;
	readonly tone?: Tone | undefined;
	readonly isStrong?: boolean | undefined;
	readonly isMuted?: boolean | undefined;
	readonly isInverse?: boolean | undefined;
};

export type Line = readonly Span[];

const colours: Readonly<Record<Tone, string>> = {
	plain: '',
	accent: '36',
	good: '32',
	warning: '33',
	bad: '31',
};

const colourOf = (tone: Tone): string => appearance().hasColour ? colours[tone] : '';

/** The span with its SGR codes: the terminal's own 16 colours, never a background. */
export const paint = ({text, tone = 'plain', isStrong = false, isMuted = false, isInverse = false}: Span): string => {
	const codes = [
		isStrong && '1',
		isMuted && '2',
		isInverse && '7',
		colourOf(tone),
	].filter(Boolean);

	return text === '' || codes.length === 0 ? text : `\u{1B}[${codes.join(';')}m${text}\u{1B}[0m`;
};

export const plain = (text: string): Span => ({text});
export const strong = (text: string): Span => ({text, isStrong: true});
export const muted = (text: string): Span => ({text, isMuted: true});
export const toned = (tone: Tone, text: string): Span => ({text, tone});

export const textOf = (line: Line): string => line.map(({text}) => text).join('');
