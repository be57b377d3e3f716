import {fit, widthOf, type Alignment} from '../look/fit.ts';
import {glyph} from '../look/appearance.ts';
import type {Line, Span} from '../look/span.ts';

/** A column of a list with many rows. */
export type Column<Item> = {
	readonly title: string;
	/** Cells, or the share of what the others leave. */
	readonly width: number | {readonly share: number; readonly least: number};
	readonly alignment?: Alignment;
	/** Left out on screens narrower than this. */
	readonly from?: number;
	readonly cell: (item: Item) => Span | Line;
};

/** What stands before each row: the focus, the mark, a space. */
const markerWidth = 3;
const gap = 1;

export type TableLayout<Item> = {
	readonly heading: Line;
	readonly rowLine: (item: Item, looks: RowLooks) => Line;
};

export type RowLooks = {readonly isFocused: boolean; readonly isMarked?: boolean};

/** Works out the columns once for a width; rows are then only filled in. */
export const layOutTable = <Item>(columns: ReadonlyArray<Column<Item>>, width: number): TableLayout<Item> => {
	const shown = columns.filter(({from = 0}) => width >= from);
	const widths = columnWidths(shown, width - markerWidth - 1);

	return {
		heading: [
			{text: ' '.repeat(markerWidth)},
			...shown.flatMap(({title, alignment}, index): Line => [{text: fit(title, widths[index]!, alignment), isMuted: true}, {text: ' '.repeat(gap)}]),
		],
		rowLine: (item, looks) => [
			...marker(looks),
			...shown.flatMap(({cell, alignment}, index): Line => [...fitCell(cell(item), {width: widths[index]!, alignment, isStrong: looks.isFocused}), {text: ' '.repeat(gap)}]),
		],
	};
};

export const marker = ({isFocused, isMarked = false}: RowLooks): Line => [
	{text: isFocused ? ` ${glyph('focus')}` : '  ', tone: 'accent', isStrong: true},
	{text: isMarked ? glyph('mark') : ' ', tone: 'warning', isStrong: true},
];

const columnWidths = <Item>(columns: ReadonlyArray<Column<Item>>, width: number): readonly number[] => {
	const fixed = columns.reduce((sum, column) => sum + gap + (typeof column.width === 'number' ? column.width : 0), 0);
	const shares = columns.reduce((sum, column) => sum + (typeof column.width === 'number' ? 0 : column.width.share), 0);
	const left = width - fixed;

	return columns.map(column => typeof column.width === 'number' ? column.width : Math.max(column.width.least, Math.floor(left * column.width.share / shares)));
};

type FitCell = {readonly width: number; readonly alignment?: Alignment | undefined; readonly isStrong: boolean};

const fitCell = (cell: Span | Line, {width, alignment = 'left', isStrong}: FitCell): Line => {
	const spans: Line = Array.isArray(cell) ? cell as Line : [cell as Span];
	const fitted: Span[] = [];
	let left = width;

	for (const span of spans) {
		const room = Math.min(left, widthOf(span.text));
		const text = fit(span.text, room);
		fitted.push({...span, text, isStrong: span.isStrong ?? isStrong});
		left -= room;
	}

	const padding = {text: ' '.repeat(left)};

	return alignment === 'left' ? [...fitted, padding] : [padding, ...fitted];
};
