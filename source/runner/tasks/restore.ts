import {join} from 'node:path';
import type {Backup} from '../../domain/backup.ts';
import type {ItemResult} from '../../domain/item.ts';
import type {RestoreRequest} from '../../domain/restore.ts';
import {decideTaskState} from '../../domain/task-state.ts';
import type {TaskError} from '../../domain/task.ts';
import type {RestoreTreeRequest, RestoreTreeResult} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {readVaultLocation} from '../vault-location.ts';
import {resolveRestoreTarget} from './restore-target.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

type RestoreTask = TaskOf<'restore'>;

/** Restores the chosen part of a home. */
export const runRestore = async (task: RestoreTask, {store, clock, engine, signal, onProgress}: TaskTools): Promise<TaskOutcome> => {
	const backup = await readBackup(store, task.accountUuid!, task.request.restore.backup);
	const request = await toTreeRequest({store, clock}, backup, task.request.restore);
	const home = await engine().restoreTree(request, {signal, onProgress});
	const items = [itemOfHome(home)];

	return {
		...emptyOutcome,
		state: decideTaskState(items),
		items,
		summary: home.summary,
		findings: home.findings,
		error: describeError(task, home),
	};
};

/** What the engine is asked for; the preview asks for the same. */
export const toTreeRequest = async ({store, clock}: Pick<TaskTools, 'store' | 'clock'>, backup: Backup, {selection, target, isMerge}: RestoreRequest): Promise<RestoreTreeRequest> => {
	const resolved = await resolveRestoreTarget({store, clock}, backup, target);

	return {
		vault: await readVaultLocation(store, backup.destination),
		accountUuid: backup.accountUuid,
		backupId: backup.id,
		selection,
		target: resolved.path,
		isOriginal: resolved.isOriginal,
		account: resolved.account,
		isMerge,
		cacheFolder: join(store.directory, 'cache'),
		threads: await readSetting(store, 'engine.threads'),
	};
};

const readBackup = async (store: Store, account: string, id: string): Promise<Backup> => {
	const {backups} = await store.read('backups', account);
	const backup = backups.find(candidate => candidate.id === id);

	if (backup === undefined) {
		throw new UserError(`The backup ${id} does not exist any more.`, {code: 'notFound', hint: 'See those that do with "holdfast backup list".'});
	}

	return backup;
};

const itemOfHome = ({status, summary}: RestoreTreeResult): ItemResult => ({
	name: 'homedir',
	status,
	parts: [],
	sizeBytes: summary.created.bytes + summary.overwritten.bytes,
	fileCount: summary.created.count + summary.overwritten.count,
	error: status === 'complete' ? null : 'Not everything came back.',
});

const describeError = ({id, request}: RestoreTask, {status, problemCount, isDamageMet}: RestoreTreeResult): TaskError | null => {
	if (status === 'complete') {
		return null;
	}

	const what = problemCount === 1 ? '1 file or folder' : `${problemCount} files and folders`;

	return isDamageMet
		? {
			code: 'damaged',
			message: `${what} could not be restored: data of backup ${request.restore.backup} is damaged.`,
			hint: `Each is named with "holdfast queue show ${id}"; another backup may hold them whole. What else is damaged tells "holdfast backup verify --read-data".`,
		}
		: {code: 'partial', message: `${what} could not be restored.`, hint: `Each is named with "holdfast queue show ${id}".`};
};
