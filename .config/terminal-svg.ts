import type {Terminal} from '../test/terminal.ts';

type Buffer = Terminal['buffer'];
type Cell = NonNullable<ReturnType<NonNullable<ReturnType<Buffer['getLine']>>['getCell']>>;
type Looks = {readonly colour: string; readonly background: string | undefined; readonly isBold: boolean; readonly opacity: number};
type Run = Looks & {readonly column: number; readonly width: number; readonly text: string};

const cellWidth = 8.4;
const lineHeight = 18;
const margin = 14;
const foreground = '#d8dee9';
const background = '#1b1f27';

/** The 16 colours of a terminal that is easy on the eyes. */
const palette = [
	'#3b4252',
	'#e06c75',
	'#98c379',
	'#e5c07b',
	'#61afef',
	'#c678dd',
	'#56b6c2',
	'#d8dee9',
	'#5c6370',
	'#ef7f88',
	'#a9d48a',
	'#f0cd8b',
	'#74bdf8',
	'#d48fe8',
	'#6cc9d5',
	'#ffffff',
] as const;

/** What a terminal shows as a picture that any browser draws. */
export const toSvg = (buffer: Buffer, {columns, rows}: {readonly columns: number; readonly rows: number}): string => {
	const width = (columns * cellWidth) + (2 * margin);
	const height = (rows * lineHeight) + (2 * margin);
	const lines = Array.from({length: rows}, (_, row) => lineRuns(buffer, row, columns).map(run => drawRun(run, row)).join(''));

	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
		`<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
		'<g font-family="\'DejaVu Sans Mono\', \'Liberation Mono\', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">',
		...lines.filter(line => line !== ''),
		'</g>',
		'</svg>',
		'',
	].join('\n');
};

const lineRuns = (buffer: Buffer, row: number, columns: number): readonly Run[] => {
	const line = buffer.getLine(buffer.viewportY + row);
	const runs: Run[] = [];

	for (let column = 0; column < columns; column++) {
		const cell = line?.getCell(column);

		if (cell === undefined || cell.getWidth() === 0) {
			continue;
		}

		const looks = looksOf(cell);
		const text = cell.getChars() === '' ? ' ' : cell.getChars();
		const last = runs.at(-1);

		// A wide or unusual character starts anew, so that a font of another width cannot shift what follows.
		if (last !== undefined && isSame(last, looks) && isPlain(text) && isPlain(last.text)) {
			runs[runs.length - 1] = {...last, width: last.width + 1, text: last.text + text};
		} else {
			runs.push({
				...looks, column, width: cell.getWidth(), text,
			});
		}
	}

	return runs;
};

const isPlain = (text: string): boolean => /^[\u{20}-\u{7E}]+$/v.test(text);

const isSame = (one: Looks, other: Looks): boolean =>
	one.colour === other.colour && one.background === other.background && one.isBold === other.isBold && one.opacity === other.opacity;

const looksOf = (cell: Cell): Looks => {
	const colour = cell.isFgPalette() ? palette[cell.getFgColor()] ?? foreground : foreground;
	const isInverse = cell.isInverse() !== 0;

	return {
		colour: isInverse ? background : colour,
		background: isInverse ? colour : undefined,
		isBold: cell.isBold() !== 0,
		opacity: cell.isDim() === 0 ? 1 : 0.55,
	};
};

const drawRun = (run: Run, row: number): string => {
	const spaces = run.text.length - run.text.trimStart().length;
	const x = (margin + ((run.column + spaces) * cellWidth)).toFixed(1);
	const width = ((run.width - (run.text.length - run.text.trim().length)) * cellWidth).toFixed(1);
	const top = margin + (row * lineHeight);
	const box = run.background === undefined ? '' : `<rect x="${(margin + (run.column * cellWidth)).toFixed(1)}" y="${top}" width="${(run.width * cellWidth).toFixed(1)}" height="${lineHeight}" fill="${run.background}"/>`;

	if (run.text.trim() === '') {
		return box;
	}

	const weight = run.isBold ? ' font-weight="bold"' : '';
	const opacity = run.opacity === 1 ? '' : ` opacity="${run.opacity}"`;

	return `${box}<text x="${x}" y="${top + 13}" textLength="${width}" lengthAdjust="spacingAndGlyphs" fill="${run.colour}"${weight}${opacity}>${escapeText(run.text.trim())}</text>`;
};

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
