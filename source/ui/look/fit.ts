import stringWidth from 'string-width';
import {glyph} from './appearance.ts';
import {textOf, type Line, type Span} from './span.ts';

export type Alignment = 'left' | 'right';

const printableAscii = /^[\u{20}-\u{7E}]*$/v;
const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Terminal cells. */
export const widthOf = (text: string): number => printableAscii.test(text) ? text.length : stringWidth(text);

export const graphemesOf = (text: string): string[] => printableAscii.test(text) ? [...text] : [...segmenter.segment(text)].map(({segment}) => segment);

/** Exactly `width` cells: cut at the end with an ellipsis, or padded. */
export const fit = (text: string, width: number, alignment: Alignment = 'left'): string => {
	const clipped = clip(text, width);
	const padding = ' '.repeat(Math.max(0, width - widthOf(clipped)));

	return alignment === 'left' ? clipped + padding : padding + clipped;
};

/** At most `width` cells. */
export const clip = (text: string, width: number): string => {
	if (widthOf(text) <= width) {
		return text;
	}

	return width <= 0 ? '' : takeCells(text, width - widthOf(glyph('ellipsis'))) + glyph('ellipsis');
};

/** At most `width` cells, cut at the front: the end of a path tells most. */
export const clipStart = (text: string, width: number): string => {
	if (widthOf(text) <= width) {
		return text;
	}

	const reversed = graphemesOf(text).toReversed();
	let [used, taken] = [widthOf(glyph('ellipsis')), 0];

	while (taken < reversed.length && used + widthOf(reversed[taken]!) <= width) {
		used += widthOf(reversed[taken]!);
		taken++;
	}

	return width <= 0 ? '' : glyph('ellipsis') + reversed.slice(0, taken).toReversed().join('');
};

/** A line of exactly `width` cells. */
export const fitLine = (line: Line, width: number): Line => {
	const clipped = clipLine(line, width);
	const left = width - clipped.reduce((sum, {text}) => sum + widthOf(text), 0);

	return left > 0 ? [...clipped, {text: ' '.repeat(left)}] : clipped;
};

/** A line of at most `width` cells. */
export const clipLine = (line: Line, width: number): Line => {
	const fitted: Span[] = [];
	let left = width;

	for (const span of line) {
		const text = clip(span.text, left);
		left -= widthOf(text);
		fitted.push({...span, text});

		if (text !== span.text) {
			break;
		}
	}

	return fitted;
};

/** Two lines as one of exactly `width` cells, the second flush right; where there is no room for both, the first gives way. */
export const fitSides = (left: Line, right: Line, width: number): Line => {
	const rightWidth = Math.min(width, widthOf(textOf(right)));

	return [...fitLine(left, width - rightWidth), ...fitLine(right, rightWidth)];
};

/** Words onto lines of at most `width` cells; a longer word is cut. */
export const wrapWords = (text: string, width: number): string[] => {
	const lines: string[] = [];
	let line = '';

	for (const word of text.split(' ')) {
		const longer = line === '' ? word : `${line} ${word}`;

		if (widthOf(longer) <= width) {
			line = longer;
			continue;
		}

		if (line !== '') {
			lines.push(line);
		}

		line = word;

		while (widthOf(line) > width) {
			const head = takeCells(line, width);
			lines.push(head);
			line = line.slice(head.length);
		}
	}

	return [...lines, line];
};

const takeCells = (text: string, width: number): string => {
	let [taken, used] = ['', 0];

	for (const grapheme of graphemesOf(text)) {
		used += widthOf(grapheme);

		if (used > width) {
			break;
		}

		taken += grapheme;
	}

	return taken;
};
