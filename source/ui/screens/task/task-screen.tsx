import {Box} from 'ink';
import {useReducer} from 'react';
import {isUnfinished} from '../../../domain/task-state.ts';
import type {TaskView} from '../../../domain/task-view.ts';
import {Lines} from '../../components/lines.tsx';
import {ReportTable} from '../../components/report-table.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useKeys} from '../../keys/use-keys.ts';
import type {Movement} from '../../list/cursor.ts';
import {movingHandlers} from '../../list/use-list.ts';
import {
	muted,
	plain,
	strong,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {speedOf, useTaskFeed} from '../../tasks/task-feed.tsx';
import {taskTitle} from '../../tasks/task-words.ts';
import {useTaskActs} from '../../tasks/use-task-acts.ts';
import {errorLines, useAct} from '../../use-act.ts';
import {useCopy} from '../../use-copy.ts';
import {useLoaded} from '../../use-loaded.ts';
import {scrollTo} from '../../components/scroll.ts';
import {
	backupColumns,
	factLines,
	itemRows,
	progressLines,
	resultLines,
	summaryColumns,
	summaryRows,
} from './task-lines.ts';

/** A task: its progress while it runs, its result when it has ended. */
export function TaskScreen({id}: {readonly id: string}) {
	const {data} = useSession();
	const {leave} = useInterface();
	const {width, height} = useBodySize();
	const copy = useCopy();
	const feed = useTaskFeed();
	const {value: stored, error} = useLoaded('task', async () => data.showTask(id));
	const task = newer(feed.tasks?.find(other => other.id === id), stored);
	const lines = task === undefined || isUnfinished(task.state) ? [] : resultLines(task, width);
	const roomForLines = height - aboveResult(task);
	const [top, move] = useReducer((current: number, movement: Movement) => scrollTo(current, movement, {lineCount: lines.length, height: roomForLines}), 0);

	const keys = useKeys('task', {
		...movingHandlers(move),
		...useTaskActs(task === undefined ? [] : [task]),
		out: leave,
		rollBack: useRollBack(task),
		backup: useOpenBackup(task),
		copy() {
			copy(`holdfast queue show ${id}`);
		},
	});

	return (
		<Screen info={task === undefined ? [] : [plain(' '), strong(taskTitle(task)), muted(`  task ${id}`)]} keys={keys}>
			{task === undefined
				? <Lines lines={[[], ...(error === undefined ? [[muted('   Reading the task ...')]] : errorLines(error))]} width={width}/>
				: <TaskBody lines={lines.slice(top, top + roomForLines)} task={task} width={width}/>}
		</Screen>
	);
}

function TaskBody({task, lines, width}: {readonly task: TaskView; readonly lines: readonly Line[]; readonly width: number}) {
	const feed = useTaskFeed();

	return (
		<>
			<Lines lines={[[], ...factLines(task), []]} width={width}/>
			{isUnfinished(task.state)
				? <Lines lines={[...progressLines(task, speedOf(feed, task), width), [], [muted('   Leave whenever you like: it goes on without this screen.')]]} width={width}/>
				: (
					<>
						<Result task={task} width={width}/>
						<Lines lines={lines} width={width}/>
					</>
				)}
		</>
	);
}

function Result({task, width}: {readonly task: TaskView; readonly width: number}) {
	if (task.summary === null && task.items.length === 0) {
		return null;
	}

	return (
		<Box marginBottom={1} marginLeft={2}>
			{task.summary === null
				? <ReportTable columns={backupColumns} rows={itemRows(task)} width={width - 4}/>
				: <ReportTable columns={summaryColumns} rows={summaryRows(task.summary)} width={width - 4}/>}
		</Box>
	);
}

/** The feed is live, but does not know what ended long ago. */
const newer = (live: TaskView | undefined, stored: TaskView | undefined): TaskView | undefined => live ?? stored;

/** Lines that the facts and the table take. */
const aboveResult = (task: TaskView | undefined): number => {
	if (task === undefined) {
		return 0;
	}

	const tableRows = task.summary === null ? task.items.length : 2;

	return factLines(task).length + 2 + (tableRows === 0 ? 0 : tableRows + 2);
};

/** What can be undone, and by whom, is told by its preview. */
const useRollBack = (task: TaskView | undefined): Handler => {
	const {isReadOnly} = useSession();
	const {enter} = useInterface();

	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	if (task?.kind !== 'restore' && task?.kind !== 'rollback') {
		return 'Only restores and rollbacks can be undone.';
	}

	if (isUnfinished(task.state)) {
		return 'It has not ended yet.';
	}

	return () => {
		enter({screen: 'rollback', task});
	};
};

const useOpenBackup = (task: TaskView | undefined): Handler => {
	const {data} = useSession();
	const {enter} = useInterface();
	const act = useAct();
	const id = task?.backup ?? (task?.request.kind === 'restore' ? task.request.restore.backup : undefined);

	if (task?.kind === 'backup' && isUnfinished(task.state)) {
		return 'The backup is still being made.';
	}

	return id === undefined
		? 'It has made no backup.'
		: () => {
			act(async () => {
				enter({screen: 'backup', backup: await data.showBackup(id)});
			});
		};
};
