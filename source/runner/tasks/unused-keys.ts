/** Keys that no new backup uses: retired ones, and those of accounts that are gone. When the last backup under one is gone, nothing is left of it. */
import type {AccountKey} from '../../domain/account-key.ts';
import {deleteAccountVault, listAccountVaults} from '../../engine/vault/account-vault.ts';
import {openVault} from '../../engine/vault/vault.ts';
import type {Store} from '../../state/store.ts';
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

/** Lets such keys leave the state that have no backup in it, and nothing at any destination that is there. */
export const forgetUnusedKeys = async (store: Store): Promise<void> => {
	const {destinations} = await store.read('destinations');
	const present = new Set(destinations.flatMap(({folder}) => listAccountVaults(folder)));
	const gone = new Set<string>();

	for (const {id, accountUuid} of await readUnused(store)) {
		const {backups} = await store.read('backups', accountUuid);

		if (!present.has(id) && backups.every(({keyId}) => keyId !== id)) {
			gone.add(id);
		}
	}

	if (gone.size > 0) {
		await store.update('account-keys', undefined, draft => {
			draft.keys = draft.keys.filter(({id}) => !gone.has(id));
		});
	}
};

const readUnused = async (store: Store): Promise<readonly AccountKey[]> => {
	const {keys} = await store.read('account-keys');
	const {identities} = await store.read('accounts');
	const live = new Set(identities.filter(({status}) => status !== 'inactive').map(({uuid}) => uuid));

	return keys.filter(({retiredAt, accountUuid}) => retiredAt !== null || !live.has(accountUuid));
};
