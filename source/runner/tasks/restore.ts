import type {Finding, ItemName} from '../../domain/item.ts';
import {choicesOf, type ItemChoice, type RestoreRequest} from '../../domain/restore.ts';
import {UserError} from '../../errors.ts';
import {lockLogins} from '../../items/config/logins.ts';
import {LeftError} from '../../items/databases/with-ending.ts';
import {readSetting} from '../../state/read-setting.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import type {Store} from '../../state/store.ts';
import {readBackup} from '../read-backup.ts';
import type {TaskOutcome} from '../task-outcome.ts';
import {checkRoom} from './check-room.ts';
import {failedItem, removeLiveOnly, restoreGathered} from './restore-gathered.ts';
import {restoreHome, type HomeOptions} from './restore-home.ts';
import {restoreOutcome} from './restore-outcome.ts';
import {limitToAsker, withDenied} from './restore-rights.ts';
import {resolveRestoreTarget} from './restore-target.ts';
import type {Restored} from './restored.ts';
import {makeSafetyBackup} from './safety-backup.ts';
import {stoppedRestore} from './stopped-restore.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';
import {proveReadable} from './terminate/prove-readable.ts';
import {beginTermination, type Termination} from './terminate/termination.ts';

type RestoreTask = TaskOf<'restore'>;

/** Restores the chosen items, one after the other. One that fails keeps none of the others from coming back. */
export const runRestore = async (task: RestoreTask, tools: TaskTools): Promise<TaskOutcome> => {
	const backup = await readBackup(tools.store, task.accountUuid!, task.request.restore.backup);
	const restore = await limitToAsker(task, tools, backup);
	const restored: Restored[] = [];
	const choices = choicesOf(restore, backup.items);

	// Refused before anything is touched.
	const isRecreating = choices.some(({name}) => name === 'config');
	const target = await resolveRestoreTarget(tools, backup, {target: restore.target, isRecreating});

	const sources = await Promise.all(choices.map(async choice => readBackup(tools.store, task.accountUuid!, choice.backup ?? backup.id)));

	await checkRoom(choices.map((choice, index) => ({choice, source: sources[index]!})), {
		restore, target: target.path, isRecreating, tools,
	});

	if (restore.isTerminating === true) {
		await proveReadable(sources, tools);
	}

	const {safety, refused} = await makeSafetyBackup({
		task,
		// Suspending changes what config holds.
		choices,
		names: [...choices.map(({name}) => name), ...restore.isSuspending === true ? ['config' as const] : []],
		selection: restore.selection,
		isWanted: restore.target.type === 'original' && (restore.isSafetyBackupMade ?? await readSetting(tools.store, 'restore.safetyBackup')),
		backup,
		tools,
	});
	checkRefused(restore, choices, refused);
	const termination = restore.isTerminating === true ? await beginTerminating(task, tools) : undefined;
	let isBegun = false;
	const stop = (underWay?: ItemName, error?: unknown): TaskOutcome => stoppedRestore(task, {
		signal: tools.signal, restored, names: choices.map(({name}) => name), ...underWay !== undefined && {underWay}, safety, left: error instanceof LeftError ? error.left : undefined,
	});

	try {
		for (const [index, choice] of choices.entries()) {
			if (tools.signal.aborted) {
				return stop();
			}

			try {
				const refusal = refused.get(choice.name);

				if (refusal !== undefined) {
					throw refusal;
				}

				const done = await restoreChoice(choice, {
					source: sources[index]!, restore, tools, termination,
				});
				restored.push(withDenied(done, restore));

				if (done.isCutShort === true) {
					return stop();
				}
			} catch (error) {
				if (tools.signal.aborted) {
					return stop(choice.name, error);
				}

				if (choices.length === 1 || !(error instanceof UserError)) {
					throw error;
				}

				restored.push(failedItem(choice, error));
			}
		}

		// Users go after the databases that are theirs.
		for (const [index, choice] of restore.isTerminating === true ? choices.entries().toArray().toReversed() : []) {
			restored[index] = await removeLiveOnly(choice, restored[index]!, {source: sources[index]!, tools});
		}

		isBegun = restored.some(({item}) => item.status !== 'failed');
	} finally {
		await termination?.end(isBegun && restore.isSuspending === true);
	}

	return restoreOutcome(task, {restored, safety, ending: isBegun ? await suspend(task, termination, tools.store) : []});
};

/** What cannot be backed up first is not restored; where that is all, or the account is terminated, nothing is. */
const checkRefused = ({isTerminating}: RestoreRequest, choices: readonly ItemChoice[], refused: ReadonlyMap<ItemName, UserError>): void => {
	const [first] = refused.values();

	if (first !== undefined && (isTerminating === true || choices.every(({name}) => refused.has(name)))) {
		throw first;
	}
};

const beginTerminating = async ({id, request: {restore}, accountUuid}: RestoreTask, {store, clock}: TaskTools): Promise<Termination> => {
	const {identities} = await refreshAccounts(store, {clock});
	const account = identities.find(({uuid, status}) => uuid === accountUuid && status !== 'inactive');

	if (account === undefined) {
		throw new UserError('The account is not there any more: there is nothing to terminate.', {code: 'refused', hint: 'Restore it without --terminate.'});
	}

	return beginTermination({
		store, task: id, account, isSuspending: restore.isSuspending === true,
	});
};

/** Locks the account where that is asked for; one that was terminated is locked already. */
const suspend = async ({request: {restore}, accountUuid}: RestoreTask, termination: Termination | undefined, store: Store): Promise<readonly Finding[]> => {
	if (termination !== undefined || restore.isSuspending !== true) {
		return [];
	}

	try {
		const {identities} = await store.read('accounts');
		await lockLogins(store, identities.find(({uuid}) => uuid === accountUuid)!.name);

		return [];
	} catch (error) {
		return [{level: 'problem', path: '', message: `the account could not be suspended: ${(error as Error).message}`}];
	}
};

const restoreChoice = async (choice: ItemChoice, {source, restore, tools, termination}: HomeOptions): Promise<Restored> => {
	if (choice.name === 'homedir') {
		return restoreHome({
			source, restore, tools, termination,
		});
	}

	try {
		return await restoreGathered(choice, {source, restore, tools});
	} finally {
		if (choice.name === 'config') {
			await termination?.lock();
		}
	}
};
