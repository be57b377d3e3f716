import {taskKeyOf, type Task} from '../domain/task.ts';
import {handOver, reachRunner} from '../runner/hand-over.ts';
import {saveNewTasks, type NewTask} from '../runner/new-tasks.ts';
import type {RunnerConnection} from '../runner/runner-client.ts';
import type {Context} from './context.ts';
import {keysForTasks, withKeysNeeded} from './owner-keys.ts';

/**
Saves new tasks and hands them over to the runner, which is started while they are saved.
@throws UserError `key` where one reads with an owner's private key that was not given; then none is saved
*/
export const queueTasks = async (context: Context, tasks: readonly NewTask[]): Promise<readonly Task[]> =>
	saveAndHandOver(context, accountsOf(tasks), async () => saveTasks(context, await Promise.all(tasks.map(async task => withKeysNeeded(context, task)))));

/** Saves new tasks, and leaves them to a runner that is begun afterwards. */
export const saveTasks = async ({store, clock, actor}: Context, tasks: readonly NewTask[]): Promise<readonly Task[]> =>
	saveNewTasks(store, tasks, {queuedAt: clock.now().toISOString(), requestedBy: actor.name, ...actor.isSignedIn && {askedAs: actor.role}});

/** Hands over what `save` saves. When it fails nothing is handed over, and a runner that was started for it ends by itself. */
export const saveAndHandOver = async <Saved extends readonly Task[]>(context: Context, accounts: readonly string[], save: () => Promise<Saved>): Promise<Saved> => {
	const {store} = context;
	const [saved, reached] = await Promise.allSettled([save(), store.isReadOnly ? undefined : reachRunner(store.directory)]);

	if (saved.status === 'rejected') {
		closeReached(reached);
		throw saved.reason as Error;
	}

	if (reached.status === 'rejected') {
		throw reached.reason as Error;
	}

	const connection = await handOver(store.directory, accounts, {reached: reached.value, keys: keysForTasks(context, saved.value)});
	connection.close();

	return saved.value;
};

export const accountsOf = (tasks: ReadonlyArray<Pick<Task, 'accountUuid'>>): readonly string[] => [...new Set(tasks.map(task => taskKeyOf(task)))];

const closeReached = (reached: PromiseSettledResult<RunnerConnection | undefined>): void => {
	if (reached.status === 'fulfilled') {
		reached.value?.close();
	}
};
