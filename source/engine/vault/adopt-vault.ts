import type {VaultLocation} from '../engine.ts';
import {mendIndex} from '../segments/mend-index.ts';
import {addKeys, dropOtherKeys, type NewKeys} from './rewrap-vault.ts';
import {unlockVault} from './unlock-vault.ts';

/**
Makes a vault this server's own: its root key is wrapped anew, and the keys of whoever had it before open it no longer. A lost index is made again. Cut off anywhere, it can be done again.
@throws UserError `failed` when it is not there, `key`, `damaged`
*/
export const adoptVault = async (location: VaultLocation, keys: NewKeys): Promise<void> => {
	const {storage, rootKey} = unlockVault(location);

	try {
		dropOtherKeys({...location, ...keys}, await addKeys(location, keys));
		await mendIndex({storage, rootKey});
	} finally {
		storage.close();
	}
};
