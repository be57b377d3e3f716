import {isUnfinished} from '../domain/task-state.ts';
import {viewTasks, type TaskView} from '../domain/task-view.ts';
import type {Task} from '../domain/task.ts';
import {readQueueRules} from '../runner/queue-rules.ts';
import {connectRunner} from '../runner/runner-client.ts';
import type {Context} from './context.ts';

/** Tasks of the state as they are shown, with the progress that the runner tells. All unfinished tasks must be among them. */
export const viewStored = async ({store, clock}: Pick<Context, 'store' | 'clock'>, tasks: readonly Task[]): Promise<readonly TaskView[]> => {
	const views = viewTasks({tasks, rules: await readQueueRules({store, clock, tasks}), progress: new Map()});
	const live = tasks.some(({state}) => isUnfinished(state)) ? await readLive(store.directory) : undefined;

	return views.map(view => isUnfinished(view.state) ? live?.get(view.id) ?? withoutRunner(view) : view);
};

const withoutRunner = (view: TaskView): TaskView => view.state === 'pending'
	? {...view, waitReason: 'waits for a runner: the next command that needs one starts it'}
	: view;

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
