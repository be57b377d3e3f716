import {Buffer} from 'node:buffer';
import type {Destination} from '../../domain/destination.ts';
import {adoptVault} from '../../engine/vault/adopt-vault.ts';
import {UserError} from '../../errors.ts';
import {readVaultLocation} from '../../runner/vault-location.ts';
import {action} from '../action.ts';
import type {Context} from '../context.ts';

/**
Makes what a scan found this server's own: the keys of the server that had it before open it no longer, and this server's recovery key opens it from now on.
@throws UserError `refused` unless an administrator acts, `notFound` when nothing waits to be adopted, `usage` when several do and none is named, `failed`, `key`, `damaged`
*/
export const adoptDestination = action('adoptDestination', async (context: Context, nameOrId?: string): Promise<Destination> => {
	const destination = await findScanned(context, nameOrId);
	const {masterKey, recoveryKey} = await context.store.read('keys');
	const location = await readVaultLocation(context, {destination: destination.id});
	await adoptVault(location, {masterKey: Buffer.from(masterKey!, 'base64'), recoveryKey: Buffer.from(recoveryKey!, 'base64')});

	const adopted = await context.store.update('destinations', undefined, draft => {
		const {scannedAt: _, ...own} = draft.destinations.find(({id}) => id === destination.id)!;
		draft.destinations = draft.destinations.map(each => each.id === own.id ? own : each);

		return own;
	});

	await context.store.update('keys', undefined, draft => {
		const {[destination.id]: _, ...others} = draft.scanned ?? {};
		draft.scanned = others;
	});

	return adopted;
});

const findScanned = async ({store}: Context, nameOrId: string | undefined): Promise<Destination> => {
	const {destinations} = await store.read('destinations');
	const waiting = destinations.filter(({id, name, scannedAt}) => scannedAt !== undefined && (nameOrId === undefined || [id, name].includes(nameOrId)));

	if (waiting.length > 1) {
		throw new UserError('Several destinations wait to be adopted.', {code: 'usage', hint: `Name one of them: ${waiting.map(({name}) => name).join(', ')}.`});
	}

	if (waiting.length === 0) {
		throw new UserError(`There is no destination${nameOrId === undefined ? '' : ` "${nameOrId}"`} that waits to be adopted.`, {code: 'notFound', hint: 'Find one with "holdfast destination scan DIR".'});
	}

	return waiting[0]!;
};
