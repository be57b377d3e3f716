import type {Identity} from '../domain/account.ts';
import type {Finding} from '../domain/item.ts';
import {describeJump, isMadeAhead} from '../domain/clock-trust.ts';
import {decideRetention, type RetentionDecision, type RetentionFacts} from '../domain/retention.ts';
import {toScreen} from '../domain/raw-name.ts';
import type {RotatedBackup} from '../domain/rotation-digest.ts';
import {formatMinute} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {eachRotation} from '../state/backup-digests.ts';
import type {Store} from '../state/store.ts';
import {readTaskDigests} from '../state/task-digests.ts';
import {readProvenTime, watchClock} from '../state/watched-clock.ts';
import type {Clock} from '../system/clock.ts';
import {removeBackups} from './remove-backups.ts';
import {gatherRotationFacts, readRetentionFacts, readRetentionRules} from './retention-facts.ts';

export type RetentionTools = {
	readonly store: Store;
	readonly clock: Clock;
};

/** What retention says of the backups of one account. */
export type AccountRetention = {
	readonly account: Identity;
	readonly decisions: ReadonlyArray<RetentionDecision<RotatedBackup>>;
	/** Why nothing is decided. */
	readonly problem: UserError | undefined;
	/** How many of how many accounts are done with it. */
	readonly done: number;
	readonly total: number;
};

/**
What retention says of every backup, or of those of one account, by what is remembered of their records.
@yields one account after the other, in the order in which they are known
*/
export async function * decideByAccount({store, clock}: RetentionTools, accountUuid?: string): AsyncGenerator<AccountRetention> {
	const [{identities}, rules, provenNow, keys, tasks] = await Promise.all([store.read('accounts'), readRetentionRules(store), readProvenTime({store, clock}), store.keys('backups'), readTaskDigests(store, {keys: accountUuid === undefined ? undefined : [accountUuid]})]);
	const withBackups = new Set(accountUuid === undefined ? keys : [accountUuid]);
	// Backups of an account that is not known any more belong to nobody here: nothing is decided about them.
	const accounts = new Map(identities.filter(({uuid}) => withBackups.has(uuid)).map(account => [account.uuid, account]));
	let done = 0;

	for await (const [uuid, {digest: rotation, problem}] of eachRotation(store, accounts.keys().toArray())) {
		const account = accounts.get(uuid)!;
		const busy = tasks.get(uuid);
		done++;

		yield {
			account,
			...await decideOne(async () => gatherRotationFacts({store, clock}, account, {
				rules, rotation, isBusy: busy?.digest.hasUnfinished ?? false, provenNow,
			}), problem ?? busy?.problem),
			done,
			total: accounts.size,
		};
	}
}

type Decided<Known extends RotatedBackup> = {readonly decisions: ReadonlyArray<RetentionDecision<Known>>; readonly problem: UserError | undefined};

const decideOne = async <Known extends RotatedBackup>(gather: () => Promise<RetentionFacts<Known>>, problem?: UserError): Promise<Decided<Known>> => {
	if (problem !== undefined) {
		return {decisions: [], problem};
	}

	try {
		const facts = await gather();
		const decisions = decideRetention(facts);

		return {decisions, problem: whyClockIsDoubted(decisions, facts.now)};
	} catch (error) {
		if (error instanceof UserError) {
			return {decisions: [], problem: error};
		}

		throw error;
	}
};

const whyClockIsDoubted = ([newest]: ReadonlyArray<RetentionDecision<RotatedBackup>>, now: Date): UserError | undefined => newest === undefined || !isMadeAhead(newest.backup, now)
	? undefined
	: new UserError(`Nothing of ${toScreen(newest.backup.account)} is removed: the clock says ${formatMinute(now.toISOString())} UTC, which is before its newest backup, ${newest.backup.id} of ${formatMinute(newest.backup.createdAt)} UTC.`, {
		code: 'refused',
		hint: `Set the clock right; if it is, the clock was wrong when that backup was made: delete it with "holdfast backup delete ${newest.backup.id}".`,
	});

export type AppliedRetention = {
	readonly removed: readonly RetentionDecision[];
	/** What could not be removed now; it comes again the next time. */
	readonly failed: ReadonlyArray<{readonly decision: RetentionDecision; readonly error: UserError}>;
	/** Why nothing is decided about the backups of some accounts. */
	readonly problems: readonly UserError[];
	/** Why less has expired than the clock says. */
	readonly jump: string | undefined;
};

/** Removes what retention keeps no longer, of every account or of one. What goes is decided again from the records themselves. */
export const applyRetention = async (tools: RetentionTools, accountUuid?: string): Promise<AppliedRetention> => {
	const removed: RetentionDecision[] = [];
	const failed: Array<{decision: RetentionDecision; error: UserError}> = [];
	const problems: UserError[] = [];
	const jump = describeJump(await watchClock(tools), tools.clock.now());

	for await (const {account, decisions: foreseen, problem: damage} of decideByAccount(tools, accountUuid)) {
		const isDone = foreseen.every(({isKept}) => isKept);
		const {decisions, problem} = isDone ? {decisions: [], problem: damage} : await decideOne(async () => readRetentionFacts(tools, account.uuid), damage);
		problems.push(...problem === undefined ? [] : [problem]);

		const unkept = decisions.filter(({isKept}) => !isKept);

		for (const decision of unkept) {
			const error = await tryRemove(decision, tools);

			if (error === undefined) {
				removed.push(decision);
			} else {
				failed.push({decision, error});
			}
		}
	}

	return {
		removed, failed, problems, jump,
	};
};

/** What was done, a sentence each. */
export const describeApplied = ({removed, failed, problems, jump}: AppliedRetention): ReadonlyArray<Pick<Finding, 'level' | 'message'>> => [
	...problems.map(({message}) => ({level: 'problem', message} as const)),
	...failed.map(({decision, error}) => ({level: 'problem', message: `${nameOf(decision)} could not be removed, which retention keeps no longer: ${error.message}`} as const)),
	...jump === undefined ? [] : [{level: 'note', message: jump} as const],
	...removed.map(decision => ({level: 'note', message: `${nameOf(decision)} was removed: ${decision.reasons.join('; ')}`} as const)),
];

const nameOf = ({backup: {id, account, createdAt}}: RetentionDecision): string => `backup ${id} of ${toScreen(account)}, made ${formatMinute(createdAt)} UTC,`;

const tryRemove = async ({backup}: RetentionDecision, {store, clock}: RetentionTools): Promise<UserError | undefined> => {
	try {
		await removeBackups({store, clock}, [backup]);

		return undefined;
	} catch (error) {
		if (error instanceof UserError) {
			return error;
		}

		throw error;
	}
};
