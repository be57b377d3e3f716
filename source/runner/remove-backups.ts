import {join} from 'node:path';
import {isLocked} from '../domain/backup-lock.ts';
import {byVault, type Backup} from '../domain/backup.ts';
import {toScreen} from '../domain/raw-name.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {TaskKind} from '../domain/task.ts';
import {dropScanCache} from '../engine/backup/scan-cache.ts';
import {openVault, type Vault} from '../engine/vault/vault.ts';
import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import {backupsOf} from './retention-facts.ts';
import {readTasks} from './task-records.ts';
import {readWritableVault} from './vault-location.ts';

type RemoveOptions = {readonly store: Store; readonly clock: Clock};
type Doomed = Pick<Backup, 'id' | 'accountUuid' | 'destination' | 'keyId'>;

/**
Removes backups for good: at the destination first, then from the state, so that one that was removed half is removed by doing it again. What they alone used is freed by the next cleanup. Those that are gone
already are passed over. Each is removed or refused by itself, in the order given.
@throws UserError `busy` for one that is locked or being restored, `failed` when the destination is not there, `key`, `damaged`.
*/
export const removeBackups = async ({store, clock}: RemoveOptions, backups: readonly Doomed[]): Promise<void> => {
	for (const [place, doomed] of byVault(backups)) {
		const vault = await openVault(await readWritableVault({store}, place));

		try {
			for (const backup of doomed) {
				await removeBackup({store, clock, vault}, backup);
			}
		} finally {
			vault.close();
		}
	}
};

const removeBackup = async ({store, clock, vault}: RemoveOptions & {readonly vault: Vault}, {id, accountUuid}: Doomed): Promise<void> => {
	await checkUnused(store, {id, accountUuid});

	// Under the state's lock: whoever locks the backup meanwhile does so before or after, never in between.
	await store.update('backups', accountUuid, draft => {
		const backup = draft.backups.find(candidate => candidate.id === id);

		if (backup === undefined) {
			return;
		}

		checkUnlocked(backup, clock.now());
		vault.deleteBackup({accountUuid, backupId: id});
		draft.backups = draft.backups.filter(candidate => candidate.id !== id);
	});

	dropScanCache(join(store.directory, 'cache'), `${vault.id}-${accountUuid}`, id);
};

const readingKinds: ReadonlySet<TaskKind> = new Set(['restore', 'rollback', 'download']);

/** A restore or download that waits or runs reads it to its end. */
const checkUnused = async (store: Store, {id, accountUuid}: Pick<Doomed, 'id' | 'accountUuid'>): Promise<void> => {
	const tasks = await readTasks(store, [accountUuid]);
	const reading = tasks.find(task => isUnfinished(task.state) && readingKinds.has(task.kind) && backupsOf(task).includes(id));

	if (reading !== undefined) {
		throw new UserError(`The backup ${id} of ${toScreen(reading.account ?? '')} is being read by task ${reading.id}.`, {
			code: 'busy',
			hint: `Wait until that has ended, or abort it with "holdfast queue abort ${reading.id}".`,
		});
	}
};

const checkUnlocked = (backup: Backup, now: Date): void => {
	const {id, account, lockedUntil} = backup;

	if (isLocked(backup, now)) {
		throw new UserError(`The backup ${id} of ${toScreen(account)} is locked${lockedUntil === null ? '' : ` until ${lockedUntil}`}.`, {
			code: 'busy',
			hint: `Unlock it first with "holdfast backup unlock ${id}".`,
		});
	}
};
