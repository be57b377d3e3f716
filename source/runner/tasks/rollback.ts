import type {Backup} from '../../domain/backup.ts';
import type {Finding, ItemName, PartResult} from '../../domain/item.ts';
import {noSummary} from '../../domain/restore.ts';
import type {BroughtItem} from '../../domain/rollback.ts';
import type {LiveOnlyDeletion} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {LeftError} from '../../items/databases/with-ending.ts';
import {findItem} from '../../items/items.ts';
import {broughtPart, removeParts} from '../../items/remove-parts.ts';
import {readSetting} from '../../state/read-setting.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import {readBackup} from '../read-backup.ts';
import {readLimitsOfTask} from '../read-limits.ts';
import type {TaskOutcome} from '../task-outcome.ts';
import {limitRollback, type LimitedRollback} from './limit-rollback.ts';
import {withRemoved} from './removed-parts.ts';
import {failedItem, readAccount, restoreGathered} from './restore-gathered.ts';
import {restoredHome} from './restore-home.ts';
import {restoreOutcome} from './restore-outcome.ts';
import {withDenied} from './restore-rights.ts';
import {resolveRestoreTarget} from './restore-target.ts';
import type {Restored} from './restored.ts';
import {
	readDeletion,
	readGone,
	reasonsNotToUndo,
	sortParts,
} from './rollback-parts.ts';
import {makeSafetyBackup} from './safety-backup.ts';
import {stoppedRestore} from './stopped-restore.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';
import {toUndoRequest, undoRequestOf} from './undo-home.ts';
import {withBrought, type BroughtOptions} from './with-brought.ts';

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
	const untouched = new Set<ItemName>();

	const stop = (underWay?: ItemName, error?: unknown): TaskOutcome => stoppedRestore(task, {
		signal: tools.signal, restored, names: rollback.brought.map(({name}) => name), ...underWay !== undefined && {underWay}, safety, left: error instanceof LeftError ? error.left : undefined,
	});

	for (const item of rollback.brought) {
		if (tools.signal.aborted) {
			return stop();
		}

		try {
			const refusal = refused.get(item.name);

			if (refusal !== undefined) {
				throw refusal;
			}

			const options: UndoOptions = {undone, limited, tools};
			const done = await (item.name === 'homedir' ? undoHome(deletion, options) : undoItem(item, options));
			restored.push(done);

			if (done.isCutShort === true) {
				return stop();
			}
		} catch (error) {
			if (tools.signal.aborted) {
				return stop(item.name, error);
			}

			if (rollback.brought.length === 1 || !(error instanceof UserError)) {
				throw error;
			}

			restored.push(failedItem(item, error));
			untouched.add(item.name);
		}
	}

	// Users go after the databases that are theirs.
	for (const [index, item] of rollback.brought.entries().toArray().toReversed()) {
		if (!untouched.has(item.name)) {
			restored[index] = withDenied(await removeBrought(item, restored[index]!, {undone, tools}), {withheldItems});
		}
	}

	const leftOut = withheldItems.some(name => rollback.brought.every(item => item.name !== name)) ? ['something was left out: it is outside the restoration rights'] : [];
	const ending = [...leftOut, ...reasonsNotToUndo(rollback, undone, await readGone(store, rollback, undone.accountUuid))].map((message): Finding => ({level: 'problem', path: '', message}));

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

const undoItem = async (item: BroughtItem, {undone, limited: {rollback}, tools}: UndoOptions): Promise<Restored> => {
	const {name} = item;
	const {back} = sortParts(item, undone);

	return back.length === 0
		? nothing(item)
		: withBrought(item, placeOf(undone, tools), async brought => restoreGathered({name, parts: back, backup: null}, {
			source: undone, restore: undoRequestOf(rollback), tools, brought,
		}));
};

/** What was not there before goes. */
const removeBrought = async (item: BroughtItem, restored: Restored, {undone, tools}: Pick<UndoOptions, 'undone' | 'tools'>): Promise<Restored> => {
	const {name} = item;
	const {gone} = sortParts(item, undone);

	if (gone.length === 0) {
		return restored;
	}

	const account = await readAccount({name}, tools, undone);
	const found = findItem(name);

	const remain = (parts: readonly string[], error: string): readonly PartResult[] => parts.map(part => ({
		name: part, status: 'failed', sizeBytes: 0, error,
	}));

	try {
		return await withBrought(item, placeOf(undone, tools), async brought => {
			const isKnown = (part: string): boolean => found.keepsLiveOnly !== true || broughtPart(brought, part) !== undefined;
			const removed = await removeParts(found, gone.filter(part => isKnown(part)), {
				account, store: tools.store, signal: tools.signal, brought,
			});

			return withRemoved(restored, [...removed, ...remain(gone.filter(part => !isKnown(part)), 'the backup that it came from does not exist any more, so that it cannot be told from what came since')]);
		});
	} catch (error) {
		if (tools.signal.aborted || !(error instanceof UserError)) {
			throw error;
		}

		return withRemoved(restored, remain(gone, error.message));
	}
};

const placeOf = ({accountUuid}: Backup, tools: TaskTools): BroughtOptions => ({
	accountUuid, from: tools, engine: tools.engine(), signal: tools.signal,
});

const nothing = ({name}: BroughtItem): Restored => ({
	item: {
		name, status: 'absent', parts: [], sizeBytes: 0, fileCount: 0, error: null,
	},
	summary: noSummary,
	findings: [],
	isDamageMet: false,
	error: null,
});
