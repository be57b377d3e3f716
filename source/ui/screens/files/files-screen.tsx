import type {BackupView} from '../../../domain/backup-view.ts';
import type {Entry} from '../../../domain/entry.ts';
import {parentOf, toSelection} from '../../../domain/selection-tree.ts';
import {countBasket} from '../../basket.ts';
import {Lines} from '../../components/lines.tsx';
import {Panes, useDetails} from '../../components/details-pane.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {layOutTable} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {firstShown} from '../../list/cursor.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {movingHandlers} from '../../list/use-list.ts';
import {muted, plain, type Line} from '../../look/span.ts';
import {errorLines, useAct} from '../../use-act.ts';
import {usePack} from '../downloads/use-pack.ts';
import {FilesInfo} from './files-info.tsx';
import {entryDetails} from './entry-details.ts';
import {basketWords, treeColumns} from './tree-columns.ts';
import {
	focusedEntry,
	foldersAbove,
	isSearching,
	type FilesState,
} from './tree-state.ts';
import {useTree, type Tree} from './use-tree.ts';

/** Chooses what is to come back: a tree of the backup with ticks, and a search through all of it. */
export function FilesScreen({backup, isForItems = false}: {readonly backup: BackupView; readonly isForItems?: boolean | undefined}) {
	const {height} = useBodySize();
	const {enter, leave} = useInterface();
	const pack = usePack();
	const tree = useTree(backup);
	const {state, dispatch} = tree;
	const focused = focusedEntry(state);
	const rowCount = height - headingHeight;

	const view = (entry: Entry) => () => {
		enter({screen: 'viewer', backup, path: entry.path});
	};

	const details = useDetails({about: focused?.path, lines: paneWidth => focused === undefined ? [] : entryDetails(state, focused, paneWidth)});

	const basket = countBasket(state.basket, state.totals);

	const keys = useKeys('files', {
		...movingHandlers(movement => {
			dispatch({type: 'moved', movement, height: rowCount});
		}),
		...details.handlers,
		...useOpening(tree, {focused, height: rowCount, view}),
		...(isSearching(state) && !state.search!.isDone ? searchingHandlers : tickHandlers(tree, rowCount)),
		search() {
			dispatch({type: 'searchOpened'});
		},
		sort() {
			dispatch({type: 'sorted'});
		},
		reverse() {
			dispatch({type: 'reversed'});
		},
		view: focused?.type === 'file' ? view(focused) : 'Only a regular file can be viewed.',
		restore: whyNotRestore(state, isForItems) ?? (() => {
			enter({
				screen: 'options', backup, chosen: {items: [{name: 'homedir', parts: null, backup: null}], selection: toSelection(state.basket.tree), words: basketWords(basket)},
			});
		}),
		pack: whyNotRestore(state, isForItems) ?? pack({backup, items: [{name: 'homedir', parts: null, backup: null}], selection: toSelection(state.basket.tree)}),
		leave: state.search === undefined
			? leave
			: () => {
				dispatch({type: 'searchEnded'});
			},
	});

	return (
		<Screen info={<FilesInfo basket={basket} dispatch={dispatch} state={state}/>} keys={keys}>
			<Panes pane={details.pane}>
				<Lines height={height} lines={bodyLines(tree, {width: details.listWidth, rowCount})} width={details.listWidth}/>
			</Panes>
		</Screen>
	);
}

const whyNotRestore = ({basket}: FilesState, isForItems: boolean): string | undefined => {
	if (isForItems) {
		return 'Esc goes back to the items: R restores and p packs all of them there.';
	}

	return basket.tree.size === 0 ? 'Nothing is ticked yet: Space ticks the row.' : undefined;
};

type TickHandlers = Readonly<Record<'tick' | 'tickAll' | 'tickNone' | 'tickOthers', Handler>>;

const stillSearching = 'The search has not ended yet.';

/** What is found may still move under the focus. */
const searchingHandlers: TickHandlers = {
	tick: stillSearching, tickAll: stillSearching, tickNone: stillSearching, tickOthers: stillSearching,
};

const tickHandlers = ({dispatch}: Tree, height: number): TickHandlers => ({
	tick(count) {
		dispatch({type: 'ticked', count, height});
	},
	tickAll() {
		dispatch({type: 'allTicked'});
	},
	tickNone() {
		dispatch({type: 'noneTicked'});
	},
	tickOthers() {
		dispatch({type: 'othersTicked'});
	},
});

type Opening = {readonly focused: Entry | undefined; readonly height: number; readonly view: (entry: Entry) => () => void};

const useOpening = ({state, dispatch, list}: Tree, {focused, height, view}: Opening): {readonly open: Handler; readonly close: Handler} => {
	const act = useAct();

	if (focused === undefined) {
		return {open: 'There is nothing to open.', close: 'There is nothing to close.'};
	}

	if (isSearching(state)) {
		return {
			open() {
				act(async () => {
					await list(foldersAbove(focused.path));
					dispatch({type: 'revealed', path: focused.path, height});
				});
			},
			close() {
				dispatch({type: 'searchEnded'});
			},
		};
	}

	return {
		open: openHandler({
			state, dispatch, focused, height, view,
		}), close: closeHandler({
			state, dispatch, focused, height,
		}),
	};
};

type TreeMove = Pick<Tree, 'state' | 'dispatch'> & {readonly focused: Entry; readonly height: number};

const openHandler = ({state, dispatch, focused, height, view}: TreeMove & Pick<Opening, 'view'>): Handler => {
	if (focused.type === 'file') {
		return view(focused);
	}

	if (focused.type !== 'directory') {
		return 'This is neither a folder nor a file.';
	}

	return () => {
		if (state.open.has(focused.path)) {
			dispatch({type: 'moved', movement: {type: 'by', rows: 1}, height});
		} else {
			dispatch({type: 'opened', folder: focused.path});
		}
	};
};

const closeHandler = ({state, dispatch, focused, height}: TreeMove): Handler => {
	if (focused.type === 'directory' && focused.path !== '' && state.open.has(focused.path)) {
		return () => {
			dispatch({type: 'closed', folder: focused.path});
		};
	}

	return focused.path === ''
		? 'This is the top; Esc goes back.'
		: () => {
			dispatch({type: 'moved', movement: {type: 'to', id: parentOf(focused.path)}, height});
		};
};

const bodyLines = ({state, error}: Tree, {width, rowCount}: {readonly width: number; readonly rowCount: number}): readonly Line[] => {
	if (error !== undefined) {
		return [[], ...errorLines(error).map((line): Line => [plain(' '.repeat(3)), ...line.map(span => ({...span, tone: 'bad' as const}))])];
	}

	const {heading, rowLine} = layOutTable(treeColumns(state), width);
	const first = firstShown(state.cursor, {rowCount: state.rows.count, height: rowCount});
	const shown = Array.from({length: Math.min(rowCount, state.rows.count - first)}, (_, row) => state.rows.at(first + row)!);
	const rows = shown.map((row, index) => rowLine(row, {isFocused: first + index === state.cursor.index}));

	return [heading, ...rows, ...waitingLines(state)];
};

const waitingLines = ({listed, search, rows}: FilesState): readonly Line[] => {
	if (search !== undefined && search.text !== '') {
		return rows.count === 0 ? [[muted(search.isDone ? '   Nothing in this backup has that in its path.' : '   Searching the backup ...')]] : [];
	}

	return listed.has('') ? [] : [[muted('   Opening the backup ...')]];
};
