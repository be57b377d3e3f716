import type {Backup} from '../../domain/backup.ts';
import {decideItemStatus, type Finding, type PartResult} from '../../domain/item.ts';
import {toScreen} from '../../domain/raw-name.ts';
import {addTotals, noSummary} from '../../domain/restore.ts';
import type {BroughtItem} from '../../domain/rollback.ts';
import type {LiveOnlyDeletion} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {findItem} from '../../items/items.ts';
import {readSetting} from '../../state/read-setting.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import {readBackup} from '../read-backup.ts';
import {readLimitsOfTask} from '../read-limits.ts';
import type {TaskOutcome} from '../task-outcome.ts';
import {limitRollback, type LimitedRollback} from './limit-rollback.ts';
import {failedItem, readAccount, restoreGathered} from './restore-gathered.ts';
import {restoredHome} from './restore-home.ts';
import {restoreOutcome} from './restore-outcome.ts';
import {withDenied} from './restore-rights.ts';
import {resolveRestoreTarget} from './restore-target.ts';
import type {Restored} from './restored.ts';
import {readDeletion, reasonsNotToUndo, sortParts} from './rollback-parts.ts';
import {makeSafetyBackup} from './safety-backup.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';
import {toUndoRequest, undoRequestOf} from './undo-home.ts';

type RollbackTask = TaskOf<'rollback'>;

/** Undoes a restore: what was live before comes back, and what the restore brought goes. It makes a safety backup of its own, so that it can be undone, too. */
export const runRollback = async (task: RollbackTask, tools: TaskTools): Promise<TaskOutcome> => {
	const {store} = tools;
	const undone = await readBackup(store, task.accountUuid!, task.request.rollback.safetyBackup);
	const limited = await limitToAsker(task, tools, undone);
	const {rollback, withheldItems} = limited;
	await resolveRestoreTarget(tools, undone, {target: {type: 'original'}, isRecreating: false});
	const {safety, refused} = await makeSafetyBackup({
		task, choices: rollback.brought, names: rollback.brought.map(({name}) => name), selection: rollback.selection, isWanted: true, backup: undone, tools,
	});
	const deletion = await readDeletion(tools, rollback, task.accountUuid!);
	const restored: Restored[] = [];

	for (const item of rollback.brought) {
		try {
			const refusal = refused.get(item.name);

			if (refusal !== undefined) {
				throw refusal;
			}

			const options: UndoOptions = {undone, limited, tools};
			const done = await (item.name === 'homedir' ? undoHome(deletion, options) : undoItem(item, options));
			restored.push(withDenied(done, {withheldItems}));
		} catch (error) {
			if (rollback.brought.length === 1 || tools.signal.aborted || !(error instanceof UserError)) {
				throw error;
			}

			restored.push(failedItem(item, error));
		}
	}

	const leftOut = withheldItems.some(name => rollback.brought.every(item => item.name !== name)) ? ['something was left out: it is outside the restoration rights'] : [];
	const ending = [...leftOut, ...reasonsNotToUndo(rollback, undone, deletion)].map((message): Finding => ({level: 'problem', path: '', message}));

	return restoreOutcome(task, {restored, safety, ending});
};

/** As far as who asked may have it now. */
const limitToAsker = async (task: RollbackTask, {store, clock}: TaskTools, undone: Backup): Promise<LimitedRollback> => {
	const {identities} = await refreshAccounts(store, {clock});
	const {backups} = await store.read('backups', undone.accountUuid);

	return limitRollback(task.request.rollback, {
		limits: await readLimitsOfTask(store, task),
		undone,
		account: identities.find(({uuid, status}) => uuid === undone.accountUuid && status !== 'inactive'),
		machine: await readSetting(store, 'machine.name'),
		backups,
	});
};

type UndoOptions = {
	/** What was live before the restore. */
	readonly undone: Backup;
	readonly limited: LimitedRollback;
	readonly tools: TaskTools;
};

const undoHome = async (deletion: LiveOnlyDeletion | undefined, {undone, limited: {rollback, withheld}, tools}: UndoOptions): Promise<Restored> => {
	const home = await tools.engine().restoreTree(await toUndoRequest(tools, {
		undone, rollback, withheld, deletion,
	}), tools);

	return restoredHome(home, undone);
};

const undoItem = async (brought: BroughtItem, {undone, limited: {rollback}, tools}: UndoOptions): Promise<Restored> => {
	const {name} = brought;
	const {back, gone} = sortParts(brought, undone);
	const restored = back.length === 0 ? nothing(brought) : await restoreGathered({name, parts: back, backup: null}, {source: undone, restore: undoRequestOf(rollback), tools});
	const removed = gone.length === 0 ? [] : await removeParts(brought, gone, {undone, tools});
	const failed = removed.filter(({status}) => status === 'failed');
	const parts = [...restored.item.parts, ...removed];

	return {
		item: {
			...restored.item, status: decideItemStatus(parts), parts, error: restored.item.error ?? failed[0]?.error ?? null,
		},
		summary: {
			...restored.summary,
			deleted: addTotals(restored.summary.deleted, {count: removed.length - failed.length, bytes: 0}),
			failed: addTotals(restored.summary.failed, {count: failed.length, bytes: 0}),
		},
		findings: [...restored.findings, ...failed.map((part): Finding => ({level: 'problem', path: '', message: `${name}:${toScreen(part.name)} could not be removed: ${part.error!}`}))],
		isDamageMet: restored.isDamageMet,
		error: restored.error ?? (failed.length === 0 ? null : `${name}:${toScreen(failed[0]!.name)} could not be removed: ${failed[0]!.error!}.`),
	};
};

/** Those that are not there any more are gone already. */
const removeParts = async ({name}: BroughtItem, parts: readonly string[], {undone, tools}: Pick<UndoOptions, 'undone' | 'tools'>): Promise<readonly PartResult[]> => {
	const account = await readAccount({name}, tools, undone);
	const context = {account, store: tools.store, signal: tools.signal};
	const item = findItem(name);
	const live = await item.discover(context);
	const results: PartResult[] = [];

	for (const part of parts) {
		try {
			if (live.includes(part)) {
				await item.remove!({...context, part});
			}

			results.push({
				name: part, status: 'complete', sizeBytes: 0, error: null,
			});
		} catch (error) {
			tools.signal.throwIfAborted();
			results.push({
				name: part, status: 'failed', sizeBytes: 0, error: (error as Error).message,
			});
		}
	}

	return results;
};

const nothing = ({name}: BroughtItem): Restored => ({
	item: {
		name, status: 'absent', parts: [], sizeBytes: 0, fileCount: 0, error: null,
	},
	summary: noSummary,
	findings: [],
	isDamageMet: false,
	error: null,
});
