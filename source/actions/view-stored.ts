import {isUnfinished} from '../domain/task-state.ts';
import {isKeyMissing, viewTasks, type TaskView} from '../domain/task-view.ts';
import type {Task} from '../domain/task.ts';
import {readQueueRules} from '../runner/queue-rules.ts';
import {connectRunner} from '../runner/runner-client.ts';
import {endTask, interruptedOutcome} from '../runner/task-outcome.ts';
import {readTasks} from '../runner/task-records.ts';
import type {Store} from '../state/store.ts';
import type {Context} from './context.ts';
import {accountsOf} from './queue-tasks.ts';

/** Tasks of the state as they are shown, with the progress that the runner tells. All unfinished tasks must be among them. */
export const viewStored = async ({store, clock}: Pick<Context, 'store' | 'clock'>, tasks: readonly Task[]): Promise<readonly TaskView[]> => {
	const live = tasks.some(({state}) => isUnfinished(state)) ? await readLive(store.directory) : undefined;
	const known = live === undefined ? await settle(store, tasks) : tasks;
	const views = viewTasks({tasks: known, rules: await readQueueRules({store, clock, tasks: known}), progress: new Map()});

	return views.map(view => {
		if (live === undefined && view.state === 'pending' && !isKeyMissing(view, undefined)) {
			return {...view, waitReason: 'waits for a runner: the next command that needs one starts it'};
		}

		return isUnfinished(view.state) ? live?.get(view.id) ?? view : view;
	});
};

/** Tasks as they are, where nothing more than that is asked: one whose runner has died does not run. */
export const withoutLost = async ({store}: Pick<Context, 'store'>, tasks: readonly Task[]): Promise<readonly Task[]> => {
	if (tasks.every(({state}) => state !== 'running')) {
		return tasks;
	}

	const connection = await connectRunner(store.directory);
	connection?.close();

	return connection === undefined ? settle(store, tasks) : tasks;
};

/**
Where no runner could be reached, a task that ran before and runs still by what the state says has lost its runner: the next one will save that. One that
has ended meanwhile has ended.
*/
const settle = async (store: Store, tasks: readonly Task[]): Promise<readonly Task[]> => {
	const running = tasks.filter(({state}) => state === 'running');
	const current = await readTasks(store, accountsOf(running));
	const byId = new Map(current.map(task => [task.id, task]));

	return tasks.map(task => {
		const now = task.state === 'running' ? byId.get(task.id) ?? task : task;
		const isLost = task.state === 'running' && now.state === 'running' && now.startedAt === task.startedAt;

		return isLost ? endTask(task, interruptedOutcome(task), null) : now;
	});
};

/** What the runner that works now says of its tasks. */
const readLive = async (stateDirectory: string): Promise<ReadonlyMap<string, TaskView> | undefined> => {
	const connection = await connectRunner(stateDirectory);

	if (connection === undefined) {
		return undefined;
	}

	const {promise, resolve} = Promise.withResolvers<ReadonlyMap<string, TaskView> | undefined>();

	connection.watch(tasks => {
		resolve(new Map(tasks.map(task => [task.id, task])));
	});

	void connection.closed.then(() => {
		resolve(undefined);
	});

	const live = await promise;
	connection.close();

	return live;
};
