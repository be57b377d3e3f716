import {join} from 'node:path';
import type {Backup} from '../../domain/backup.ts';
import {toScreen} from '../../domain/raw-name.ts';
import {countOf} from '../../domain/units.ts';
import {dropScanCache} from '../../engine/backup/scan-cache.ts';
import type {VaultLocation} from '../../engine/engine.ts';
import {deleteAccountVault} from '../../engine/vault/account-vault.ts';
import {openVault} from '../../engine/vault/vault.ts';
import type {Store} from '../../state/store.ts';
import {forgetCatalogs} from '../forget-catalogs.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {readVaultsAt} from '../vault-location.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

/**
Deletes every backup of an account that lies under the keys that were reset, locked ones too: at the destinations first, then in the state. Cut off anywhere, running it again finishes it.
*/
export const runReset = async (task: TaskOf<'cleanup'>, {store, signal}: TaskTools): Promise<TaskOutcome> => {
	const {accountUuid, account, request} = task;
	const keys = new Set(request.resetKeys);
	const {destinations} = await store.read('destinations');
	const {backups} = await store.read('backups', accountUuid!);
	const doomed = backups.filter(({keyId}) => keyId !== undefined && keys.has(keyId));
	const shared = new Set<string>();

	// What a scan found is another server's, unless backups that have to go lie there: then it says so.
	const places = destinations.filter(({id, scannedAt}) => scannedAt === undefined || doomed.some(({destination}) => destination === id));

	for (const {id} of places) {
		for (const location of await readVaultsAt({store}, id)) {
			signal.throwIfAborted();

			if (location.account && keys.has(location.account.keyId) && !await isEmptied({...location, account: location.account}, accountUuid!)) {
				shared.add(location.account.keyId);
			}
		}
	}

	await forget(store, accountUuid!, doomed);
	await forgetKeys(store, request.resetKeys!.filter(key => !shared.has(key)));

	return {
		...emptyOutcome,
		state: 'completed',
		findings: [{level: 'note', path: '', message: `${countOf(doomed.length, 'encrypted backup')} of ${toScreen(account ?? '')} ${doomed.length === 1 ? 'is' : 'are'} gone for good`}],
		error: null,
	};
};

/** False where backups of another account lie there, too: then those of this one alone go. */
const isEmptied = async (location: VaultLocation & {readonly account: NonNullable<VaultLocation['account']>}, accountUuid: string): Promise<boolean> => {
	const vault = await openVault(location);

	try {
		const stored = vault.listBackups();
		const own = stored.filter(each => each.accountUuid === accountUuid);

		if (own.length < stored.length) {
			for (const each of own) {
				vault.deleteBackup(each);
			}

			return false;
		}
	} finally {
		vault.close();
	}

	deleteAccountVault(location);

	return true;
};

const forget = async (store: Store, accountUuid: string, doomed: readonly Backup[]): Promise<void> => {
	const ids = new Set(doomed.map(({id}) => id));

	await store.update('backups', accountUuid, draft => {
		draft.backups = draft.backups.filter(({id}) => !ids.has(id));
	});

	for (const {id, keyId} of doomed) {
		dropScanCache(join(store.directory, 'cache'), `${keyId!}-${accountUuid}`, id);
	}
};

const forgetKeys = async (store: Store, ids: readonly string[]): Promise<void> => {
	await forgetCatalogs(store, ids);

	await store.update('account-keys', undefined, draft => {
		draft.keys = draft.keys.filter(({id}) => !ids.includes(id));
	});
};
