import type {JobView} from '../actions/list-jobs.ts';
import {toText} from '../domain/raw-name.ts';

/** The fields of a job, in words for the help. */
export const jobFields = 'name, accounts {isAll, names, tags, owners, exclusions}, accountCount (who is in it now), leftOut [{name, wish}], items, structure, destination (its id), encrypted, enabled, schedules [{id, when, keep, nextRunAt}], excludes, manualRetain, timeZone (of the schedules), nextRunAt, lastRunAt, isRunning';

export const jobToJson = (job: JobView) => ({
	name: job.name,
	accounts: {
		isAll: job.accounts.isAll,
		names: job.accounts.names.map(name => toText(name)),
		tags: job.accounts.tags,
		owners: job.accounts.owners.map(name => toText(name)),
		exclusions: job.accounts.exclusions.map(name => toText(name)),
	},
	accountCount: job.accountCount,
	leftOut: leftOutToJson(job.leftOut),
	items: job.items,
	structure: job.structure,
	destination: job.destination,
	encrypted: job.encrypted,
	enabled: job.enabled,
	schedules: job.schedules,
	excludes: job.excludes,
	manualRetain: job.manualRetain,
	timeZone: job.timeZone,
	nextRunAt: job.nextRunAt,
	lastRunAt: job.lastRunAt,
	isRunning: job.isRunning,
});

export const leftOutToJson = (leftOut: JobView['leftOut']) => leftOut.map(({name, wish}) => ({name: toText(name), wish}));
