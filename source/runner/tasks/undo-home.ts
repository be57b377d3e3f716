/** What the engine is asked for to undo what a restore did to the home. The preview asks for the same. */
import type {Backup} from '../../domain/backup.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import type {RestoreRequest, Selection} from '../../domain/restore.ts';
import type {RollbackRequest} from '../../domain/rollback.ts';
import type {LiveOnlyDeletion, RestoreTreeRequest} from '../../engine/engine.ts';
import {openVault} from '../../engine/vault/vault.ts';
import {placesInHome} from '../../items/places-in-home.ts';
import type {Store} from '../../state/store.ts';
import {readVaultLocation} from '../vault-location.ts';
import {toTreeRequest} from './restore-home.ts';
import type {TaskTools} from './task-tools.ts';

/** The safety backup is restored as any other is. */
export const undoRequestOf = ({safetyBackup, selection}: RollbackRequest): RestoreRequest => ({
	backup: safetyBackup, selection, target: {type: 'original'}, isMerge: false,
});

export type HomeUndo = {
	readonly undone: Backup;
	readonly rollback: RollbackRequest;
	/** What is left out for want of rights. */
	readonly withheld: Selection | undefined;
	/** What of the live-only files the restore brought. */
	readonly deletion: LiveOnlyDeletion | undefined;
};

/** What the restore created is deleted; what it did not touch is left alone. */
export const toUndoRequest = async (tools: Pick<TaskTools, 'store' | 'clock' | 'ownerKeys'>, {undone, rollback, withheld, deletion}: HomeUndo): Promise<RestoreTreeRequest> => {
	const request = await toTreeRequest(tools, undone, {...undoRequestOf(rollback), withheld, isMirror: true});

	return {...request, deletion, selection: leaveOut(request.selection, await readUntouched(tools.store, rollback, undone))};
};

const leaveOut = ({rules, excludes}: Selection, paths: readonly RawPath[]): Selection => ({
	rules: [...rules, ...paths.map(path => ({path, isIncluded: false}))], excludes,
});

/**
Paths of the home that other items held when the restore was made, mailboxes for example: it brought nothing there, and what the safety backup has of them is of that time.
Where the backup that was restored does not exist any more: what other items hold now.
*/
const readUntouched = async (store: Store, {brought}: RollbackRequest, {accountUuid}: Backup): Promise<readonly RawPath[]> => {
	const home = brought.find(({name}) => name === 'homedir');
	const {backups} = await store.read('backups', accountUuid);
	const source = backups.find(({id}) => id === home?.backup);

	if (source !== undefined) {
		return readHeldElsewhere(store, source);
	}

	const {identities} = await store.read('accounts');
	const account = identities.find(({uuid, status}) => uuid === accountUuid && status !== 'inactive');

	return account === undefined ? [] : placesInHome({account, store, signal: new AbortController().signal});
};

const readHeldElsewhere = async (store: Store, {accountUuid, id, ...place}: Backup): Promise<readonly RawPath[]> => {
	const vault = await openVault(await readVaultLocation({store}, place));

	try {
		return vault.readManifest(accountUuid, id).heldElsewhere ?? [];
	} finally {
		vault.close();
	}
};
