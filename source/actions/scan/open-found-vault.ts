import {Buffer} from 'node:buffer';
import type {VaultLocation} from '../../engine/engine.ts';
import {readVaultId} from '../../engine/vault/unlock-vault.ts';
import {openVault, type Vault} from '../../engine/vault/vault.ts';
import {UserError} from '../../errors.ts';
import type {Context} from '../context.ts';

export type FoundVault = {
	readonly vault: Vault;
	readonly location: VaultLocation;
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
	const own = masterKey === null ? undefined : {folder, id, masterKey: Buffer.from(masterKey, 'base64')};
	const opened = own && await tryOpen(own);

	if (opened) {
		return {vault: opened, location: own, recoveryKey: null};
	}

	for (const known of [scanned[id], recoveryKey]) {
		if (typeof known !== 'string') {
			continue;
		}

		const key = Buffer.from(known, 'base64');
		const location: VaultLocation = {
			folder, id, masterKey: key, recoveryKey: key,
		};
		const vault = await tryOpen(location);

		if (vault) {
			return {vault, location, recoveryKey: key};
		}
	}

	const key = await askRecoveryKey();

	const location: VaultLocation = {
		folder, id, masterKey: key, recoveryKey: key,
	};

	return {vault: await openVault(location), location, recoveryKey: key};
};

/** `undefined` when the key does not fit. */
const tryOpen = async (location: VaultLocation): Promise<Vault | undefined> => {
	try {
		return await openVault(location);
	} catch (error) {
		if (error instanceof UserError && error.code === 'key') {
			return undefined;
		}

		throw error;
	}
};
