import {randomBytes} from 'node:crypto';
import {mkdirSync, readdirSync} from 'node:fs';
import {UserError} from '../../errors.ts';
import {idLength, keyLength} from '../base/keys.ts';
import {LocalStorage} from '../storage/local-storage.ts';
import {putObject} from '../storage/storage.ts';
import {encodeVaultFacts, vaultFactsName} from './vault-facts.ts';
import {encodeWrappedKeys} from './vault-keys.ts';

export type NewVault = {
	readonly id: string;
	readonly masterKey: Uint8Array;
	readonly recoveryKey: Uint8Array;
	readonly createdAt: string;
};

/**
Makes a vault in an empty or absent folder.
@throws UserError `refused` when the folder holds anything.
*/
export const createVault = async (folder: string, {id, masterKey, recoveryKey, createdAt}: NewVault): Promise<void> => {
	mkdirSync(folder, {recursive: true, mode: 0o700});

	if (readdirSync(folder).some(name => name !== 'lost+found')) {
		throw new UserError(`The folder ${folder} is not empty; a new destination needs a folder of its own.`, {
			code: 'refused',
			hint: 'Name an empty or new folder.',
		});
	}

	const storage = new LocalStorage(folder);
	const rootKey = randomBytes(keyLength);
	const keys = encodeWrappedKeys(rootKey, {vaultId: id, masterKey, recoveryKey});

	// Without its keys a vault is lost, so they are there twice.
	for (let copy = 0; copy < 2; copy++) {
		await putObject(storage, `keys/${randomBytes(idLength).toString('hex')}`, keys);
	}

	// The facts come last: a folder without them is no vault yet.
	await putObject(storage, vaultFactsName, encodeVaultFacts({id, createdAt}));
	storage.close();
};
