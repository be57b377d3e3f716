import {Box} from 'ink';
import {useState, type ReactElement, type ReactNode} from 'react';
import type {Handler} from '../keys/focus-stack.ts';
import type {Movement} from '../list/cursor.ts';
import {movingHandlers} from '../list/use-list.ts';
import {glyph} from '../look/appearance.ts';
import {fitLine} from '../look/fit.ts';
import type {Line} from '../look/span.ts';
import {Lines} from './lines.tsx';
import {scrollTo} from './scroll.ts';
import {twoPaneWidth, useBodySize} from './size.ts';

export type Details = {
	/** What is left for the list. */
	readonly listWidth: number;
	/** To be spread after the list's handlers: they move the pane while it has the focus. */
	readonly handlers: Readonly<Record<string, Handler>> & {readonly otherPane: Handler};
	/** The pane, where there is room for one. */
	readonly pane: ReactElement | undefined;
};

export type DetailsOptions = {
	/** What they are about: another one is shown from its top. */
	readonly about: string | undefined;
	readonly lines: (width: number) => readonly Line[];
};

const paneShare = 0.38;
const widestPane = 64;

/** The second pane of wide screens: what is known of the focused row. */
export const useDetails = ({about, lines}: DetailsOptions): Details => {
	const {width, height} = useBodySize();
	const [{place, hasFocus}, setPlace] = useState<{readonly place: {readonly about: string | undefined; readonly top: number}; readonly hasFocus: boolean}>({place: {about, top: 0}, hasFocus: false});

	if (width < twoPaneWidth) {
		return {
			listWidth: width,
			handlers: {otherPane: `The second pane needs ${twoPaneWidth} columns; this terminal has ${width}.`},
			pane: undefined,
		};
	}

	const paneWidth = Math.min(widestPane, Math.floor(width * paneShare));
	const shown = lines(paneWidth - 3);
	const top = place.about === about ? place.top : 0;

	const move = (movement: Movement) => {
		setPlace({place: {about, top: scrollTo(top, movement, {lineCount: shown.length, height})}, hasFocus});
	};

	return {
		listWidth: width - paneWidth,
		handlers: {
			otherPane() {
				setPlace({place: {about, top}, hasFocus: !hasFocus});
			},
			...(hasFocus && movingHandlers(move)),
		},
		pane: <Lines height={height} lines={paneLines(shown.slice(top, top + height), {width: paneWidth, height, hasFocus})} width={paneWidth}/>,
	};
};

/** A list and, where there is room, its details beside it. */
export function Panes({pane, children}: Pick<Details, 'pane'> & {readonly children: ReactNode}) {
	return <Box flexDirection='row'>{children}{pane}</Box>;
}

const paneLines = (lines: readonly Line[], {width, height, hasFocus}: {readonly width: number; readonly height: number; readonly hasFocus: boolean}): readonly Line[] =>
	Array.from({length: height}, (_, index) => [
		{text: `${glyph('vertical')} `, tone: hasFocus ? 'accent' as const : 'plain' as const, isMuted: !hasFocus},
		...fitLine(outdent(lines[index] ?? []), width - 2),
	]);

/** Without the margin that lines have on a screen of their own. */
const outdent = ([first, ...others]: Line): Line => first === undefined ? [] : [{...first, text: first.text.replace(/^ {1,3}/v, '')}, ...others];
