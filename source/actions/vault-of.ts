import type {Destination} from '../domain/destination.ts';
import type {VaultLocation} from '../engine/engine.ts';
import {readVaultId} from '../engine/vault.ts';
import {UserError} from '../errors.ts';
import {readVaultLocation} from '../runner/vault-location.ts';
import type {Context} from './context.ts';
import {resolveDestination} from './resolve-destination.ts';

/**
Where a vault lies and the key that opens it, after a look whether it is there: an unmounted disk is an empty folder.
@throws UserError `failed` when it is not there or another one is, `notFound`, `key`, `damaged`.
*/
export const vaultOf = async (context: Context, destination?: string): Promise<VaultLocation> => {
	const {id, ...rest} = await resolveDestination(context, destination);
	const problem = findVaultProblem({id, ...rest});

	if (problem !== undefined) {
		throw new UserError(problem, {code: 'failed', hint: 'Mount it, or see more with "holdfast destination check".'});
	}

	return readVaultLocation(context.store, id);
};

/** Why a destination cannot be used, as a sentence. */
export const findVaultProblem = ({folder, id}: Destination): string | undefined => {
	const found = readVaultId(folder);

	if (found === undefined) {
		return `The destination ${folder} holds no backups: not mounted?`;
	}

	return found === id ? undefined : `The destination ${folder} holds other backups (${found} instead of ${id}): another disk mounted there?`;
};
