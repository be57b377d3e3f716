import process from 'node:process';

export type Column = {
	readonly heading: string;
	readonly align?: 'left' | 'right';
	/** Cut on a terminal that is too narrow; at least one should be. */
	readonly isFlexible?: boolean;
};

const gap = 2;
const narrowestColumn = 8;

/** A plain table with headings. On a terminal it fits its width; in a pipe nothing is cut. Cells must be safe to show (`toScreen`). */
export const formatTable = async (columns: readonly Column[], rows: ReadonlyArray<readonly string[]>): Promise<string> => {
	const cells = [columns.map(({heading}) => heading), ...rows];
	const widthOf = await widthFunction(cells);
	const natural = columns.map((_, index) => Math.max(...cells.map(row => widthOf(row[index]!))));
	const widths = process.stdout.isTTY ? fitWidths(natural, columns, terminalWidth()) : natural;

	return cells.map(row => row.map((cell, index) => fitCell(cell, {width: widths[index]!, column: columns[index]!, widthOf})).join(' '.repeat(gap)).trimEnd()).join('\n');
};

/** Two columns without headings: what a thing is, field by field. */
export const formatFields = (fields: ReadonlyArray<readonly [string, string]>): string => {
	const width = Math.max(...fields.map(([name]) => name.length));

	return fields.map(([name, value]) => `${name.padEnd(width + gap)}${value}`.trimEnd()).join('\n');
};

/** Some terminals say that they have no columns. */
const terminalWidth = (): number => process.stdout.columns > 0 ? process.stdout.columns : 80;

type WidthOf = (text: string) => number;

/** Latin letters and the dashes, dots and quotes of typography take one column each. */
const isNarrow = (text: string): boolean => /^[\u{20}-\u{7E}\u{A1}-\u{AC}\u{AE}-\u{2FF}\u{2010}-\u{2027}]*$/v.test(text);

/** The widths of other characters are only looked up where there are any: loading their tables costs 60 ms. */
const widthFunction = async (cells: ReadonlyArray<readonly string[]>): Promise<WidthOf> => {
	if (cells.every(row => row.every(cell => isNarrow(cell)))) {
		return text => text.length;
	}

	const {default: stringWidth} = await import('string-width');

	return text => stringWidth(text);
};

const fitWidths = (natural: readonly number[], columns: readonly Column[], available: number): readonly number[] => {
	const widths = [...natural];
	let excess = widths.reduce((sum, width) => sum + width + gap, -gap) - available;

	while (excess > 0) {
		const flexible = widths.map((width, index) => columns[index]!.isFlexible ? width : 0);
		const widest = Math.max(...flexible);

		if (widest <= narrowestColumn) {
			break;
		}

		widths[flexible.indexOf(widest)]!--;
		excess--;
	}

	return widths;
};

type FitRequest = {readonly width: number; readonly column: Column; readonly widthOf: WidthOf};

const fitCell = (cell: string, {width, column, widthOf}: FitRequest): string => {
	const cut = cutText(cell, width, widthOf);
	const padding = ' '.repeat(Math.max(0, width - widthOf(cut)));

	return column.align === 'right' ? padding + cut : cut + padding;
};

const cutText = (text: string, width: number, widthOf: WidthOf): string => {
	if (widthOf(text) <= width) {
		return text;
	}

	const characters = [...text];

	while (characters.length > 0 && widthOf(characters.join('')) > width - 1) {
		characters.pop();
	}

	return `${characters.join('')}…`;
};
