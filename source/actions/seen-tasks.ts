import {
	reachOfHome,
	viewBackup,
	isPartWithin,
	type Limits,
} from '../domain/backup-view.ts';
import type {Backup} from '../domain/backup.ts';
import type {ItemResult} from '../domain/item.ts';
import type {Rights} from '../domain/rights.ts';
import type {TaskView} from '../domain/task-view.ts';
import type {Task} from '../domain/task.ts';
import {isWithin} from '../domain/tree-reach.ts';
import {UserError} from '../errors.ts';
import {readTasks} from '../runner/task-records.ts';
import {tryReadBackups} from '../state/read-backups.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {requirePermission} from './action.ts';
import type {Context} from './context.ts';
import {seenIdentities} from './limits.ts';

/** The tasks that the actor may know of: of a USER the own ones, of accounts that are within the rights. */
export const seenTasks = async <Known extends Pick<Task, 'requestedBy' | 'askedAs' | 'accountUuid'>>(context: Context, tasks: readonly Known[]): Promise<readonly Known[]> => {
	const {actor, store} = context;

	if (actor.role !== 'user') {
		return tasks;
	}

	const own = tasks.filter(({askedAs, requestedBy}) => askedAs === 'user' && requestedBy === actor.name);
	const known = own.length === 0 ? {identities: []} : await refreshAccounts(store, context);
	const {identities} = await seenIdentities(context, known.identities);
	const uuids = new Set<string | null>(identities.map(({uuid}) => uuid));

	return own.filter(({accountUuid}) => uuids.has(accountUuid));
};

/** The same as they are shown. What is told of files and parts that are not within a USER's rights any more is left out. */
export const viewSeenTasks = async (context: Context, tasks: readonly TaskView[]): Promise<readonly TaskView[]> => {
	const seen = await seenTasks(context, tasks);

	if (context.actor.role !== 'user' || seen.length === 0) {
		return seen;
	}

	const {limits} = await seenIdentities(context, []);
	const backups = await readBackupsOf(context, seen);

	return seen.map(task => limits === undefined ? task : viewTask(limits, task, backups.get(task.backup ?? '')));
};

/**
Whether all tasks are such that the actor may know of them.
@throws UserError `notFound`
*/
export const requireSeen = async (context: Context, tasks: ReadonlyArray<Pick<Task, 'id' | 'accountUuid'>>): Promise<void> => {
	if (context.actor.role !== 'user') {
		return;
	}

	const stored = await readTasks(context.store, tasks.flatMap(({accountUuid}) => accountUuid ?? []));
	const seen = await seenTasks(context, stored);
	const ids = new Set(seen.map(({id}) => id));
	const missing = tasks.find(({id}) => !ids.has(id));

	if (missing !== undefined) {
		throw new UserError(`There is no task "${missing.id}".`, {code: 'notFound', hint: 'See yours with "holdfast queue list --all".'});
	}
};

type SeenTelling = {
	readonly tell: (tasks: readonly TaskView[]) => void;
	/** Called when it cannot be asked any more what may be told. */
	readonly onError: (error: unknown) => void;
};

/** Tells what changes as the actor may see it, by the role and the rights of then: one after the other, and without what came in between. */
export const tellSeen = (context: Context, {tell, onError}: SeenTelling): ((tasks: readonly TaskView[]) => void) => {
	if (context.actor.isSignedIn !== true) {
		return tell;
	}

	let newest: readonly TaskView[] | undefined;
	let isTelling = false;

	const tellNewest = async (): Promise<void> => {
		isTelling = true;

		while (newest !== undefined) {
			const tasks = newest;
			newest = undefined;
			await requirePermission(context, 'watchTasks');
			tell(await viewSeenTasks(context, tasks));
		}

		isTelling = false;
	};

	return tasks => {
		newest = tasks;

		if (!isTelling) {
			tellNewest().catch(onError);
		}
	};
};

const readBackupsOf = async ({store}: Context, tasks: readonly TaskView[]): Promise<ReadonlyMap<string, Backup>> => {
	const accounts = new Set(tasks.flatMap(({accountUuid}) => accountUuid ?? []));
	const read = await Promise.all([...accounts].map(async account => tryReadBackups(store, account)));

	return new Map(read.flatMap(({backups}) => backups).map(backup => [backup.id, backup]));
};

const viewTask = (limits: Rights, task: TaskView, backup: Backup | undefined): TaskView => {
	const reach = backup && reachOfHome(limits, backup);
	const items = task.items.flatMap(item => seenItem(limits, item, backup) ?? []);
	const isAll = items.length === task.items.length && items.every((item, index) => item.parts.length === task.items[index]!.parts.length);
	const isSeenPath = (path: string): boolean => path === '' ? isAll : reach !== undefined && isWithin(reach, path);
	const {currentPath} = task.progress;

	return {
		...task,
		items,
		findings: task.findings.filter(({path}) => isSeenPath(path)),
		error: isAll || task.error === null ? task.error : {code: task.error.code, message: `The ${task.kind} is ${task.state}.`, hint: null},
		progress: {...task.progress, currentPath: currentPath !== null && isSeenPath(currentPath) ? currentPath : null},
		// Others' tasks are why it waits.
		waitReason: task.waitReason === null ? null : 'waits for its turn',
	};
};

const seenItem = (limits: Limits, item: ItemResult, backup: Backup | undefined): ItemResult | undefined => {
	if (backup === undefined || viewBackup(limits, backup)?.items.every(({name}) => name !== item.name) !== false) {
		return undefined;
	}

	const {name} = item;

	return name === 'homedir' ? item : {...item, parts: item.parts.filter(part => isPartWithin(limits, backup, {item: name, part: backup.items.find(each => each.name === name)?.parts.find(each => each.name === part.name) ?? part}))};
};
