import type {Identity} from '../domain/account.ts';
import type {RetentionFacts, RetentionRules} from '../domain/retention.ts';
import {backupsOfRotation, type RotatedBackup, type RotationDigest} from '../domain/rotation-digest.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {settingValue} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import {readProvenTime} from '../state/watched-clock.ts';
import {readTasks} from './task-records.ts';

type FactsTools = {readonly store: Store; readonly clock: Clock};

/**
What the retention of an account's backups is decided from, as it is now.
@throws UserError `notFound` for a UUID that is not known.
*/
export const readRetentionFacts = async ({store, clock}: FactsTools, accountUuid: string): Promise<RetentionFacts> => {
	const {identities} = await store.read('accounts');
	const account = identities.find(({uuid}) => uuid === accountUuid);

	if (account === undefined) {
		throw new UserError(`The account ${accountUuid} is not known any more.`, {code: 'notFound', hint: 'See those that are with "holdfast account list --status all".'});
	}

	return gatherFacts({store, clock}, account, await readRetentionRules(store));
};

/** From the records themselves. */
const gatherFacts = async ({store, clock}: FactsTools, account: Identity, rules: RetentionRules): Promise<RetentionFacts> => {
	const [{backups}, inUse] = await Promise.all([store.read('backups', account.uuid), readInUse(store, account)]);

	return {
		account, backups, inUse, rules, now: clock.now(), provenNow: await readProvenTime({store, clock}),
	};
};

export type RotationFacts = {
	readonly rules: RetentionRules;
	readonly rotation: RotationDigest;
	/** Whether a task of the account waits or runs. */
	readonly isBusy: boolean;
	readonly provenNow: Date;
};

/** From what is remembered of the records. */
export const gatherRotationFacts = async ({store, clock}: FactsTools, account: Identity, {rules, rotation, isBusy, provenNow}: RotationFacts): Promise<RetentionFacts<RotatedBackup>> => ({
	account, backups: backupsOfRotation(rotation), inUse: isBusy ? await readInUse(store, account) : new Set(), rules, now: clock.now(), provenNow,
});

const readInUse = async (store: Store, {uuid}: Identity): Promise<ReadonlySet<string>> => {
	const tasks = await readTasks(store, [uuid]);

	return new Set(tasks.filter(({state}) => isUnfinished(state)).flatMap(task => backupsOf(task)));
};

/** Those that a task reads or has made. */
export const backupsOf = ({backup, safetyBackup, laterSafetyBackup, request}: Task): readonly string[] => [
	...[backup, safetyBackup, laterSafetyBackup].filter(id => typeof id === 'string'),
	...request.kind === 'restore' ? (request.restore.items ?? []).flatMap(choice => choice.backup ?? []) : [],
	...request.kind === 'rollback' ? [request.rollback.safetyBackup, ...request.rollback.brought.map(each => each.backup)] : [],
];

export const readRetentionRules = async (store: Store): Promise<RetentionRules> => {
	const [{jobs}, {values}] = await Promise.all([store.read('jobs'), store.read('settings')]);

	return {
		jobs,
		onDemandRetain: settingValue(store, values, 'onDemand.retain'),
		onDemandTtlDays: settingValue(store, values, 'onDemand.ttlDays'),
		safetyTtlDays: settingValue(store, values, 'restore.safetyTtlDays'),
		orphanTtlDays: settingValue(store, values, 'orphans.ttlDays'),
	};
};
