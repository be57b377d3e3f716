import {newestComplete, type RetentionFacts} from '../domain/retention.ts';
import {forecastRemoval} from '../domain/retention-forecast.ts';
import type {Backup} from '../domain/backup.ts';
import {membersOf} from '../domain/job.ts';
import {timeZone} from '../domain/time-zone.ts';
import {UserError} from '../errors.ts';
import {readRetentionFacts} from '../runner/retention-facts.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import {findBackup} from './backups.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/**
Takes a backup out of every rotation, TTL and expiry, until a time (ISO 8601), or with `null` for ever.
@throws UserError `notFound`, `usage` for a time that has passed, `refused`.
*/
export const lockBackup = action('lockBackup', async (context: Context, id: string, until: string | null): Promise<Backup> => {
	if (until !== null && until <= context.clock.now().toISOString()) {
		throw new UserError('A lock must end in the future.', {code: 'usage', hint: 'Give a day to come, or none: then it is locked for ever.'});
	}

	return changeLock(context, await findLockable(context, id), {locked: true, lockedUntil: until});
});

export type Unlocked = {
	readonly backup: Backup;
	/** Sentences: which rotation takes it, and when. */
	readonly forecast: string;
};

/** Gives a backup back to its rotation. Throws as `lockBackup`. */
export const unlockBackup = action('unlockBackup', async (context: Context, id: string): Promise<Unlocked> => {
	const backup = await changeLock(context, await findLockable(context, id), {locked: false, lockedUntil: null});

	return {backup, forecast: await forecastUnlock(context, backup)};
});

/** What would become of a locked backup once unlocked, as sentences. */
export const forecastUnlock = action('forecastUnlock', async ({store, clock}: Pick<Context, 'store' | 'clock'>, backup: Backup): Promise<string> => {
	const facts: RetentionFacts = await readRetentionFacts({store, clock}, backup.accountUuid);
	const forecast = forecastRemoval(backup, facts, {zone: timeZone(await readSetting(store, 'schedules.timeZone')), idleJobs: await findIdleJobs(store, backup)});

	return newestComplete(facts.backups)?.id === backup.id && facts.account.status !== 'inactive' ? `${forecast} While it is the newest complete one, nothing takes it.` : forecast;
});

/** Why a job's schedules make no backup of the account: completes "nightly …". */
const findIdleJobs = async (store: Store, {accountUuid}: Backup): Promise<ReadonlyMap<string, string>> => {
	const [{jobs}, {identities}] = await Promise.all([store.read('jobs'), store.read('accounts')]);

	return new Map(jobs.flatMap(job => {
		if (!job.enabled) {
			return [[job.name, 'is switched off']];
		}

		return membersOf(job, identities).members.some(({uuid}) => uuid === accountUuid) ? [] : [[job.name, 'leaves the account out']];
	}));
};

const findLockable = async (context: Context, id: string): Promise<Backup> => findBackup(context, id);

const changeLock = async ({store}: Context, {id, accountUuid}: Backup, lock: Pick<Backup, 'locked' | 'lockedUntil'>): Promise<Backup> => store.update('backups', accountUuid, draft => {
	const index = draft.backups.findIndex(backup => backup.id === id);

	if (index === -1) {
		throw new UserError(`The backup ${id} does not exist any more.`, {code: 'notFound', hint: 'See those that do with "holdfast backup list".'});
	}

	const changed = {...draft.backups[index]!, ...lock};
	draft.backups[index] = changed;

	return changed;
});
