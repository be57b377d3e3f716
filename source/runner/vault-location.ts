import {Buffer} from 'node:buffer';
import type {VaultLocation} from '../engine/engine.ts';
import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';

/**
Where the vault of a destination lies, and its key. Whether it is there is seen when it is opened.
@throws UserError `notFound`, `key`.
*/
export const readVaultLocation = async (store: Store, destinationId: string): Promise<VaultLocation> => {
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
export const readWritableVault = async (store: Store, destinationId: string): Promise<VaultLocation> => {
	const location = await readVaultLocation(store, destinationId);

	if (location.recoveryKey !== undefined) {
		throw new UserError(`The destination ${location.folder} was found by a scan and is read-only: the server it belongs to may still use it.`, {
			code: 'refused',
			hint: 'When that server is gone, make it this server\'s own with "holdfast destination adopt".',
		});
	}

	return location;
};
