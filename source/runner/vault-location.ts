import {Buffer} from 'node:buffer';
import {join} from 'node:path';
import type {AccountKey} from '../domain/account-key.ts';
import type {VaultPlace} from '../domain/backup.ts';
import type {VaultLocation} from '../engine/engine.ts';
import {listAccountVaults} from '../engine/vault/account-vault.ts';
import {unlockVault} from '../engine/vault/unlock-vault.ts';
import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';
import type {OwnerKeys} from './owner-keys.ts';

export type VaultSource = {
	readonly store: Store;
	/** Of owners, to read what only they open. */
	readonly ownerKeys?: OwnerKeys | undefined;
};

/**
Where the vault lies that a backup is in, and its keys. Whether it is there is seen when it is opened.
@throws UserError `notFound`, `key`, and with keys of owners `damaged`, `failed`.
*/
export const readVaultLocation = async ({store, ownerKeys}: VaultSource, {destination, keyId}: VaultPlace): Promise<VaultLocation> => {
	const outer = await readDestinationVault(store, destination);

	if (keyId === undefined) {
		return outer;
	}

	const {publicKey, fingerprint} = await readAccountKey(store, keyId);
	const location = {...outer, account: {keyId, publicKey}};

	return fingerprint === null || ownerKeys === undefined || ownerKeys.isEmpty
		? location
		: {...location, account: {...location.account, dataKeys: await ownerKeys.openDataKeys(location, fingerprint)}};
};

const readAccountKey = async (store: Store, keyId: string): Promise<AccountKey> => {
	const {keys} = await store.read('account-keys');
	const key = keys.find(({id}) => id === keyId);

	if (key === undefined) {
		throw new UserError(`The account's key ${keyId} is missing from the state.`, {code: 'key', hint: 'Bring account-keys.json back from a copy of the state, or find it again with "holdfast destination scan".'});
	}

	return key;
};

const readDestinationVault = async (store: Store, destinationId: string): Promise<VaultLocation> => {
	const {destinations} = await store.read('destinations');
	const destination = destinations.find(({id}) => id === destinationId);

	if (destination === undefined) {
		throw new UserError(`The destination ${destinationId} is not known here any more.`, {code: 'notFound', hint: 'See those that are with "holdfast destination list".'});
	}

	const {masterKey, scanned = {}} = await store.read('keys');

	if (masterKey === null) {
		throw new UserError('The master key is missing from the state.', {
			code: 'key',
			hint: 'Bring keys.json back from a copy of the state; without any, set Holdfast up anew with "holdfast init".',
		});
	}

	const location = {folder: destination.folder, id: destination.id, masterKey: Buffer.from(masterKey, 'base64')};

	if (destination.scannedAt === undefined) {
		return location;
	}

	const recoveryKey = scanned[destination.id];

	if (recoveryKey === undefined) {
		throw new UserError(`The key of the destination ${destination.name} is missing from the state.`, {code: 'key', hint: `Scan it again with "holdfast destination scan ${destination.folder}".`});
	}

	return {...location, recoveryKey: Buffer.from(recoveryKey, 'base64')};
};

/**
As `readVaultLocation`, for what writes there.
@throws UserError `refused` for one that a scan found and nobody adopted, `notFound`, `key`.
*/
export const readWritableVault = async (source: VaultSource, place: VaultPlace): Promise<VaultLocation> => {
	const location = await readVaultLocation(source, place);

	if (location.recoveryKey !== undefined) {
		throw new UserError(`The destination ${location.folder} was found by a scan and is read-only: the server it belongs to may still use it.`, {
			code: 'refused',
			hint: 'When that server is gone, make it this server\'s own with "holdfast destination adopt".',
		});
	}

	return withCatalogCopies(location, source.store);
};

/** With what this server remembers of catalogs that only their owners can open: for whoever looks after them, and shows nobody what they hold. */
export const withCatalogCopies = (location: VaultLocation, store: Pick<Store, 'directory'>): VaultLocation => location.account
	? {...location, account: {...location.account, catalogCopies: catalogCopiesFolder(store)}}
	: location;

/** What this server remembers of catalogs that only their owners can open. */
const catalogCopiesFolder = ({directory}: Pick<Store, 'directory'>): string => join(directory, 'cache', 'catalogs');

/**
All vaults of a destination that are there, for whoever looks after them: its own, then those of accounts' keys, or of one account's.
@throws UserError as `readVaultLocation`, `failed` where it is not mounted, `damaged`
*/
export const readVaultsAt = async (source: VaultSource, destination: string, accountUuid?: string): Promise<readonly VaultLocation[]> => {
	const outer = await readVaultLocation(source, {destination});
	// A folder that is not mounted holds no vaults of keys either.
	unlockVault(outer).storage.close();
	const {keys} = await source.store.read('account-keys');
	const present = new Set(listAccountVaults(outer.folder));

	return [outer, ...keys.filter(key => present.has(key.id) && (accountUuid === undefined || key.accountUuid === accountUuid)).map(({id, publicKey}) => ({...outer, account: {keyId: id, publicKey, catalogCopies: catalogCopiesFolder(source.store)}}))];
};
