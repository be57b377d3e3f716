import type {Identity} from '../domain/account.ts';
import {compileExcludes} from '../domain/glob.ts';
import {toScreen} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {measureTree, type TreeSize} from '../system/measure-tree.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

export type MeasureInput = {
	/** Name (as text) or UUID. */
	readonly account: string;
	/** Globs; those of the account unless given. */
	readonly excludes?: readonly string[];
	readonly signal?: AbortSignal;
};

/**
The size of an account's home at this moment, and what patterns leave out of it.
@throws UserError `notFound`, `usage` for a glob that is none, `failed` when the home cannot be read.
*/
export const measureAccount = action('measureAccount', async (context: Context, {account, excludes, signal}: MeasureInput): Promise<TreeSize> => {
	const identity = await resolveAccount(context, account);

	return measureHome(identity, excludes ?? identity.excludes, signal);
});

/** As `measureAccount`. */
export const measureHome = async ({name, home}: Pick<Identity, 'name' | 'home'>, excludes: readonly string[], signal?: AbortSignal): Promise<TreeSize> => {
	const isExcluded = excludes.length === 0 ? () => false : compileExcludes(excludes);

	try {
		return await measureTree(home, {isExcluded, signal});
	} catch (error) {
		if (signal?.aborted === true) {
			throw error;
		}

		throw new UserError(`The home of ${toScreen(name)} cannot be read: ${(error as Error).message}.`, {code: 'failed', hint: 'Mount it, or look at its owner and mode.', cause: error});
	}
};
