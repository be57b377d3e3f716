import {orderTasks, type TaskView} from '../domain/task-view.ts';
import type {Task} from '../domain/task.ts';
import {connectRunner, type OnTasks, type RunnerConnection} from '../runner/runner-client.ts';
import {readTasks, readTasksWhere} from '../runner/task-records.ts';
import type {Store} from '../state/store.ts';
import {whenAborted} from '../system/when-aborted.ts';
import {action} from './action.ts';
import {onceEach} from './archived-tasks.ts';
import type {Context} from './context.ts';
import {tellSeen} from './seen-tasks.ts';
import {viewStored} from './view-stored.ts';
import {whenStateChanges} from './watch-state.ts';
import {WatchedTasks} from './watched-tasks.ts';

export type WatchTasksOptions = {
	/** Called with the unfinished tasks, in order, then those that ended while they were watched; at most four times a second. */
	readonly onTasks: (tasks: readonly TaskView[]) => void;
	/** Ends the watching. */
	readonly signal: AbortSignal;
};

/** Tells every change of the queue until it is aborted: from the runner while one works, else from the state. Nothing is asked for while nothing changes. */
export const watchTasks = action('watchTasks', async (context: Context, {onTasks, signal}: WatchTasksOptions): Promise<void> => {
	const broken = new AbortController();
	const over = AbortSignal.any([signal, broken.signal]);
	const watched = new WatchedTasks(tellSeen(context, {
		tell(tasks) {
			onTasks(orderTasks(tasks));
		},
		onError(error) {
			broken.abort(error);
		},
	}));

	try {
		while (!over.aborted) {
			await watchOnce(context, watched, over);
		}

		broken.signal.throwIfAborted();
	} finally {
		watched.stop();
	}
});

/** Until the runner ends, or, where there is none, until something changes in the state. */
const watchOnce = async ({store, clock}: Context, watched: WatchedTasks, signal: AbortSignal): Promise<void> => {
	const over = new AbortController();
	// Watched from before the first look, so that nothing is missed between the two.
	const change = whenStateChanges(store.directory, AbortSignal.any([signal, over.signal]));

	try {
		const connection = await connectRunner(store.directory);

		if (connection !== undefined) {
			await follow(connection, signal, watched.update);
			return;
		}

		watched.replace(await viewStored({store, clock}, await readWatched(store, watched.keys)));
		await change;
	} finally {
		over.abort();
		await change;
	}
};

/** What waits and runs, and what was seen to: all else ended before anybody looked. */
const readWatched = async (store: Store, keys: readonly string[]): Promise<readonly Task[]> => {
	const unfinished = await readTasksWhere(store, ({hasUnfinished}) => hasUnfinished);

	return onceEach([...unfinished, ...await readTasks(store, keys)]);
};

const follow = async (connection: RunnerConnection, signal: AbortSignal, onTasks: OnTasks): Promise<void> => {
	connection.watch(onTasks);
	await Promise.race([connection.closed, whenAborted(signal)]);
	connection.close();
};
