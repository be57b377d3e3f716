import {canRunAgain, isUnfinished} from '../domain/task-state.ts';
import {orderTasks, type TaskView} from '../domain/task-view.ts';
import {taskKeyOf, type Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {handOver} from '../runner/hand-over.ts';
import {changeTask, readTasks, readUnfinishedTasks} from '../runner/task-records.ts';
import type {Store} from '../state/store.ts';
import {action} from './action.ts';
import {authorizeRestore} from './authorize-restore.ts';
import type {Context} from './context.ts';
import {findEndedTask} from './find-ended-task.ts';
import {findTask, readAllTasks, readNewestTasks} from './find-task.ts';
import {keysForTasks, withKeysNeeded} from './owner-keys.ts';
import {prepareRestore} from './prepare-restore.ts';
import {requireSeen, viewSeenTasks} from './seen-tasks.ts';
import {prepareRollback} from './rollbacks.ts';
import {accountsOf, saveAndHandOver} from './queue-tasks.ts';
import {viewStored} from './view-stored.ts';

export type ListTasksInput = {
	/** Finished ones too, as far back as the state remembers. */
	readonly isAll?: boolean;
	/** With `isAll`: of the finished ones only so many, the newest. */
	readonly mostFinished?: number;
};

/** Pending and running tasks, in the order they are carried out; with `isAll` also the finished ones, the newest first. */
export const listTasks = action('listTasks', async (context: Context, input: ListTasksInput = {}): Promise<readonly TaskView[]> => {
	const tasks = await readListed(context.store, input);
	const views = await viewSeenTasks(context, await viewStored(context, tasks));

	return orderTasks(input.isAll === true ? views : views.filter(({state}) => isUnfinished(state)));
});

const readListed = async (store: Store, {isAll, mostFinished}: ListTasksInput): Promise<readonly Task[]> => {
	if (isAll !== true) {
		return readUnfinishedTasks(store);
	}

	return mostFinished === undefined ? readAllTasks(store) : readNewestTasks(store, mostFinished);
};

/**
One task, by its id or the beginning of it.
@throws UserError `notFound`, or `usage` when several ids begin so.
*/
export const showTask = action('showTask', async (context: Context, id: string): Promise<TaskView> => {
	const [view] = await showTasks(context, [await findTask(context, id)]);

	return view!;
});

/** Tasks as they are by now. */
export const showTasks = action('showTasks', async (context: Context, tasks: readonly Task[]): Promise<readonly TaskView[]> => {
	const own = await readTasks(context.store, accountsOf(tasks));
	const known = new Map([...await readUnfinishedTasks(context.store), ...tasks, ...own].map(task => [task.id, task]));
	const views = await viewSeenTasks(context, await viewStored(context, [...known].map(([, task]) => task)));
	const byId = new Map(views.map(view => [view.id, view]));

	return tasks.flatMap(({id}) => byId.get(id) ?? []);
});

/**
Takes a waiting task off the queue, or asks a running one to stop: it has ended when its state says so.
@throws UserError `notFound`, or `refused` when it has ended already.
*/
export const abortTask = action('abortTask', async (context: Context, id: string): Promise<TaskView> => {
	const task = await findTask(context, id);

	if (!isUnfinished(task.state)) {
		throw new UserError(`The task ${task.id} has ended already: ${task.state}.`, {code: 'refused', hint: 'See what it did with "holdfast queue show".'});
	}

	await abortTasks(context, [task]);

	return showTask(context, task.id);
});

/** As `abortTask`, for all those of the tasks that have not ended. */
export const abortTasks = action('abortTasks', async (context: Context, tasks: ReadonlyArray<Pick<Task, 'id' | 'accountUuid'>>): Promise<void> => {
	const others = [];
	await requireSeen(context, tasks);

	for (const task of tasks) {
		if (await abortPending(context, task) === undefined) {
			others.push(task);
		}
	}

	// Where its runner died the next one, started by this, ends a task.
	const connection = await handOver(context.store.directory, accountsOf(tasks));

	for (const {id} of others) {
		await connection.abort(id);
	}

	connection.close();
});

/**
Puts a task that did not complete back into the queue, as it was asked for, or gives one that waits for an owner's private key that key. A restore is checked as a new one is.
@throws UserError `notFound`, or `refused` when there is nothing to run again; of a restore as `startRestore`.
*/
export const retryTask = action('retryTask', async (context: Context, id: string): Promise<Task> => {
	const task = await findEndedTask(context, id);

	if (task.state === 'pending' && task.keysNeeded !== undefined) {
		return giveKeys(context, task);
	}

	if (!canRunAgain(task.state)) {
		const reason = isUnfinished(task.state) ? `is ${task.state} already` : 'is complete';

		throw new UserError(`The task ${task.id} ${reason}.`, {code: 'refused', hint: 'Only failed, partial, aborted and interrupted tasks are run again.'});
	}

	if (task.request.kind === 'restore') {
		await authorizeRestore(context, await prepareRestore(context, task.request.restore, {isAgain: true}), task.id);
	} else if (task.request.kind === 'rollback') {
		await prepareRollback(context, task.request.rollback.task);
	}

	const [queued] = await saveAndHandOver(context, accountsOf([task]), async () => {
		const again = await withKeysNeeded(context, requeue(task, context));

		return context.store.update('tasks', taskKeyOf(task), draft => {
			draft.tasks = [...draft.tasks.filter(other => other.id !== task.id), again];

			return [again];
		});
	});

	return queued;
});

/** For a task that waits for an owner's private key since the runner that had it has ended. */
const giveKeys = async (context: Context, task: Task): Promise<Task> => {
	await withKeysNeeded(context, task);
	const connection = await handOver(context.store.directory, accountsOf([task]), {keys: keysForTasks(context, [task])});
	connection.close();

	return task;
};

const abortPending = async ({store, clock}: Context, task: Pick<Task, 'id' | 'accountUuid'>): Promise<Task | undefined> => changeTask(store, task, saved => saved.state === 'pending'
	? {
		...saved,
		state: 'aborted',
		endedAt: clock.now().toISOString(),
		error: {code: 'interrupted', message: `The ${saved.kind} was aborted before it began.`, hint: `Run it again with "holdfast queue retry ${saved.id}".`},
	}
	: undefined);

/** The time queued only grows: by it a runner tells the task from its former run. */
const requeue = (task: Task, context: Context): Task => ({
	...task,
	...askerOf(task, context),
	state: 'pending',
	priority: null,
	queuedAt: new Date(Math.max(context.clock.now().getTime(), Date.parse(task.queuedAt) + 1)).toISOString(),
	startedAt: null,
	endedAt: null,
	items: [],
	backup: task.kind === 'backup' ? null : task.backup,
	download: null,
	summary: null,
	findings: [],
	error: null,
});

/** What was asked for by somebody who signed in stays theirs, whoever runs it again: it brings no more than they may have. */
const askerOf = ({askedAs, requestedBy}: Task, {actor}: Context): Pick<Task, 'requestedBy' | 'askedAs'> => askedAs === undefined
	? {requestedBy: actor.name, ...actor.isSignedIn && {askedAs: actor.role}}
	: {requestedBy, askedAs};
