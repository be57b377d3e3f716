import {isUnfinished} from '../../../domain/task-state.ts';
import type {TaskView} from '../../../domain/task-view.ts';
import {formatBytes, formatDuration} from '../../../domain/units.ts';
import {progressBar} from '../../components/progress-bar.ts';
import type {Column} from '../../components/table.ts';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {showName, showSentence} from '../../look/name.ts';
import {muted, plain, type Line} from '../../look/span.ts';
import {showAge} from '../../look/time.ts';
import {speedOf, type TaskFeed} from '../../tasks/task-feed.tsx';
import {shareDone, taskStateSpan, taskTitle} from '../../tasks/task-words.ts';

/** The tasks come in the order in which they are carried out, then the ended ones, the newest first. */
export const queueList: ListDescription<TaskView> = {
	idOf: ({id}) => id,
	searchText: ({id, kind, state, account, requestedBy, error}) => [id, kind, state, account === null ? '' : showName(account), requestedBy, error?.message ?? ''].join(' '),
	sorts: [
		{name: 'queue', arrange: (tasks, isReversed) => isReversed ? tasks.toReversed() : tasks},
		sortBy('account', ({account}) => account ?? ''),
		sortBy('state', ({state}) => state),
		sortBy('queued', ({queuedAt}) => queuedAt, true),
	],
};

export const queueColumns = (feed: TaskFeed, now: Date): ReadonlyArray<Column<TaskView>> => [
	{title: 'TASK', width: {share: 1, least: 18}, cell: task => plain(taskTitle(task))},
	{title: 'STATE', width: 13, cell: ({state}) => taskStateSpan(state)},
	{title: '', width: {share: 2, least: 20}, cell: task => stateLine(task, feed)},
	{
		title: 'PRIORITY', leaves: 2, width: 8, alignment: 'right', cell: ({priority}) => plain(String(priority)),
	},
	{
		title: 'WHEN', leaves: 3, width: 10, cell: ({queuedAt, startedAt, endedAt}) => plain(showAge(endedAt ?? startedAt ?? queuedAt, now)),
	},
	{
		title: 'BY', leaves: 1, width: 10, cell: ({requestedBy}) => plain(showSentence(requestedBy)),
	},
];

const barWidth = 16;

const stateLine = (task: TaskView, feed: TaskFeed): Line => {
	if (task.state === 'running') {
		const speed = speedOf(feed, task);
		const left = speed?.secondsLeft === undefined ? '' : `  ${formatDuration(speed.secondsLeft)} left`;

		const share = shareDone(task.progress);

		return share === undefined ? [plain(`${formatBytes(task.progress.bytesDone)} so far`)] : [...progressBar(share, barWidth), muted(left)];
	}

	return [muted(reasonOf(task))];
};

/** Why it waits, or what it came to. */
export const reasonOf = (task: TaskView): string => task.state === 'pending' ? showSentence(task.waitReason ?? 'next') : outcomeWords(task);

const outcomeWords = ({error, progress}: TaskView): string => error === null ? formatBytes(progress.bytesDone) : showSentence(error.message);

/** The live tasks, with those that ended before the terminal was opened. */
export const mergeTasks = (live: readonly TaskView[] | undefined, stored: readonly TaskView[] | undefined): readonly TaskView[] | undefined => {
	if (live === undefined || stored === undefined) {
		return stored;
	}

	const known = new Set(live.map(({id}) => id));
	const ended = [...live.filter(({state}) => !isUnfinished(state)), ...stored.filter(({id, state}) => !known.has(id) && !isUnfinished(state))];

	return [...live.filter(({state}) => isUnfinished(state)), ...ended.toSorted((one, other) => endOf(other) - endOf(one))];
};

const endOf = ({endedAt, queuedAt}: TaskView): number => Date.parse(endedAt ?? queuedAt);
