import type {Backup} from '../domain/backup.ts';
import {isLocked} from '../domain/backup-lock.ts';
import type {Identity} from '../domain/account.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {sortNewest} from '../domain/retention.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {Task, TaskKind} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {replaceAccountKey} from '../runner/account-keys.ts';
import {readTasks} from '../runner/task-records.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {queueTasks} from './queue-tasks.ts';

export type ResetPreview = {
	readonly account: Identity;
	/** What dies, the newest first: all that is encrypted. */
	readonly backups: readonly Backup[];
	readonly lockedCount: number;
	/** What making them added to their destinations. */
	readonly storedBytes: number;
};

/**
Tells what resetting the key of an account deletes, and changes nothing.
@throws UserError `notFound`, `usage`, `refused` without a remote key, `busy` while a restore, rollback or download of the account waits or runs.
*/
export const previewReset = action('previewReset', async (context: Context, nameOrUuid: string): Promise<ResetPreview> => {
	const account = await resolveAccount(context, nameOrUuid);
	const {keys} = await context.store.read('account-keys');
	const {backups} = await context.store.read('backups', account.uuid);

	if (keys.every(({accountUuid, kind}) => accountUuid !== account.uuid || kind !== 'remote')) {
		throw new UserError(`${toScreen(account.name)} has no remote key.`, {
			code: 'refused',
			hint: `Only a key that this server cannot open is reset; a local one is replaced with "holdfast account encryption ${toText(account.name)} --key local".`,
		});
	}

	await checkIdle(context, account);
	const doomed = backups.filter(({keyId}) => keyId !== undefined);

	return {
		account,
		backups: sortNewest(doomed),
		lockedCount: doomed.filter(backup => isLocked(backup, context.clock.now())).length,
		storedBytes: doomed.reduce((sum, {storedBytes}) => sum + storedBytes, 0),
	};
});

/**
Takes the key from an account, and queues the deletion of every backup that lies under it or one it had before. Throws as `previewReset`; `usage` when the confirmation is not its name.
*/
export const resetKey = action('resetKey', async (context: Context, {account: nameOrUuid, confirmation}: {readonly account: string; readonly confirmation: string}): Promise<Task> => {
	const {account, backups} = await previewReset(context, nameOrUuid);
	const name = toText(account.name);

	if (confirmation !== name) {
		throw new UserError(`The account is named ${name}, not ${confirmation}.`, {code: 'usage', hint: 'Nothing was changed.'});
	}

	await replaceAccountKey(context, account.uuid, null);
	// Read afterwards: none that somebody gave the account meanwhile is left over.
	const {keys} = await context.store.read('account-keys');
	const own = keys.filter(({accountUuid, id}) => accountUuid === account.uuid || backups.some(({keyId}) => keyId === id));

	const [task] = await queueTasks(context, [{
		kind: 'cleanup', account: account.name, accountUuid: account.uuid, backup: null, request: {kind: 'cleanup', resetKeys: own.map(({id}) => id)},
	}]);

	return task!;
});

const readingKinds: ReadonlySet<TaskKind> = new Set(['restore', 'rollback', 'download']);

const checkIdle = async ({store}: Context, {uuid, name}: Identity): Promise<void> => {
	const tasks = await readTasks(store, [uuid]);
	const reading = tasks.find(({kind, state}) => isUnfinished(state) && readingKinds.has(kind));

	if (reading !== undefined) {
		throw new UserError(`The ${reading.kind} ${reading.id} of ${toScreen(name)} has not ended yet.`, {code: 'busy', hint: `Wait for it, or abort it with "holdfast queue abort ${reading.id}".`});
	}
};
