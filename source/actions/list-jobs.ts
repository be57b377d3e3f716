import {membersOf, type Job} from '../domain/job.ts';
import {parseTiming, type Schedule} from '../domain/schedule.ts';
import {nextOccurrence} from '../domain/occurrences.ts';
import {missedRunOf, nextRunOf} from '../domain/scheduling.ts';
import type {Task} from '../domain/task.ts';
import {timeZone} from '../domain/time-zone.ts';
import {UserError} from '../errors.ts';
import {findBusyJobs} from '../runner/busy-jobs.ts';
import {readUnfinishedTasks} from '../runner/task-records.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts, type KnownAccounts} from '../state/refresh-accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

export type ScheduleView = Schedule & {
	/** `null` where it follows another job, or the job is switched off. */
	readonly nextRunAt: string | null;
};

/** A job as it is shown. Accounts that are named are raw names here, not UUIDs. */
export type JobView = Omit<Job, 'accounts' | 'schedules'> & {
	readonly accounts: {
		readonly isAll: boolean;
		readonly names: readonly string[];
		readonly tags: readonly string[];
		readonly owners: readonly string[];
		readonly exclusions: readonly string[];
	};
	readonly destinationName: string;
	/** How many accounts a run backs up now. */
	readonly accountCount: number;
	/** Accounts that would be in it but for their wish, which completes "alice wants …". */
	readonly leftOut: ReadonlyArray<{readonly name: string; readonly wish: string}>;
	readonly schedules: readonly ScheduleView[];
	/** In which its schedules are meant. */
	readonly timeZone: string;
	readonly nextRunAt: string | null;
	/** When its newest run of all its accounts began. */
	readonly lastRunAt: string | null;
	/** Since when a run is owed that nobody began; `null`: none is. */
	readonly missedSince: string | null;
	/** Backups of it wait or run. */
	readonly isRunning: boolean;
};

export const listJobs = action('listJobs', async (context: Context): Promise<readonly JobView[]> => viewJobs(context, await refreshAccounts(context.store, context), await readUnfinishedTasks(context.store)));

/** As `listJobs`, of accounts and unfinished tasks that were just read. */
export const viewJobs = async ({store, clock}: Context, {identities}: KnownAccounts, unfinished: readonly Task[]): Promise<readonly JobView[]> => {
	const [{jobs}, memory, zoneName, {destinations}] = await Promise.all([store.read('jobs'), store.read('scheduler'), readSetting(store, 'schedules.timeZone'), store.read('destinations')]);
	const zone = timeZone(zoneName);
	const busy = findBusyJobs(unfinished);
	const names = new Map(identities.map(({uuid, name}) => [uuid, name]));
	const now = clock.now();

	return jobs.map((job): JobView => {
		const {members, leftOut} = membersOf(job, identities);
		const {isAll, accounts, tags, owners, exclusions} = job.accounts;
		const isRunning = busy.has(job.name);

		return {
			...job,
			accounts: {
				isAll, names: accounts.flatMap(uuid => names.get(uuid) ?? []), tags, owners, exclusions: exclusions.flatMap(uuid => names.get(uuid) ?? []),
			},
			destinationName: destinations.find(({id}) => id === job.destination)?.name ?? job.destination,
			accountCount: members.length,
			leftOut: leftOut.map(({identity, wish}) => ({name: identity.name, wish})),
			schedules: job.schedules.map(schedule => ({...schedule, nextRunAt: job.enabled ? nextOf(schedule, now, zone) : null})),
			timeZone: zoneName,
			nextRunAt: nextRunOf(job, {memory, zone, now})?.toISOString() ?? null,
			lastRunAt: memory.runs.find(run => run.job === job.name)?.startedAt ?? null,
			missedSince: isRunning ? null : missedRunOf(job, {memory, zone, now})?.toISOString() ?? null,
			isRunning,
		};
	});
};

/**
One job.
@throws UserError `notFound`
*/
export const showJob = action('showJob', async (context: Context, name: string): Promise<JobView> => {
	const jobs = await listJobs(context);
	const job = jobs.find(each => each.name === name);

	if (job === undefined) {
		throw noJob(name, jobs);
	}

	return job;
});

export const noJob = (name: string, jobs: ReadonlyArray<Pick<Job, 'name'>>): UserError => new UserError(`There is no job "${name}".`, {
	code: 'notFound',
	hint: jobs.length === 0 ? 'There are none yet: "holdfast job create NAME" makes one.' : `There are: ${jobs.map(each => each.name).join(', ')}.`,
});

const nextOf = ({when}: Schedule, now: Date, zone: ReturnType<typeof timeZone>): string | null => {
	const timing = parseTiming(when);

	return timing.type === 'after' ? null : new Date(nextOccurrence(timing, now.getTime(), zone)).toISOString();
};
