import type {Finding} from '../domain/item.ts';
import {decideRetention, type RetentionDecision} from '../domain/retention.ts';
import {toScreen} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import {createTurns} from '../system/turns.ts';
import {removeBackups} from './remove-backups.ts';
import {gatherFacts, readRetentionRules} from './retention-facts.ts';

export type RetentionTools = {
	readonly store: Store;
	readonly clock: Clock;
};

export type PlannedRetention = {
	readonly decisions: readonly RetentionDecision[];
	/** Why nothing is decided about the backups of some accounts. */
	readonly problems: readonly UserError[];
};

/** What retention says of every backup, or of those of one account. */
export const planRetention = async ({store, clock}: RetentionTools, accountUuid?: string): Promise<PlannedRetention> => {
	const [{identities}, rules, keys, taskKeys] = await Promise.all([store.read('accounts'), readRetentionRules(store), store.keys('backups'), store.keys('tasks')]);
	const withBackups = new Set(accountUuid === undefined ? keys : [accountUuid]);
	const withTasks = new Set(taskKeys);
	const decisions: RetentionDecision[] = [];
	const problems: UserError[] = [];

	const othersTurn = createTurns();

	// Backups of an account that is not known any more belong to nobody here: nothing is decided about them.
	for (const account of identities) {
		await othersTurn();

		if (!withBackups.has(account.uuid)) {
			continue;
		}

		try {
			const facts = await gatherFacts({store, clock}, account, {rules, isBusy: withTasks.has(account.uuid)});
			decisions.push(...decideRetention(facts));
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			problems.push(error);
		}
	}

	return {decisions, problems};
};

export type AppliedRetention = {
	readonly removed: readonly RetentionDecision[];
	/** What could not be removed now; it comes again the next time. */
	readonly failed: ReadonlyArray<{readonly decision: RetentionDecision; readonly error: UserError}>;
	readonly problems: PlannedRetention['problems'];
};

/** Removes what retention keeps no longer, of every account or of one. */
export const applyRetention = async (tools: RetentionTools, accountUuid?: string): Promise<AppliedRetention> => {
	const {decisions, problems} = await planRetention(tools, accountUuid);
	const removed: RetentionDecision[] = [];
	const failed: Array<{decision: RetentionDecision; error: UserError}> = [];

	for (const decision of decisions) {
		const error = decision.isKept ? undefined : await tryRemove(decision, tools);

		if (error !== undefined) {
			failed.push({decision, error});
		} else if (!decision.isKept) {
			removed.push(decision);
		}
	}

	return {removed, failed, problems};
};

/** What was done, a sentence each. */
export const describeApplied = ({removed, failed, problems}: AppliedRetention): ReadonlyArray<Pick<Finding, 'level' | 'message'>> => [
	...problems.map(({message}) => ({level: 'problem', message} as const)),
	...failed.map(({decision, error}) => ({level: 'problem', message: `${nameOf(decision)} could not be removed, which retention keeps no longer: ${error.message}`} as const)),
	...removed.map(decision => ({level: 'note', message: `${nameOf(decision)} was removed: ${decision.reasons.join('; ')}`} as const)),
];

const nameOf = ({backup: {id, account, createdAt}}: RetentionDecision): string => `backup ${id} of ${toScreen(account)}, made ${createdAt.slice(0, 16).replace('T', ' ')} UTC,`;

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
