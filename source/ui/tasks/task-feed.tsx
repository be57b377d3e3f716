import {
	createContext,
	use,
	useEffect,
	useMemo,
	useReducer,
	type ReactNode,
} from 'react';
import {canRunAgain, isUnfinished} from '../../domain/task-state.ts';
import {isKeyMissing, type TaskView} from '../../domain/task-view.ts';
import {useSession} from '../session.ts';
import {
	addSample,
	estimateSpeed,
	type Sample,
	type Speed,
} from './speed.ts';

/** The tasks as they are now, live. */
export type TaskFeed = {
	/** `undefined` until the first look. */
	readonly tasks: readonly TaskView[] | undefined;
	readonly samples: ReadonlyMap<string, readonly Sample[]>;
	/** Goes up whenever a task ends or changes: what lists show may have changed with it. */
	readonly revision: number;
};

export type TaskFeedEvent =
	| {readonly type: 'changed'; readonly tasks: readonly TaskView[]; readonly at: number}
	/** Something was changed here: what lists show is read again. */
	| {readonly type: 'reloaded'};

export const startTaskFeed: TaskFeed = {tasks: undefined, samples: new Map(), revision: 0};

export const reduceTaskFeed = (feed: TaskFeed, event: TaskFeedEvent): TaskFeed => {
	if (event.type === 'reloaded') {
		return {...feed, revision: feed.revision + 1};
	}

	const {tasks, at} = event;
	const running = tasks.filter(({state}) => state === 'running');
	const samples = new Map(running.map(({id, progress}) => [id, addSample(feed.samples.get(id) ?? [], {at, bytes: progress.bytesDone})]));
	const isNews = feed.tasks !== undefined && statesOf(feed.tasks) !== statesOf(tasks);

	return {tasks, samples, revision: feed.revision + (isNews ? 1 : 0)};
};

const statesOf = (tasks: readonly TaskView[]): string => tasks.map(({id, state}) => `${id}${state}`).join(' ');

export const speedOf = ({samples}: TaskFeed, {id, progress}: TaskView): Speed | undefined => estimateSpeed(samples.get(id) ?? [], progress);

export const runningTasks = ({tasks = []}: TaskFeed): readonly TaskView[] => tasks.filter(({state}) => state === 'running');

export const waitingTasks = ({tasks = []}: TaskFeed): readonly TaskView[] => tasks.filter(({state}) => state === 'pending');

/** Why a task cannot be aborted or run again now, or `undefined` when it can. */
export const whyNotAbort = ({state}: TaskView): string | undefined => isUnfinished(state) ? undefined : `It has already ended: ${state}.`;

/** What waits for an owner's private key is given it so. */
export const whyNotAgain = (task: TaskView): string | undefined => {
	const {state} = task;

	if (canRunAgain(state) || isKeyMissing(task, undefined)) {
		return undefined;
	}

	return state === 'completed' ? 'It is complete; there is nothing to do again.' : 'It has not ended yet.';
};

const taskFeedContext = createContext<{readonly feed: TaskFeed; readonly reload: () => void}>({feed: startTaskFeed, reload: () => undefined});

export const useTaskFeed = (): TaskFeed => use(taskFeedContext).feed;

/** Reads again what is shown, after a change that is no task. */
export const useReload = (): (() => void) => use(taskFeedContext).reload;

/** Watches the tasks for as long as the terminal is open. */
export function TaskFeedProvider({children}: {readonly children: ReactNode}) {
	const {data, now, end} = useSession();
	const [feed, dispatch] = useReducer(reduceTaskFeed, startTaskFeed);

	useEffect(() => {
		const controller = new AbortController();

		const watch = async () => {
			try {
				await data.watchTasks({
					onTasks(tasks) {
						dispatch({type: 'changed', tasks, at: now().getTime()});
					},
					signal: controller.signal,
				});
			} catch (error) {
				if (!controller.signal.aborted) {
					end(error);
				}
			}
		};

		void watch();

		return () => {
			controller.abort();
		};
	}, [data, now, end]);

	const value = useMemo(() => ({
		feed,
		reload() {
			dispatch({type: 'reloaded'});
		},
	}), [feed]);

	return <taskFeedContext.Provider value={value}>{children}</taskFeedContext.Provider>;
}
