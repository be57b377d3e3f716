import type {Identity} from '../domain/account.ts';
import {compilePruning} from '../domain/glob.ts';
import {toScreen, type RawPath} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {placesInHome} from '../items/places-in-home.ts';
import {measureTree, type MeasureOptions, type TreeSize} from '../system/measure-tree.ts';
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

/** What a pattern alone leaves out. */
export type PatternSize = {readonly pattern: string; readonly files: number; readonly bytes: number};

export type AccountSize = Omit<TreeSize, 'byExclusion'> & {readonly patterns: readonly PatternSize[]};

/**
The size of an account's home at this moment, and what patterns leave out of it: nothing of what other items hold, mail for example.
@throws UserError `notFound`, `usage` for a glob that is none, `failed` when the home cannot be read.
*/
export const measureAccount = action('measureAccount', async (context: Context, {account, excludes, signal = new AbortController().signal}: MeasureInput): Promise<AccountSize> => {
	const identity = await resolveAccount(context, account);
	const patterns = excludes ?? identity.excludes;
	const {byExclusion, ...size} = await measureHome(identity, {
		exclusions: patterns.map(pattern => compilePruning([pattern])), held: await heldElsewhere(context, identity, signal), signal,
	});

	return {...size, patterns: patterns.map((pattern, index) => ({pattern, ...byExclusion[index]!}))};
});

/** As a backup does it: what cannot be told to be another item's is the home's. */
const heldElsewhere = async ({store}: Context, account: Identity, signal: AbortSignal): Promise<ReadonlySet<RawPath>> => {
	try {
		return new Set(await placesInHome({account, store, signal}));
	} catch {
		signal.throwIfAborted();

		return new Set();
	}
};

/**
Measures a home.
@throws UserError `failed` when it cannot be read.
*/
export const measureHome = async ({name, home}: Pick<Identity, 'name' | 'home'>, options: MeasureOptions): Promise<TreeSize> => {
	try {
		return await measureTree(home, options);
	} catch (error) {
		if (options.signal?.aborted === true) {
			throw error;
		}

		throw new UserError(`The home of ${toScreen(name)} cannot be read: ${(error as Error).message}.`, {code: 'failed', hint: 'Mount it, or look at its owner and mode.', cause: error});
	}
};
