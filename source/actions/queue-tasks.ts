import {taskKeyOf, type Task} from '../domain/task.ts';
import {handOver, reachRunner} from '../runner/hand-over.ts';
import type {RunnerConnection} from '../runner/runner-client.ts';
import {newIdentifier} from '../system/new-identifier.ts';
import type {Context} from './context.ts';

export type NewTask = Pick<Task, 'kind' | 'account' | 'accountUuid' | 'backup' | 'request'>;

/** Saves new tasks and hands them over to the runner, which is started while they are saved. */
export const queueTasks = async (context: Context, tasks: readonly NewTask[]): Promise<readonly Task[]> =>
	saveAndHandOver(context, accountsOf(tasks), async () => saveTasks(context, tasks));

/** Saves new tasks, and leaves them to a runner that is begun afterwards. */
export const saveTasks = async ({store, clock, actor}: Context, tasks: readonly NewTask[]): Promise<readonly Task[]> => {
	const queuedAt = clock.now().toISOString();
	const created = tasks.map(task => toTask(task, queuedAt, actor.name));

	await Promise.all(created.map(async task => store.update('tasks', taskKeyOf(task), draft => {
		draft.tasks.push(task);
	})));

	return created;
};

/** Hands over what `save` saves. When it fails nothing is handed over, and a runner that was started for it ends by itself. */
export const saveAndHandOver = async <Result>({store}: Context, accounts: readonly string[], save: () => Promise<Result>): Promise<Result> => {
	const [saved, reached] = await Promise.allSettled([save(), store.isReadOnly ? undefined : reachRunner(store.directory)]);

	if (saved.status === 'rejected') {
		closeReached(reached);
		throw saved.reason as Error;
	}

	if (reached.status === 'rejected') {
		throw reached.reason as Error;
	}

	const connection = await handOver(store.directory, accounts, reached.value);
	connection.close();

	return saved.value;
};

export const accountsOf = (tasks: ReadonlyArray<Pick<Task, 'accountUuid'>>): readonly string[] => [...new Set(tasks.map(task => taskKeyOf(task)))];

const closeReached = (reached: PromiseSettledResult<RunnerConnection | undefined>): void => {
	if (reached.status === 'fulfilled') {
		reached.value?.close();
	}
};

const toTask = (task: NewTask, queuedAt: string, requestedBy: string): Task => ({
	...task,
	id: newIdentifier(),
	state: 'pending',
	priority: null,
	queuedAt,
	startedAt: null,
	endedAt: null,
	requestedBy,
	items: [],
	download: null,
	safetyBackup: null,
	summary: null,
	findings: [],
	error: null,
});
