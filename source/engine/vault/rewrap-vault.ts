/** New keys for a vault: its root key stays, and so does all that is stored. */
import {randomBytes} from 'node:crypto';
import type {VaultLocation} from '../engine.ts';
import {idLength} from '../base/keys.ts';
import {putObject} from '../storage/storage.ts';
import {encodeWrappedKeys} from './vault-keys.ts';
import {unlockVault} from './unlock-vault.ts';

export type NewKeys = {readonly masterKey: Uint8Array; readonly recoveryKey: Uint8Array};

/**
Wraps the root key under other keys, too. Those that open the vault now still do.
@returns what `dropOtherKeys` keeps
@throws UserError `failed` when the vault is not there, `key`, `damaged`
*/
export const addKeys = async (location: VaultLocation, {masterKey, recoveryKey}: NewKeys): Promise<readonly string[]> => {
	const {storage, rootKey, id} = unlockVault(location);
	const keys = encodeWrappedKeys(rootKey, {vaultId: id, masterKey, recoveryKey});
	// Without its keys a vault is lost, so they are there twice.
	const names = Array.from({length: 2}, () => `keys/${randomBytes(idLength).toString('hex')}`);

	try {
		for (const name of names) {
			await putObject(storage, name, keys);
		}
	} finally {
		storage.close();
	}

	return names;
};

/** Removes the other wraps: from now on only the keys of those that are kept open the vault. Throws as `addKeys`. */
export const dropOtherKeys = (location: VaultLocation, kept: readonly string[]): void => {
	const {storage} = unlockVault(location);

	try {
		for (const {name} of storage.list('keys')) {
			if (!kept.includes(name)) {
				storage.delete(name);
			}
		}

		storage.sweep();
	} finally {
		storage.close();
	}
};
