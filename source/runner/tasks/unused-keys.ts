/** Keys that no new backup uses: retired ones, and those of accounts that are gone. When the last backup under one is gone, nothing is left of it. */
import type {AccountKey} from '../../domain/account-key.ts';
import {deleteAccountVault, listAccountVaults} from '../../engine/vault/account-vault.ts';
import {readVaultId} from '../../engine/vault/unlock-vault.ts';
import {openVault} from '../../engine/vault/vault.ts';
import type {Store} from '../../state/store.ts';
import {forgetCatalogs} from '../forget-catalogs.ts';
import {readVaultsAt, type VaultSource} from '../vault-location.ts';

/**
Removes what is left of such keys at a destination.
@throws UserError `failed`, `key`, `damaged`
*/
export const removeUnusedVaults = async (source: VaultSource, destination: string): Promise<void> => {
	const keys = await readUnused(source.store);
	const unused = new Set(keys.map(({id}) => id));

	for (const location of unused.size === 0 ? [] : await readVaultsAt(source, destination)) {
		if (!location.account || !unused.has(location.account.keyId)) {
			continue;
		}

		const vault = await openVault(location);
		const isEmpty = vault.listBackups().length === 0;
		vault.close();

		if (isEmpty) {
			deleteAccountVault({...location, account: location.account});
		}
	}
};

/** Lets such keys leave the state, and what this server remembers of their backups, that no backup in the state needs and nothing at any destination; where one is not mounted, all stay. A key of an account that may come back stays, too. */
export const forgetUnusedKeys = async (store: Store): Promise<void> => {
	const {destinations} = await store.read('destinations');
	const {identities} = await store.read('accounts');
	const unused = await readUnused(store);
	const candidates = unused.filter(({retiredAt, accountUuid}) => retiredAt !== null || identities.every(({uuid}) => uuid !== accountUuid));

	if (candidates.length === 0 || destinations.some(({id, folder}) => readVaultId(folder) !== id)) {
		return;
	}

	const needed = new Set([...destinations.flatMap(({folder}) => listAccountVaults(folder)), ...await readKeysOfBackups(store)]);
	const gone = new Set(candidates.map(({id}) => id).filter(id => !needed.has(id)));

	if (gone.size === 0) {
		return;
	}

	await forgetCatalogs(store, [...gone]);
	await store.update('account-keys', undefined, draft => {
		draft.keys = draft.keys.filter(({id}) => !gone.has(id));
	});
};

const readKeysOfBackups = async (store: Store): Promise<readonly string[]> => {
	const ids = new Set<string>();

	for (const account of await store.keys('backups')) {
		const {backups} = await store.read('backups', account);

		for (const {keyId} of backups) {
			if (keyId !== undefined) {
				ids.add(keyId);
			}
		}
	}

	return [...ids];
};

/** No new backup uses them now. */
const readUnused = async (store: Store): Promise<readonly AccountKey[]> => {
	const {keys} = await store.read('account-keys');
	const {identities} = await store.read('accounts');
	const live = new Set(identities.filter(({status}) => status !== 'inactive').map(({uuid}) => uuid));

	return keys.filter(({retiredAt, accountUuid}) => retiredAt !== null || !live.has(accountUuid));
};
