import type {RetentionDecision} from '../domain/retention.ts';
import type {UserError} from '../errors.ts';
import {decideByAccount} from '../runner/apply-retention.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/** What is kept of an account, where single backups are too many to be named. */
export type KeptOfAccount = {
	readonly uuid: string;
	/** Raw. */
	readonly name: string;
	readonly count: number;
	readonly storedBytes: number;
};

/** The backups of each account the newest first. */
export type RetentionPreview = {
	readonly removed: readonly RetentionDecision[];
	/** Not those that are told in `keptOf`. */
	readonly kept: readonly RetentionDecision[];
	readonly keptOf: readonly KeptOfAccount[];
	/** Why nothing is decided about the backups of some accounts. */
	readonly problems: readonly UserError[];
};

export type PreviewRetentionInput = {
	/** Name (as text) or UUID; all accounts unless said otherwise. */
	readonly account?: string | undefined;
	/** Of more kept backups than this only their numbers are told, account by account: hundreds of thousands do not fit into a terminal. */
	readonly mostKept?: number;
	/** Called often, with how many accounts of how many are done. */
	readonly onProgress?: (done: number, total: number) => void;
	/** Ends it, with the signal's reason. */
	readonly signal?: AbortSignal;
};

/**
What retention says of each backup now, of all accounts or of one, with the reasons.
@throws UserError `notFound`
*/
export const previewRetention = action('previewRetention', async (context: Context, {account, mostKept = Infinity, onProgress, signal}: PreviewRetentionInput = {}): Promise<RetentionPreview> => {
	const identity = account === undefined ? undefined : await resolveAccount(context, account);
	await refreshAccounts(context.store, context);
	const removed: RetentionDecision[] = [];
	const kept: RetentionDecision[] = [];
	const keptOf: KeptOfAccount[] = [];
	const problems: UserError[] = [];
	let keptCount = 0;

	for await (const {account: {uuid, name}, decisions, problem, done, total} of decideByAccount(context, identity?.uuid)) {
		signal?.throwIfAborted();
		const own = decisions.filter(({isKept}) => isKept);
		removed.push(...decisions.filter(({isKept}) => !isKept));
		problems.push(...problem === undefined ? [] : [problem]);
		keptOf.push(...own.length === 0
			? []
			: [{
				uuid, name, count: own.length, storedBytes: own.reduce((sum, {backup}) => sum + backup.storedBytes, 0),
			}]);
		keptCount += own.length;

		if (keptCount > mostKept) {
			kept.length = 0;
		} else {
			kept.push(...own);
		}

		onProgress?.(done, total);
	}

	return {
		removed, kept, keptOf: keptCount > mostKept ? keptOf : [], problems,
	};
});
