import type {CleanupResult, VaultLocation} from '../engine/engine.ts';
import {UserError} from '../errors.ts';

/** Cleans up the vaults of a destination, or tells what that would do, one after the other. */
export const cleanVaults = async (vaults: readonly VaultLocation[], clean: (vault: VaultLocation) => Promise<CleanupResult>): Promise<CleanupResult> => {
	const results: CleanupResult[] = [];

	for (const vault of vaults) {
		results.push(await cleanOne(vault, clean));
	}

	return {
		droppedPacks: results.reduce((sum, {droppedPacks}) => sum + droppedPacks, 0),
		rewrittenPacks: results.reduce((sum, {rewrittenPacks}) => sum + rewrittenPacks, 0),
		freedBytes: results.reduce((sum, {freedBytes}) => sum + freedBytes, 0),
		findings: results.flatMap(({findings}) => findings),
		isDamageMet: results.some(({isDamageMet}) => isDamageMet),
	};
};

/** What only its owner can open is cleaned up by what this server remembers of it; where that was forgotten, it waits. */
const cleanOne = async (vault: VaultLocation, clean: (vault: VaultLocation) => Promise<CleanupResult>): Promise<CleanupResult> => {
	try {
		return await clean(vault);
	} catch (error) {
		if (!(error instanceof UserError && error.code === 'key' && vault.account)) {
			throw error;
		}

		return {
			droppedPacks: 0,
			rewrittenPacks: 0,
			freedBytes: 0,
			findings: [{level: 'note', path: '', message: `what lies under the key ${vault.account.keyId} was left as it is: only its owner can tell what is needed of it, until the backups of before are gone`}],
			isDamageMet: false,
		};
	}
};
