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

	const {masterKey} = await store.read('keys');

	if (masterKey === null) {
		throw new UserError('The master key is missing from the state.', {
			code: 'key',
			hint: 'Bring keys.json back from a copy of the state; without any, set Holdfast up anew with "holdfast init".',
		});
	}

	return {folder: destination.folder, id: destination.id, masterKey: Buffer.from(masterKey, 'base64')};
};
