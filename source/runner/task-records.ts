import type {Backup} from '../domain/backup.ts';
import type {TaskDigest} from '../domain/task-digest.ts';
import {isUnfinished} from '../domain/task-state.ts';
import {taskKeyOf, type Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import {readTaskDigests} from '../state/task-digests.ts';
import {createTurns} from '../system/turns.ts';

/** Older ones move on to the archive of their day, where they keep fewer findings. */
const newestFinishedKept = 5;
const findingsArchived = 100;
const dayMs = 86_400_000;

/** The tasks the state keeps at hand, of all accounts or of those named: all unfinished ones and the newest finished. */
export const readTasks = async (store: Store, accounts?: readonly string[]): Promise<readonly Task[]> => {
	const found: Task[] = [];
	const othersTurn = createTurns();

	for (const key of accounts ?? await store.keys('tasks')) {
		await othersTurn();
		const {tasks} = await store.read('tasks', key);
		found.push(...tasks);
	}

	return found;
};

/**
What is known of the tasks, by the key under which the state keeps them.
@throws UserError `damaged` where it cannot be told of some
*/
export const readIntactTaskDigests = async (store: Store): Promise<ReadonlyMap<string, TaskDigest>> => {
	const readings = await readTaskDigests(store);
	const problem = readings.values().find(reading => reading.problem !== undefined)?.problem;

	if (problem !== undefined) {
		throw problem;
	}

	return new Map([...readings].map(([key, {digest}]) => [key, digest]));
};

/** The tasks of those accounts that are worth a look, by what is known of them: the files of thousands of others are not read. */
export const readTasksWhere = async (store: Store, isWanted: (digest: TaskDigest) => boolean): Promise<readonly Task[]> => {
	const digests = await readIntactTaskDigests(store);

	return readTasks(store, [...digests].filter(([, digest]) => isWanted(digest)).map(([key]) => key));
};

/** The pending and the running tasks of all accounts. */
export const readUnfinishedTasks = async (store: Store): Promise<readonly Task[]> => {
	const tasks = await readTasksWhere(store, ({hasUnfinished}) => hasUnfinished);

	return tasks.filter(({state}) => isUnfinished(state));
};

/** As `readTasks`, but an account whose file is damaged is named to `log` and left aside: it must not stop the others. */
export const readIntactTasks = async (store: Store, log: (text: string) => void, accounts?: readonly string[]): Promise<readonly Task[]> => {
	const tasks: Task[] = [];

	for (const account of accounts ?? await store.keys('tasks')) {
		try {
			tasks.push(...await readTasks(store, [account]));
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			log(`${error.message} Its tasks wait until that is mended.`);
		}
	}

	return tasks;
};

/**
Replaces a task by what `change` makes of it.
@returns the new task, or `undefined` when there is no such task or `change` left it as it is.
*/
export const changeTask = async (store: Store, task: Pick<Task, 'id' | 'accountUuid'>, change: (task: Task) => Task | undefined): Promise<Task | undefined> =>
	store.update('tasks', taskKeyOf(task), draft => {
		const index = draft.tasks.findIndex(({id}) => id === task.id);
		const changed = index === -1 ? undefined : change(draft.tasks[index]!);

		if (changed !== undefined) {
			draft.tasks[index] = changed;
		}

		return changed;
	});

/** A backup counts from the moment its record is saved; saving it twice is saving it once. */
export const saveBackup = async (store: Store, backup: Backup): Promise<void> => {
	await store.update('backups', backup.accountUuid, draft => {
		draft.backups = [...draft.backups.filter(({id}) => id !== backup.id), backup];
	});
};

/** Moves finished tasks beyond the newest few of an account to the archive of their day: those of a month of a large server would not fit into one file. Killed half-way, it has them in both: ids tell. */
export const archiveTasks = async (store: Store, accounts: Iterable<string>): Promise<void> => {
	const lists = await Promise.all([...accounts].map(async account => oldTasks(store, account)));
	const old = lists.flat();
	const byDay = Map.groupBy(old, ({endedAt, queuedAt}) => (endedAt ?? queuedAt).slice(0, '2026-11-22'.length));

	for (const [day, tasks] of byDay) {
		await store.update('finished-tasks', day, draft => {
			// A task that was run again is archived again.
			const moved = new Set(tasks.map(({id}) => id));
			draft.tasks = [...draft.tasks.filter(({id}) => !moved.has(id)), ...tasks.map(task => ({...task, findings: task.findings.slice(0, findingsArchived)}))];
		});
	}

	for (const [account, tasks] of Map.groupBy(old, task => taskKeyOf(task))) {
		const archived = new Set(tasks.map(({id}) => id));

		await store.update('tasks', account, draft => {
			draft.tasks = draft.tasks.filter(({id}) => !archived.has(id));
		});
	}
};

/** Forgets archived tasks that ended longer ago than `queue.logDays` says. */
export const forgetOldTasks = async (store: Store, now: Date): Promise<void> => {
	const logDays = await readSetting(store, 'queue.logDays');
	const oldest = new Date(now.getTime() - (logDays * dayMs)).toISOString();
	const days = logDays === 0 ? [] : await store.keys('finished-tasks');

	for (const day of days) {
		const {tasks} = day <= oldest.slice(0, day.length) ? await store.read('finished-tasks', day) : {tasks: []};
		const isAnyOlder = tasks.some(task => isOlder(task, oldest));

		if (isAnyOlder && tasks.every(task => isOlder(task, oldest))) {
			await store.remove('finished-tasks', day);
		} else if (isAnyOlder) {
			await store.update('finished-tasks', day, draft => {
				draft.tasks = draft.tasks.filter(task => !isOlder(task, oldest));
			});
		}
	}
};

const isOlder = ({endedAt}: Task, oldest: string): boolean => endedAt !== null && endedAt < oldest;

const oldTasks = async (store: Store, account: string): Promise<readonly Task[]> => {
	const tasks = await readTasks(store, [account]);

	return tasks
		.filter(({state}) => !isUnfinished(state))
		.toSorted((left, right) => left.endedAt! < right.endedAt! ? 1 : -1)
		.slice(newestFinishedKept);
};
