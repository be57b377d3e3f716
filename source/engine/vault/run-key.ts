import {Buffer} from 'node:buffer';
import {systemClock} from '../../system/clock.ts';
import {encryptionDate} from '../../system/encryption-date.ts';
import {createDataKey, type DataKey} from '../base/keys.ts';
import type {OpenedVault} from './unlock-vault.ts';

/** A fresh data key for one run. Where the vault has an owner with a key of their own, it is wrapped to that alone: once the run has ended, this server cannot open what it stored. */
export const createRunKey = async ({rootKey, publicKey}: Pick<OpenedVault, 'rootKey' | 'publicKey'>): Promise<DataKey> => {
	const dataKey = createDataKey(rootKey);

	return publicKey === null ? dataKey : {...dataKey, wrapped: await encryptTo(publicKey, dataKey.key)};
};

const encryptTo = async (publicKey: string, key: Buffer): Promise<Buffer> => {
	const {createMessage, encrypt, readKey} = await import('openpgp');
	const message = await createMessage({binary: Uint8Array.from(key), filename: ''});

	const encryptionKeys = await readKey({armoredKey: publicKey});

	const date = await encryptionDate(encryptionKeys, systemClock.now());

	return Buffer.from(await encrypt({
		message, encryptionKeys, date, format: 'binary',
	}));
};
