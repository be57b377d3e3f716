import {join} from 'node:path';
import type {Backup} from '../../domain/backup.ts';
import type {Finding, ItemResult} from '../../domain/item.ts';
import {
	choicesOf,
	isReplacing,
	type ItemChoice,
	type StepTotal,
	sumSummaries,
} from '../../domain/restore.ts';
import {decideTaskState} from '../../domain/task-state.ts';
import type {TaskError} from '../../domain/task.ts';
import type {RestoreTreeRequest, RestoreTreeResult} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import {readLimitsOfTask} from '../read-limits.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {readVaultLocation} from '../vault-location.ts';
import {failedItem, restoreGathered} from './restore-gathered.ts';
import {limitRestore, notAllOfIt, type LimitedRestore} from './limit-restore.ts';
import {resolveRestoreTarget} from './restore-target.ts';
import type {Restored} from './restored.ts';
import {makeSafetyBackup} from './safety-backup.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

type RestoreTask = TaskOf<'restore'>;

/** Restores the chosen items, one after the other. One that fails keeps none of the others from coming back. */
export const runRestore = async (task: RestoreTask, tools: TaskTools): Promise<TaskOutcome> => {
	const backup = await readBackup(tools.store, task.accountUuid!, task.request.restore.backup);
	const restore = await limitToAsker(task, tools, backup);
	const restored: Restored[] = [];
	const choices = choicesOf(restore, backup.items);

	// Refused before anything is touched.
	await resolveRestoreTarget(tools, backup, {target: restore.target, isRecreating: choices.some(({name}) => name === 'config')});

	const safety = await makeSafetyBackup({
		task: {...task, request: {...task.request, restore}}, choices, backup, tools,
	});

	for (const choice of choices) {
		try {
			const source = await readBackup(tools.store, task.accountUuid!, choice.backup ?? backup.id);
			restored.push(withDenied(await restoreChoice(choice, {source, restore, tools}), restore));
		} catch (error) {
			if (choices.length === 1 || tools.signal.aborted || !(error instanceof UserError)) {
				throw error;
			}

			restored.push(failedItem(choice, error));
		}
	}

	return outcomeOf(task, restored, safety);
};

/** What is left out for want of rights makes an item partial. A USER learns that something was, never what or how much. */
const withDenied = (restored: Restored, {withheldItems = []}: LimitedRestore): Restored => {
	const {item, error} = restored;
	const denied = restored.denied ?? (withheldItems.includes(item.name) ? {count: 1, bytes: 0} : undefined);

	return denied === undefined
		? restored
		: {
			...restored,
			denied,
			item: {...item, status: item.status === 'complete' ? 'partial' : item.status, error: item.error ?? leftOut},
			error: error === null ? `${item.name}: ${leftOut}` : `${error} ${leftOut}`,
		};
};

const leftOut = 'Something was left out: it is outside the restoration rights.';

/** As far as who asked may have it now. */
const limitToAsker = async (task: RestoreTask, tools: TaskTools, backup: Backup): Promise<LimitedRestore> => {
	const {store, clock} = tools;
	const {identities} = await refreshAccounts(store, {clock});
	const limited = await limitRestore(task.request.restore, {
		limits: await readLimitsOfTask(store, task),
		backup,
		account: identities.find(({uuid, status}) => uuid === backup.accountUuid && status !== 'inactive'),
		machine: await readSetting(store, 'machine.name'),
		sourceOf: async id => readBackup(store, task.accountUuid!, id),
	});

	if (limited.isStrict === true && await isLess(limited, tools, backup)) {
		throw notAllOfIt();
	}

	return limited;
};

const isLess = async (limited: LimitedRestore, tools: TaskTools, backup: Backup): Promise<boolean> => {
	if (limited.withheld === undefined || limited.withheldItems!.length > 0) {
		return limited.withheldItems !== undefined && limited.withheldItems.length > 0;
	}

	const id = limited.items?.find(({name}) => name === 'homedir')?.backup ?? backup.id;
	const source = await readBackup(tools.store, backup.accountUuid, id);
	const {denied} = await tools.engine().planRestore(await toTreeRequest(tools, source, limited), {signal: tools.signal});

	return denied.count > 0;
};

type ChoiceOptions = {readonly source: Backup; readonly restore: LimitedRestore; readonly tools: TaskTools};

const restoreChoice = async (choice: ItemChoice, {source, restore, tools}: ChoiceOptions): Promise<Restored> => {
	if (choice.name !== 'homedir') {
		return restoreGathered(choice, {source, restore, tools});
	}

	const home = await tools.engine().restoreTree(await toTreeRequest(tools, source, restore), tools);

	return {
		item: itemOfHome(home), summary: home.summary, findings: home.findings, isDamageMet: home.isDamageMet, error: describeHome(home, source), ...home.denied.count > 0 && {denied: home.denied},
	};
};

/** What the engine is asked for to restore the home; the preview asks for the same. */
export const toTreeRequest = async ({store, clock}: Pick<TaskTools, 'store' | 'clock'>, backup: Backup, {selection, withheld, target, isMerge, ...request}: LimitedRestore, isRecreating = false): Promise<RestoreTreeRequest> => {
	const resolved = await resolveRestoreTarget({store, clock}, backup, {target, isRecreating});

	return {
		vault: await readVaultLocation(store, backup.destination),
		accountUuid: backup.accountUuid,
		backupId: backup.id,
		selection,
		withheld,
		target: resolved.path,
		isOriginal: resolved.isOriginal,
		account: resolved.account,
		isMerge,
		deletion: isReplacing({
			isMerge, selection, target, ...request,
		})
			? {type: 'all'}
			: undefined,
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

const describeHome = ({status, problemCount, isDamageMet}: RestoreTreeResult, {id}: Backup): string | null => {
	if (status === 'complete') {
		return null;
	}

	const what = problemCount === 1 ? '1 file or folder' : `${problemCount} files and folders`;

	return isDamageMet ? `${what} could not be restored: data of backup ${id} is damaged.` : `${what} could not be restored.`;
};

const outcomeOf = (task: RestoreTask, restored: readonly Restored[], safety: Backup | undefined): TaskOutcome => {
	const items = restored.map(({item}) => item);
	const state = decideTaskState(items);

	return {
		...emptyOutcome,
		state,
		items,
		summary: sumSummaries(restored.map(({summary}) => summary)),
		findings: [...noteOf(safety), ...restored.flatMap(({findings}) => findings)].toSorted((left, right) => Number(right.level === 'problem') - Number(left.level === 'problem')),
		error: describeError(task, restored, state === 'failed' ? 'failed' : 'partial'),
		denied: sumDenied(restored),
	};
};

const noteOf = (safety: Backup | undefined): readonly Finding[] => safety?.status === 'partial'
	? [{level: 'note', path: '', message: `not everything could be read for the safety backup ${safety.id}: "holdfast backup show ${safety.id}"`}]
	: [];

const sumDenied = (restored: readonly Restored[]): StepTotal | null => {
	const denied = restored.flatMap(each => each.denied ?? []);

	return denied.length === 0 ? null : {count: denied.reduce((sum, {count}) => sum + count, 0), bytes: denied.reduce((sum, {bytes}) => sum + bytes, 0)};
};

/** Damage is told first. */
const describeError = ({id}: RestoreTask, restored: readonly Restored[], code: 'failed' | 'partial'): TaskError | null => {
	const failed = restored.filter(({error}) => error !== null).toSorted((left, right) => Number(right.isDamageMet) - Number(left.isDamageMet));
	const [first] = failed;

	if (first === undefined) {
		return null;
	}

	const message = failed.map(({error}) => error!).join(' ');

	return first.isDamageMet
		? {code: 'damaged', message, hint: `Each is named with "holdfast queue show ${id}"; another backup may hold them whole. What else is damaged tells "holdfast backup verify --read-data".`}
		: {code, message, hint: `Each is named with "holdfast queue show ${id}".`};
};
