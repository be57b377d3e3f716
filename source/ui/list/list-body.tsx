import {Lines} from '../components/lines.tsx';
import {useBodySize} from '../components/size.ts';
import {type Column, layOutTable} from '../components/table.ts';
import type {UserError} from '../../errors.ts';
import type {Line} from '../look/span.ts';
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
	const rows = state.rows.slice(first, first + shownCount).map((item, index) => rowLine(item, {
		isFocused: first + index === state.cursor.index,
		isMarked: state.marks.has(description.idOf(item)),
	}));

	const filler = Array.from({length: shownCount - rows.length}, (): Line => []);

	return <Lines height={height} lines={[heading, ...rows, ...filler, ...footer]} width={width}/>;
}

type Notes = Pick<ListBodyProps<unknown>, 'waitingFor' | 'error' | 'emptyText'> & {readonly isFiltered: boolean};

const noteLines = ({isFiltered, waitingFor, error, emptyText}: Notes): readonly Line[] => {
	if (error !== undefined) {
		return errorLines(error).map((line, index) => index === 0 ? line.map(span => ({...span, tone: 'bad'})) : line);
	}

	const text = isFiltered ? 'Nothing matches the filter; Esc clears it.' : emptyText;

	return [[{text: waitingFor === undefined ? text : `${waitingFor} ...`, isMuted: waitingFor !== undefined}]];
};
