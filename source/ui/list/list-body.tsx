import {Lines} from '../components/lines.tsx';
import {useBodySize} from '../components/size.ts';
import {type Column, layOutTable} from '../components/table.ts';
import {formatCount} from '../../domain/units.ts';
import type {UserError} from '../../errors.ts';
import {glyph} from '../look/appearance.ts';
import {muted, type Line} from '../look/span.ts';
import {errorLines} from '../use-act.ts';
import {firstShown} from './cursor.ts';
import type {ListDescription, ListState} from './list-state.ts';

export type ListBodyProps<Item> = {
	readonly description: ListDescription<Item>;
	readonly state: ListState<Item>;
	readonly columns: ReadonlyArray<Column<Item>>;
	readonly width: number;
	/** While nothing is there yet: `Reading the accounts`. */
	readonly waitingFor?: string | undefined;
	readonly error?: UserError | undefined;
	/** What to say when there are none, and what to do about it. */
	readonly emptyText: string;
	/** Below the rows, at the bottom: totals, or more about the focused row. */
	readonly footer?: readonly Line[] | undefined;
};

/** Height of the heading above the rows. */
export const headingHeight = 1;

/** The rows that are on the screen, and only those. */
export function ListBody<Item>({description, state, columns, width, waitingFor, error, emptyText, footer = []}: ListBodyProps<Item>) {
	const {height} = useBodySize();

	if (state.rows.length === 0) {
		const notes = noteLines({
			isFiltered: state.filter !== '', waitingFor, error, emptyText,
		});

		return <Lines height={height} lines={[[], ...notes.map((line): Line => [{text: ' '.repeat(3)}, ...line])]} width={width}/>;
	}

	const {heading, rowLine} = layOutTable(columns, width);
	const shownCount = height - headingHeight - footer.length;
	const first = firstShown(state.cursor, {rowCount: state.rows.length, height: shownCount});
	const {groupOf} = description.sorts[state.sortIndex]!;
	const lineOf = (item: Item, index: number): Line => rowLine(item, {
		isFocused: index === state.cursor.index,
		isMarked: state.marks.has(description.idOf(item)),
	});
	const rows = groupOf === undefined
		? state.rows.slice(first, first + shownCount).map((item, index) => lineOf(item, first + index))
		: groupedLines(state.rows, {
			groupOf, lineOf, first, focused: state.cursor.index, height: shownCount,
		});

	const filler = Array.from({length: shownCount - rows.length}, (): Line => []);

	return <Lines height={height} lines={[heading, ...rows, ...filler, ...footer]} width={width}/>;
}

type Grouping<Item> = {
	readonly groupOf: (item: Item) => string;
	readonly lineOf: (item: Item, index: number) => Line;
	readonly first: number;
	readonly focused: number;
	readonly height: number;
};

/** Rows under the headings of their groups, from the first one on, or from the next one that leaves room for the focused row. */
const groupedLines = <Item,>(rows: readonly Item[], grouping: Grouping<Item>): readonly Line[] => {
	const {groupOf, lineOf, first, focused, height} = grouping;
	const lines: Line[] = [];
	let index = first;

	for (; index < rows.length && lines.length < height; index++) {
		const group = groupOf(rows[index]!);

		if (index === first || group !== groupOf(rows[index - 1]!)) {
			const {length} = rows.filter(row => groupOf(row) === group);
			lines.push([muted(`   ${glyph('horizontal').repeat(2)} ${group}: ${formatCount(length)}`)]);
		}

		lines.push(lineOf(rows[index]!, index));
	}

	// The last heading may have pushed its row out.
	const shownCount = index - first - (lines.length > height ? 1 : 0);

	return focused >= first + shownCount && first < focused ? groupedLines(rows, {...grouping, first: first + 1}) : lines.slice(0, height);
};

type Notes = Pick<ListBodyProps<unknown>, 'waitingFor' | 'error' | 'emptyText'> & {readonly isFiltered: boolean};

const noteLines = ({isFiltered, waitingFor, error, emptyText}: Notes): readonly Line[] => {
	if (error !== undefined) {
		return errorLines(error).map((line, index) => index === 0 ? line.map(span => ({...span, tone: 'bad'})) : line);
	}

	const text = isFiltered ? 'Nothing matches the filter; Esc clears it.' : emptyText;

	return [[{text: waitingFor === undefined ? text : `${waitingFor} ...`, isMuted: waitingFor !== undefined}]];
};
