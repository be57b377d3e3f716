import {createRequire, Module} from 'node:module';
import * as ink from 'ink';
import {Box, Text} from 'ink';
import * as react from 'react';
import {createElement, type ComponentType} from 'react';
import {glyph} from '../look/appearance.ts';
import {fit, widthOf, type Alignment} from '../look/fit.ts';
import {paint, type Tone} from '../look/span.ts';

export type ReportColumn = {
	readonly title: string;
	readonly alignment?: Alignment;
	readonly tone?: Tone;
};

export type ReportTableProps = {
	readonly columns: readonly ReportColumn[];
	/** Escaped text, a cell per column. */
	readonly rows: ReadonlyArray<readonly string[]>;
	/** Columns that do not fit are cut, the widest first. */
	readonly width: number;
};

/** A short table of results or facts. */
export function ReportTable({columns, rows, width}: ReportTableProps) {
	const widths = columnWidths(columns, rows, width);
	const titles = columns.map(({title, alignment}, index) => fit(title, widths[index]!, alignment));
	const data = rows.map(row => Object.fromEntries(titles.map((title, index) => [title, fit(row[index] ?? '', widths[index]!, columns[index]!.alignment)])));

	return createElement(tableComponent(), {
		data, columns: titles, header: HeadingCell, cell: DataCell, skeleton: Skeleton,
	});
}

type TableProps = {
	readonly data: ReadonlyArray<Readonly<Record<string, string>>>;
	readonly columns: readonly string[];
	readonly header: ComponentType<CellProps>;
	readonly cell: ComponentType<CellProps>;
	readonly skeleton: ComponentType<CellProps>;
};

type CellProps = {readonly children?: string};

/**
`ink-table` is CommonJS and would `require` ink, which has top-level await and so cannot be required. What this module imported is put where `require`
looks first; both then draw with the same ink and the same React.
*/
const loadTable = (): ComponentType<TableProps> => {
	const require = createRequire(import.meta.url);

	for (const [name, exports] of Object.entries({ink, react})) {
		const path = require.resolve(name);
		require.cache[path] = Object.assign(new Module(path), {exports, loaded: true});
	}

	return (require('ink-table') as {readonly default: ComponentType<TableProps>}).default;
};

let loadedTable: ComponentType<TableProps> | undefined;

/** Only when the first report is shown: the first frame does not wait for it. */
const tableComponent = (): ComponentType<TableProps> => {
	loadedTable ??= loadTable();

	return loadedTable;
};

function HeadingCell({children}: CellProps) {
	return <Text>{paint({text: children ?? '', isMuted: true})}</Text>;
}

function DataCell({children}: CellProps) {
	return <Text>{children}</Text>;
}

/** Keeps the upright lines only: rules between the rows would take half of a small screen. */
function Skeleton({children}: CellProps) {
	return children === '│' ? <Text>{paint({text: glyph('vertical'), isMuted: true})}</Text> : <Box/>;
}

/** `ink-table` puts a space on both sides of a cell and a line between them. */
const aroundCell = 3;

const columnWidths = (columns: readonly ReportColumn[], rows: ReportTableProps['rows'], width: number): readonly number[] => {
	const widths = columns.map(({title}, index) => Math.max(widthOf(title), ...rows.map(row => widthOf(row[index] ?? ''))));
	let excess = widths.reduce((sum, column) => sum + column + aroundCell, 1) - width;

	while (excess > 0) {
		const widest = widths.indexOf(Math.max(...widths));
		widths[widest]!--;
		excess--;
	}

	return widths;
};
