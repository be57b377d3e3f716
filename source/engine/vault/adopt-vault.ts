import {randomBytes} from 'node:crypto';
import type {VaultLocation} from '../engine.ts';
import {idLength} from '../base/keys.ts';
import {mendIndex} from '../segments/mend-index.ts';
import {putObject} from '../storage/storage.ts';
import {encodeWrappedKeys} from './vault-keys.ts';
import {unlockVault} from './vault.ts';

export type NewKeys = {readonly masterKey: Uint8Array; readonly recoveryKey: Uint8Array};

/**
Makes a vault this server's own: its root key is wrapped anew, and the keys of whoever had it before open it no longer. A lost index is made again. Cut off anywhere, it can be done again.
@throws UserError `failed` when it is not there, `key`, `damaged`
*/
export const adoptVault = async (location: VaultLocation, {masterKey, recoveryKey}: NewKeys): Promise<void> => {
	const {storage, rootKey, id} = unlockVault(location);

	try {
		const old = storage.list('keys');
		const keys = encodeWrappedKeys(rootKey, {vaultId: id, masterKey, recoveryKey});

		// Without its keys a vault is lost, so they are there twice.
		for (let copy = 0; copy < 2; copy++) {
			await putObject(storage, `keys/${randomBytes(idLength).toString('hex')}`, keys);
		}

		for (const {name} of old) {
			storage.delete(name);
		}

		storage.sweep();
		await mendIndex({storage, rootKey});
	} finally {
		storage.close();
	}
};
