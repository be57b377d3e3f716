import {glyph} from '../look/appearance.ts';
import type {Line} from '../look/span.ts';

/** `████░░░░  45 %`; without a known share only the empty bar. */
export const progressBar = (share: number | undefined, width: number): Line => {
	const percent = share === undefined ? '' : `${Math.floor(share * 100)} %`;
	const cells = Math.max(1, width - 6);
	const done = Math.round((share ?? 0) * cells);

	return [
		{text: glyph('barDone').repeat(done), tone: 'accent'},
		{text: glyph('barLeft').repeat(cells - done), isMuted: true},
		{text: percent.padStart(6)},
	];
};
