import {Buffer} from 'node:buffer';
import {openVault, readVaultId, type Vault} from '../../engine/vault/vault.ts';
import {UserError} from '../../errors.ts';
import type {Context} from '../context.ts';

export type FoundVault = {
	readonly vault: Vault;
	/** What opened it; `null`: this server's own master key. */
	readonly recoveryKey: Buffer | null;
};

/** Called when the recovery key is needed. */
export type AskRecoveryKey = () => Promise<Buffer>;

/**
Opens the vault in a folder, by this server's own keys where they fit, else by the recovery key.
@throws UserError `notFound` where there is none, `key`, `damaged`
*/
export const openFoundVault = async ({store}: Context, folder: string, askRecoveryKey: AskRecoveryKey): Promise<FoundVault> => {
	const id = readVaultId(folder);

	if (id === undefined) {
		throw new UserError(`The folder ${folder} holds no backups of Holdfast: not mounted?`, {code: 'notFound', hint: 'Name the folder of the destination: the one with "vault.json" in it.'});
	}

	const {masterKey, recoveryKey, scanned = {}} = await store.read('keys');
	const opened = masterKey === null ? undefined : await tryOpen({folder, id, masterKey: Buffer.from(masterKey, 'base64')});

	if (opened) {
		return {vault: opened, recoveryKey: null};
	}

	for (const known of [scanned[id], recoveryKey]) {
		const key = typeof known === 'string' ? Buffer.from(known, 'base64') : undefined;
		const vault = key && await tryOpen({
			folder, id, masterKey: key, recoveryKey: key,
		});

		if (key && vault) {
			return {vault, recoveryKey: key};
		}
	}

	const key = await askRecoveryKey();

	return {
		vault: await openVault({
			folder, id, masterKey: key, recoveryKey: key,
		}), recoveryKey: key,
	};
};

/** `undefined` when the key does not fit. */
const tryOpen = async (location: Parameters<typeof openVault>[0]): Promise<Vault | undefined> => {
	try {
		return await openVault(location);
	} catch (error) {
		if (error instanceof UserError && error.code === 'key') {
			return undefined;
		}

		throw error;
	}
};
