/**
The vaults of accounts' own keys, each inside the vault of its destination, in `encrypted/<key id>/`: a vault like any other, but its root key is wrapped under the other's, so that the master key and the
recovery key reach it, too.
*/
import {randomBytes} from 'node:crypto';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {listNamesNow} from '../../system/list-names.ts';
import {idLength, keyLength} from '../base/keys.ts';
import type {VaultLocation} from '../engine.ts';
import {archivesFolder} from '../storage/archive-name.ts';
import {listManifests} from '../catalog/manifest.ts';
import {LocalStorage} from '../storage/local-storage.ts';
import {makeDurableFolder} from '../storage/local-writer.ts';
import {putObject} from '../storage/storage.ts';
import {encodeVaultFacts, readVaultFacts, vaultFactsName} from './vault-facts.ts';
import {encodeInnerKey} from './vault-keys.ts';
import {accountVaultFolder, encryptedFolder, unlockVault} from './unlock-vault.ts';

type AccountLocation = VaultLocation & {readonly account: NonNullable<VaultLocation['account']>};

/**
Makes the vault of an account's key where it is not there yet. Under the writer's lock.
@throws UserError `failed` when the destination's vault is not there, `key`, `damaged`
*/
export const ensureAccountVault = async (location: AccountLocation, createdAt: string): Promise<void> => {
	const {account, ...outer} = location;
	const {storage: outerStorage, rootKey: outerKey} = unlockVault(outer);
	outerStorage.close();
	const folder = accountVaultFolder(outer.folder, account.keyId);
	makeDurableFolder(folder);
	const storage = new LocalStorage(folder);

	try {
		if (readVaultFacts(storage, folder)) {
			return;
		}

		// Of one that was cut off while it was made: without facts it never was one.
		for (const {name} of storage.list('keys')) {
			storage.delete(name);
		}

		const keys = encodeInnerKey(randomBytes(keyLength), {outerKey, keyId: account.keyId, publicKey: account.publicKey});

		for (let copy = 0; copy < 2; copy++) {
			await putObject(storage, `keys/${randomBytes(idLength).toString('hex')}`, keys);
		}

		await putObject(storage, vaultFactsName, encodeVaultFacts({id: account.keyId, createdAt}));
	} finally {
		storage.close();
	}
};

/** Ids of the keys that have a vault in the vault at `folder`. */
export const listAccountVaults = (folder: string): string[] => listNamesNow(join(folder, encryptedFolder)).filter(name => /^[\da-f]{32}$/v.test(name));

/** Removes the vault of a key with all its backups: its keys first, without which the rest is noise. Cut off anywhere, it can be done again. */
export const deleteAccountVault = (location: AccountLocation): void => {
	const {account, ...outer} = location;
	unlockVault(outer).storage.close();
	const folder = accountVaultFolder(outer.folder, account.keyId);
	rmSync(join(folder, 'keys'), {recursive: true, force: true});
	rmSync(folder, {recursive: true, force: true});
};

/** Bytes that deleting all its backups would free, by account: all there is where they are of one account alone, else what is theirs alone for certain. */
export const measureAccountVault = (folder: string, keyId: string): ReadonlyMap<string, number> => {
	const storage = new LocalStorage(accountVaultFolder(folder, keyId));

	try {
		const accounts = new Set(listManifests(storage).map(({accountUuid}) => accountUuid));
		const folders = accounts.size === 1 ? ['backups', archivesFolder, 'packs', 'index', 'losses', 'keys'] : undefined;

		return new Map([...accounts].map(uuid => [uuid, (folders ?? [`backups/${uuid}`, `${archivesFolder}/${uuid}`]).flatMap(part => storage.list(part)).reduce((sum, {size}) => sum + size, 0)]));
	} finally {
		storage.close();
	}
};
