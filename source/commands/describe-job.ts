import type {JobView} from '../actions/list-jobs.ts';
import {itemNames} from '../domain/item.ts';
import {toScreen} from '../domain/raw-name.ts';
import {formatSchedule} from '../domain/schedule.ts';
import {describeZones} from '../domain/time-zone.ts';
import {countOf} from '../domain/units.ts';
import {showAge, showNext, showTime} from './show-time.ts';
import {formatFields} from './table.ts';

/** One job, field by field. */
export const describeJob = (job: JobView, now: Date): string => {
	const zones = job.schedules.length === 0 ? undefined : describeZones(job.timeZone);

	return formatFields([
		['Job', job.name],
		['State', describeState(job)],
		['Accounts', `${describeChoice(job)}: ${job.accountCount} now`],
		...job.leftOut.map(({name, wish}) => ['Left out', `${toScreen(name)} wants ${wish}`] as const),
		['Items', job.items.length === itemNames.length ? 'all' : job.items.join(', ')],
		['Structure', job.structure],
		['Destination', job.destinationName],
		['Encrypted', job.encrypted ? 'under the keys of accounts' : 'under the server\'s master key'],
		['Excludes', job.excludes.length === 0 ? 'none' : job.excludes.join(', ')],
		...job.schedules.map(schedule => ['Schedule', `${formatSchedule(schedule)}${schedule.nextRunAt === null ? '' : `; next ${showTime(schedule.nextRunAt)}`}`] as const),
		...(job.schedules.length === 0 ? [['Schedule', 'none: it runs by hand alone'] as const] : []),
		...(zones === undefined ? [] : [['Time zone', zones] as const]),
		['Manual runs', `the newest ${job.manualRetain} of each account are kept`],
		['Next run', job.nextRunAt === null ? '–' : `${showTime(job.nextRunAt)} (${showNext(job.nextRunAt, now)})`],
		['Last run', job.lastRunAt === null ? 'never' : `${showTime(job.lastRunAt)} (${showAge(job.lastRunAt, now)})`],
	]);
};

/** Whom it names, in a few words. */
export const describeChoice = ({accounts: {isAll, names, tags, owners, exclusions}}: JobView): string => {
	const parts = [
		...(isAll ? ['all'] : []),
		...(names.length > 0 ? [names.length > 3 ? countOf(names.length, 'account') : names.map(name => toScreen(name)).join(', ')] : []),
		...tags.map(tag => `tag ${tag}`),
		...owners.map(owner => `owned by ${toScreen(owner)}`),
	];

	return `${parts.join(', ')}${exclusions.length === 0 ? '' : ` but ${exclusions.map(name => toScreen(name)).join(', ')}`}`;
};

export const describeState = ({enabled, isRunning}: Pick<JobView, 'enabled' | 'isRunning'>): string => {
	if (isRunning) {
		return 'at work';
	}

	return enabled ? 'on' : 'off';
};
