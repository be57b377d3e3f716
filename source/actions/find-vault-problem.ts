import type {Destination} from '../domain/destination.ts';
import {readVaultId} from '../engine/vault/unlock-vault.ts';

/**
Why a destination cannot be used, as a sentence: an unmounted disk is an empty folder.
@throws UserError `damaged`, or the system's error when it cannot be looked at.
*/
export const findVaultProblem = ({folder, id}: Destination): string | undefined => {
	const found = readVaultId(folder);

	if (found === undefined) {
		return `The destination ${folder} holds no backups: not mounted?`;
	}

	return found === id ? undefined : `The destination ${folder} holds other backups (${found} instead of ${id}): another disk mounted there?`;
};
