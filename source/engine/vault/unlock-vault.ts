/** How a vault is found and opened: by its id, the keys that open it, and those of an account within it. */
import type {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {OpenedDataKey} from '../base/keys.ts';
import {archiveSealOf, type ArchiveSeal} from '../catalog/sealed-archive.ts';
import type {AccountVaultLocation, VaultLocation} from '../engine.ts';
import {SegmentCopies} from '../segments/segment-copies.ts';
import {LocalStorage} from '../storage/local-storage.ts';
import type {Storage} from '../storage/storage.ts';
import {readVaultFacts, type VaultFacts} from './vault-facts.ts';
import {readInnerKey, readRootKey} from './vault-keys.ts';

/**
The id stored in the vault at `folder`, or `undefined` where there is none.
@throws UserError `damaged`
*/
export const readVaultId = (folder: string): string | undefined => {
	const storage = new LocalStorage(folder);

	try {
		return readVaultFacts(storage, folder)?.id;
	} finally {
		storage.close();
	}
};

/** Tells whether the vault at `folder` holds the same backups and packs as before; no key is needed. */
export const readVaultState = (folder: string): string => {
	const storage = new LocalStorage(folder);

	try {
		const names = ['backups', 'index', encryptedFolder].flatMap(part => storage.list(part).map(({name}) => name));

		return hash('sha256', names.toSorted().join('\n'));
	} finally {
		storage.close();
	}
};

export type OpenedVault = {
	readonly storage: Storage;
	/** Absolute path. */
	readonly folder: string;
	readonly rootKey: Buffer;
	readonly id: string;
	readonly isReadOnly: boolean;
	/** Armoured OpenPGP public key that runs wrap their data keys to; `null`: the root key. */
	readonly publicKey: string | null;
	/** With what archives are sealed; `undefined`: they are plain. */
	readonly archiveSeal: ArchiveSeal | undefined;
	/** Data keys that the owner's private key opened. */
	readonly openedKeys: readonly OpenedDataKey[];
	/** Of catalogs that this server cannot open; only where `publicKey` is given, and only for writers. */
	readonly catalogCopies: SegmentCopies | undefined;
};

/** Holds the vaults of accounts' keys. */
export const encryptedFolder = 'encrypted';

export const accountVaultFolder = (folder: string, keyId: string): string => join(folder, encryptedFolder, keyId);

/**
Opens storage and root key, for the engine's own threads.
@throws UserError `failed` when it is not there, `key` when the master key does not open it, `damaged`
*/
export const unlockVault = ({account, ...location}: VaultLocation): OpenedVault => {
	const outer = unlockOuter(location);

	if (!account) {
		return outer;
	}

	outer.storage.close();

	return unlockInner(outer, account);
};

/**
The public key that the runs of an account's vault wrap their data keys to; `null` where the key is the server's.
@throws UserError as `unlockVault`
*/
export const readVaultPublicKey = (location: Omit<VaultLocation, 'account'>, keyId: string): string | null => {
	const outer = unlockOuter(location);
	outer.storage.close();
	const storage = new LocalStorage(accountVaultFolder(outer.folder, keyId));

	try {
		return readInnerKey(storage, {outerKey: outer.rootKey, keyId}).publicKey;
	} finally {
		storage.close();
	}
};

const unlockInner = (outer: OpenedVault, {keyId, publicKey, catalogCopies, dataKeys = []}: AccountVaultLocation): OpenedVault => {
	const folder = accountVaultFolder(outer.folder, keyId);
	const storage = new LocalStorage(folder);

	try {
		if (readVaultFacts(storage, folder)?.id !== keyId) {
			throw new UserError(`The destination ${outer.folder} holds nothing under the account's key ${keyId}.`, {code: 'damaged', hint: `Put back ${folder} from another copy of this destination.`});
		}

		const stored = readInnerKey(storage, {outerKey: outer.rootKey, keyId});

		// Whoever can write there must not choose to whom the next backup is sealed.
		if (stored.publicKey !== publicKey) {
			throw new UserError(`What the destination says about the account's key ${keyId} differs from what this server knows.`, {code: 'damaged', hint: `Put back ${folder}/keys from another copy of this destination.`});
		}

		return {
			storage,
			folder,
			rootKey: stored.rootKey,
			id: keyId,
			isReadOnly: outer.isReadOnly,
			publicKey,
			archiveSeal: archiveSealOf(stored.rootKey, publicKey),
			openedKeys: dataKeys,
			catalogCopies: publicKey === null || catalogCopies === undefined ? undefined : new SegmentCopies(join(catalogCopies, `${outer.id}-${keyId}`)),
		};
	} catch (error) {
		storage.close();
		throw error;
	}
};

const unlockOuter = ({folder, id, masterKey, recoveryKey}: Omit<VaultLocation, 'account'>): OpenedVault => {
	const storage = new LocalStorage(folder);

	try {
		checkVaultId(readVaultFacts(storage, folder), {folder, id});

		const rootKey = readRootKey(storage, {by: recoveryKey ? 'recovery' : 'master', key: recoveryKey ?? masterKey, vaultId: id});

		return {
			storage, folder, rootKey, id, isReadOnly: recoveryKey !== undefined, publicKey: null, archiveSeal: undefined, openedKeys: [], catalogCopies: undefined,
		};
	} catch (error) {
		storage.close();
		throw error;
	}
};

const checkVaultId = (facts: VaultFacts | undefined, {folder, id}: Pick<VaultLocation, 'folder' | 'id'>): void => {
	if (!facts) {
		throw new UserError(`The destination ${folder} holds no vault: not mounted?`, {code: 'failed', hint: 'Mount it, or look with "holdfast destination check".'});
	}

	if (facts.id !== id) {
		throw new UserError(`The vault at ${folder} is another one (${facts.id}, expected ${id}): another disk mounted there?`, {
			code: 'failed',
			hint: 'Mount the right one, or look with "holdfast destination check".',
		});
	}
};
