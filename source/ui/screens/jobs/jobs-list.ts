import type {JobView} from '../../../actions/list-jobs.ts';
import {formatSchedule} from '../../../domain/schedule.ts';
import {formatCount} from '../../../domain/units.ts';
import type {Column} from '../../components/table.ts';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {glyph} from '../../look/appearance.ts';
import {showName} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Span,
} from '../../look/span.ts';
import {showAge, showNext} from '../../look/time.ts';

const never = '9999';

export const jobsList: ListDescription<JobView> = {
	idOf: ({name}) => name,
	searchText: ({name, schedules, enabled, accounts}) => [name, schedulesWords({schedules}), enabled ? 'on' : 'off', ...accounts.tags].join(' '),
	sorts: [
		sortBy('name', ({name}) => name),
		sortBy('next run', ({nextRunAt}) => nextRunAt ?? never),
		sortBy('last run', ({lastRunAt}) => lastRunAt ?? '', true),
		sortBy('accounts', ({accountCount}) => accountCount, true),
	],
};

export const jobColumns = (now: Date): ReadonlyArray<Column<JobView>> => [
	{title: 'JOB', width: {share: 2, least: 12}, cell: ({name}) => plain(name)},
	{title: 'STATE', width: 7, cell: job => stateSpan(job)},
	{
		title: 'ACCOUNTS', width: 8, alignment: 'right', cell: ({accountCount}) => plain(formatCount(accountCount)),
	},
	{
		title: 'SCHEDULES', leaves: 2, width: {share: 3, least: 20}, cell: job => plain(schedulesWords(job)),
	},
	{title: 'NEXT RUN', width: 10, cell: ({nextRunAt}) => nextRunAt === null ? muted(glyph('none')) : plain(showNext(nextRunAt, now))},
	{
		title: 'LAST RUN', leaves: 1, width: 10, cell: ({lastRunAt}) => plain(showAge(lastRunAt, now)),
	},
];

export const stateSpan = ({enabled, isRunning}: Pick<JobView, 'enabled' | 'isRunning'>): Span => {
	if (isRunning) {
		return toned('accent', 'at work');
	}

	return enabled ? toned('good', 'on') : muted('off');
};

export const schedulesWords = ({schedules}: Pick<JobView, 'schedules'>): string => schedules.length === 0 ? 'by hand alone' : schedules.map(schedule => formatSchedule(schedule)).join(', ');

/** Whom a job names, in the words in which it is typed. */
export const accountWords = ({accounts: {isAll, names, tags, owners, exclusions}}: Pick<JobView, 'accounts'>): string => [
	...(isAll ? ['all'] : []),
	...names.map(name => showName(name)),
	...tags.map(tag => `tag:${tag}`),
	...owners.map(owner => `owner:${showName(owner)}`),
	...exclusions.map(name => `-${showName(name)}`),
].join(' ');
