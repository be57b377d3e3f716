import {fit, widthOf, type Alignment} from '../look/fit.ts';
import {glyph} from '../look/appearance.ts';
import type {Line, Span} from '../look/span.ts';

/** A column of a list with many rows. */
export type Column<Item> = {
	readonly title: string;
	/** Cells, or the share of what the others leave. */
	readonly width: number | {readonly share: number; readonly least: number};
	readonly alignment?: Alignment | undefined;
	/** Where there is no room for all, those with a number go, the lowest first. */
	readonly leaves?: number;
	readonly cell: (item: Item) => Span | Line;
};

/** What stands before each row: the focus, the mark, a space. */
const markerWidth = 3;
/** Between columns; a number and what follows it need more. */
const gapAfter = ({alignment}: Pick<Column<unknown>, 'alignment'>): number => alignment === 'right' ? 2 : 1;

export type TableLayout<Item> = {
	readonly heading: Line;
	readonly rowLine: (item: Item, looks: RowLooks) => Line;
};

export type RowLooks = {readonly isFocused: boolean; readonly isMarked?: boolean};

/** Works out the columns once for a width; rows are then only filled in. */
export const layOutTable = <Item>(columns: ReadonlyArray<Column<Item>>, width: number): TableLayout<Item> => {
	const shown = fitting(columns, width - markerWidth - 1);
	const widths = columnWidths(shown, width - markerWidth - 1);

	return {
		heading: [
			{text: ' '.repeat(markerWidth)},
			...shown.flatMap(({title, alignment}, index): Line => [{text: fit(title, widths[index]!, alignment), isMuted: true}, {text: ' '.repeat(gapAfter({alignment}))}]),
		],
		rowLine: (item, looks) => [
			...marker(looks),
			...shown.flatMap(({cell, alignment}, index): Line => [...fitCell(cell(item), {width: widths[index]!, alignment, isStrong: looks.isFocused}), {text: ' '.repeat(gapAfter({alignment}))}]),
		],
	};
};

export const marker = ({isFocused, isMarked = false}: RowLooks): Line => [
	{text: isFocused ? ` ${glyph('focus')}` : '  ', tone: 'accent', isStrong: true},
	{text: isMarked ? glyph('mark') : ' ', tone: 'warning', isStrong: true},
];

const fitting = <Item>(columns: ReadonlyArray<Column<Item>>, width: number): ReadonlyArray<Column<Item>> => {
	const first = Math.min(...columns.map(({leaves = Infinity}) => leaves));

	return first === Infinity || neededWidth(columns) <= width ? columns : fitting(columns.filter(({leaves}) => leaves !== first), width);
};

/** The room that is left over goes to those with a share. */
const columnWidths = <Item>(columns: ReadonlyArray<Column<Item>>, width: number): readonly number[] => {
	const shares = columns.reduce((sum, column) => sum + (typeof column.width === 'number' ? 0 : column.width.share), 0);
	const left = Math.max(0, width - neededWidth(columns));

	return columns.map(column => typeof column.width === 'number' ? column.width : column.width.least + Math.floor(left * column.width.share / shares));
};

const neededWidth = <Item>(columns: ReadonlyArray<Column<Item>>): number =>
	columns.reduce((sum, column) => sum + gapAfter(column) + (typeof column.width === 'number' ? column.width : column.width.least), 0);

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
