import type {Identity} from '../domain/account.ts';
import {describeJump} from '../domain/clock-trust.ts';
import type {RetentionDecision} from '../domain/retention.ts';
import type {RotatedBackup} from '../domain/rotation-digest.ts';
import type {UserError} from '../errors.ts';
import {decideByAccount} from '../runner/apply-retention.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

type Decision = RetentionDecision<RotatedBackup>;

/** What is kept or removed of an account, where single backups are too many to be named. */
export type RetentionOfAccount = {
	readonly uuid: string;
	/** Raw. */
	readonly name: string;
	readonly count: number;
	readonly storedBytes: number;
};

/** The backups of each account the newest first. */
export type RetentionPreview = {
	/** Not those that are told in `removedOf`. */
	readonly removed: readonly Decision[];
	readonly removedOf: readonly RetentionOfAccount[];
	/** Not those that are told in `keptOf`. */
	readonly kept: readonly Decision[];
	readonly keptOf: readonly RetentionOfAccount[];
	/** Of all. */
	readonly removedCount: number;
	/** Why nothing is decided about the backups of some accounts. */
	readonly problems: readonly UserError[];
	/** Why less has expired than the clock says. */
	readonly jump: string | undefined;
};

export type PreviewRetentionInput = {
	/** Name (as text) or UUID; all accounts unless said otherwise. */
	readonly account?: string | undefined;
	/** Of more kept or removed backups than this only their numbers are told, account by account: hundreds of thousands do not fit into a terminal. */
	readonly mostNamed?: number;
	/** Called often, with how many accounts of how many are done. */
	readonly onProgress?: (done: number, total: number) => void;
	/** Ends it, with the signal's reason. */
	readonly signal?: AbortSignal;
};

/**
What retention says of each backup now, of all accounts or of one, with the reasons.
@throws UserError `notFound`
*/
export const previewRetention = action('previewRetention', async (context: Context, {account, mostNamed = Infinity, onProgress, signal}: PreviewRetentionInput = {}): Promise<RetentionPreview> => {
	const identity = account === undefined ? undefined : await resolveAccount(context, account);
	await refreshAccounts(context.store, context);
	const [removed, kept] = [new Told(mostNamed), new Told(mostNamed)];
	const problems: UserError[] = [];

	for await (const {account: of, decisions, problem, done, total} of decideByAccount(context, identity?.uuid)) {
		signal?.throwIfAborted();
		removed.add(of, decisions.filter(({isKept}) => !isKept));
		kept.add(of, decisions.filter(({isKept}) => isKept));
		problems.push(...problem === undefined ? [] : [problem]);
		onProgress?.(done, total);
	}

	return {
		removed: removed.named, removedOf: removed.sums, kept: kept.named, keptOf: kept.sums, removedCount: removed.count, problems, jump: describeJump(await context.store.read('clock'), context.clock.now()),
	};
});

/** Decisions by name as long as they are few, else only how many there are of each account. */
class Told {
	readonly #mostNamed: number;
	#named: Decision[] = [];
	readonly #sums: RetentionOfAccount[] = [];
	count = 0;

	constructor(mostNamed: number) {
		this.#mostNamed = mostNamed;
	}

	get #isTooMany(): boolean {
		return this.count > this.#mostNamed;
	}

	get named(): readonly Decision[] {
		return this.#isTooMany ? [] : this.#named;
	}

	get sums(): readonly RetentionOfAccount[] {
		return this.#isTooMany ? this.#sums : [];
	}

	add({uuid, name}: Pick<Identity, 'uuid' | 'name'>, decisions: readonly Decision[]): void {
		if (decisions.length === 0) {
			return;
		}

		this.count += decisions.length;
		this.#sums.push({
			uuid, name, count: decisions.length, storedBytes: decisions.reduce((sum, {backup}) => sum + backup.storedBytes, 0),
		});

		if (this.#isTooMany) {
			this.#named = [];
		} else {
			this.#named.push(...decisions);
		}
	}
}
