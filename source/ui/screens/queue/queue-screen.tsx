import {useMemo} from 'react';
import {isUnfinished} from '../../../domain/task-state.ts';
import type {TaskView} from '../../../domain/task-view.ts';
import {Panes, useDetails} from '../../components/details-pane.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {ListInfo} from '../../list/list-info.tsx';
import {useList} from '../../list/use-list.ts';
import {useSession} from '../../session.ts';
import {runningTasks, useTaskFeed, waitingTasks} from '../../tasks/task-feed.tsx';
import {useTaskActs} from '../../tasks/use-task-acts.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {wrapWords} from '../../look/fit.ts';
import {muted, type Line} from '../../look/span.ts';
import {taskDetails} from '../task/task-lines.ts';
import {useClear} from './use-clear.ts';
import {
	mergeTasks,
	queueColumns,
	queueList,
	reasonOf,
} from './queue-list.ts';

/** The whole reason of the focused one, for which a row is too short. */
const footerHeight = 2;

/** Thousands of finished ones would fill the memory, and nobody looks through them. */
const mostFinished = 500;

/** What runs, what waits and why, and what has ended. */
export function QueueScreen() {
	const {data, now, cleared} = useSession();
	const {enter} = useInterface();
	const {width, height} = useBodySize();
	const feed = useTaskFeed();
	const {value, error} = useLoaded('tasks', async () => data.listTasks(mostFinished));
	const tasks = useMemo(() => mergeTasks(feed.tasks, value)?.filter(({id}) => !cleared.has(id)), [feed.tasks, value, cleared]);
	const isCut = (value?.filter(({state}) => !isUnfinished(state)).length ?? 0) >= mostFinished;
	const list = useList({description: queueList, items: tasks, height: height - headingHeight - footerHeight});
	const {focused} = list;

	const details = useDetails({about: focused?.id, lines: paneWidth => focused === undefined ? [] : taskDetails(focused, paneWidth)});

	const keys = useKeys('queue', {
		...list.handlers,
		...details.handlers,
		...useTaskActs(list.chosen),
		clear: useClear(tasks, {isCut}),
		open: focused === undefined
			? whyNothing(tasks, 'task')
			: () => {
				enter({screen: 'task', task: focused.id});
			},
	});

	return (
		<Screen
			info={<ListInfo description={queueList} dispatch={list.dispatch} remark={`${runningTasks(feed).length} running, ${waitingTasks(feed).length} waiting${isCut ? `, the newest ${mostFinished} ended` : ''}`} state={list.state}/>}
			keys={keys}
		>
			<Panes pane={details.pane}>
				<ListBody
					columns={queueColumns(feed, now())}
					description={queueList}
					emptyText='Nothing was asked for yet. Backups and restores are seen here while they run and afterwards.'
					error={error}
					footer={footerOf(focused, width)}
					state={list.state}
					waitingFor={tasks === undefined ? 'Reading the tasks' : undefined}
					width={details.listWidth}
				/>
			</Panes>
		</Screen>
	);
}

const footerOf = (task: TaskView | undefined, width: number): readonly Line[] => {
	const lines = task === undefined ? [] : wrapWords(reasonOf(task), width - 6);

	return Array.from({length: footerHeight}, (_, index): Line => [muted(`   ${lines[index] ?? ''}`)]);
};
