/**
When a job runs, as an operator writes it: `hourly/6`, `daily@02:30`, `daily/mon,thu@02:30`, `weekly/sun@04:00`, `monthly/1,15,last@03:00`, `after:nightly+30m`, each
with `keep K`.
*/
import {UserError} from '../errors.ts';

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];
export type MonthDay = number | 'last';

/** Times of day are minutes since midnight, in the zone of the schedules. */
export type Timing =
	| {readonly type: 'hourly'; readonly every: number}
	/** No weekdays: every day. */
	| {readonly type: 'daily'; readonly days: readonly Weekday[]; readonly minute: number}
	| {readonly type: 'weekly'; readonly day: Weekday; readonly minute: number}
	| {readonly type: 'monthly'; readonly days: readonly MonthDay[]; readonly minute: number}
	| {readonly type: 'after'; readonly job: string; readonly delayMinutes: number};

/** Backups remember the ids of the schedules they belong to, so that a changed schedule keeps its backups. */
export type Schedule = {
	/** 16 characters of 0–9a–z. */
	readonly id: string;
	/** As `formatTiming` writes it. */
	readonly when: string;
	/** How many complete backups of each account are kept, and as many partial ones beside them. */
	readonly keep: number;
};

const mostKept = 9999;
const longestDelayMinutes = 7 * 24 * 60;
const patterns = {
	hourly: /^hourly(?:\/(?<every>\d{1,2}))?$/v,
	daily: /^daily(?:\/(?<days>[,a-z]+))?@(?<time>\d\d:\d\d)$/v,
	weekly: /^weekly\/(?<day>[a-z]+)@(?<time>\d\d:\d\d)$/v,
	monthly: /^monthly\/(?<days>[\d,a-z]+)@(?<time>\d\d:\d\d)$/v,
	after: /^after:(?<job>[^\s+]+)(?:\+(?<delay>\d{1,5})(?<unit>[hm]))?$/v,
};

/**
Reads a schedule such as `daily@02:30 keep 7`.
@throws UserError `usage` saying what is wrong.
*/
export const parseSchedule = (text: string): Omit<Schedule, 'id'> => {
	const match = /^(?<when>\S+)\s+keep\s+(?<keep>\d{1,4})$/v.exec(text.trim());

	if (match === null) {
		throw wrongSchedule(text, 'it says when, then "keep" and how many');
	}

	const keep = Number(match.groups!.keep);

	if (keep < 1 || keep > mostKept) {
		throw wrongSchedule(text, `it keeps 1 to ${mostKept} backups`);
	}

	return {when: formatTiming(parseTiming(match.groups!.when!)), keep};
};

/**
Reads the part of a schedule that says when.
@throws UserError `usage` saying what is wrong.
*/
export const parseTiming = (text: string): Timing => {
	const lower = text.toLowerCase();

	for (const type of timingTypes) {
		const match = patterns[type].exec(type === 'after' ? text : lower);

		if (match !== null) {
			return readers[type](match.groups!, text);
		}
	}

	throw wrongSchedule(text, 'it is none of the forms there are');
};

/** The one form in which a timing is kept: what was written in another way is the same. */
export const formatTiming = (timing: Timing): string => {
	switch (timing.type) {
		case 'hourly': {
			return `hourly/${timing.every}`;
		}

		case 'daily': {
			return `daily${timing.days.length === 0 ? '' : `/${timing.days.join(',')}`}@${formatMinute(timing.minute)}`;
		}

		case 'weekly': {
			return `weekly/${timing.day}@${formatMinute(timing.minute)}`;
		}

		case 'monthly': {
			return `monthly/${timing.days.join(',')}@${formatMinute(timing.minute)}`;
		}

		case 'after': {
			return `after:${timing.job}+${timing.delayMinutes}m`;
		}
	}
};

export const formatSchedule = ({when, keep}: Pick<Schedule, 'when' | 'keep'>): string => `${when} keep ${keep}`;

/** The schedules a job gets by new ones: one that stays, or only changes, keeps its id and with it its backups; others get a new one. */
export const replaceSchedules = (old: readonly Schedule[], wanted: ReadonlyArray<Omit<Schedule, 'id'>>, newId: () => string): readonly Schedule[] => {
	const ids = new Map<number, string>();
	const left = new Set(old);
	const pair = (isSame: (schedule: Schedule, each: Omit<Schedule, 'id'>) => boolean): void => {
		for (const [index, each] of wanted.entries()) {
			const found = ids.has(index) ? undefined : [...left].find(schedule => isSame(schedule, each));

			if (found === undefined) {
				continue;
			}

			ids.set(index, found.id);
			left.delete(found);
		}
	};

	pair(({when}, each) => when === each.when);
	pair(({when}, each) => parseTiming(when).type === parseTiming(each.when).type);

	return wanted.map((each, index) => ({id: ids.get(index) ?? newId(), ...each}));
};

const readMinute = (time: string, text: string): number => {
	const [hour, minute] = time.split(':').map(Number) as [number, number];

	if (hour > 23 || minute > 59) {
		throw wrongSchedule(text, `${time} is no time of day`);
	}

	return (hour * 60) + minute;
};

const readWeekday = (name: string, text: string): Weekday => {
	const day = weekdays.find(each => each === name);

	if (day === undefined) {
		throw wrongSchedule(text, `weekdays are ${weekdays.join(', ')}`);
	}

	return day;
};

const readMonthDay = (name: string, text: string): MonthDay => {
	const day = Number(name);

	if (name === 'last') {
		return name;
	}

	if (!Number.isSafeInteger(day) || day < 1 || day > 31) {
		throw wrongSchedule(text, 'days of the month are 1 to 31, and last');
	}

	return day;
};

type Groups = Readonly<Record<string, string>>;

const readers: Readonly<Record<Timing['type'], (groups: Groups, text: string) => Timing>> = {
	hourly({every = '1'}, text) {
		const hours = Number(every);

		if (hours < 1 || hours > 24) {
			throw wrongSchedule(text, 'it runs every 1 to 24 hours');
		}

		return {type: 'hourly', every: hours};
	},
	daily({days, time}, text) {
		const named = new Set((days === undefined ? [] : days.split(',')).map(day => readWeekday(day, text)));

		return {type: 'daily', days: named.size === weekdays.length ? [] : weekdays.filter(day => named.has(day)), minute: readMinute(time!, text)};
	},
	weekly: ({day, time}, text) => ({type: 'weekly', day: readWeekday(day!, text), minute: readMinute(time!, text)}),
	monthly({days, time}, text) {
		const named = new Set(days!.split(',').map(day => readMonthDay(day, text)));
		const numbers = [...named].filter(day => day !== 'last').toSorted((left, right) => left - right);

		return {type: 'monthly', days: named.has('last') ? [...numbers, 'last'] : numbers, minute: readMinute(time!, text)};
	},
	after({job, delay = '0', unit = 'm'}, text) {
		const delayMinutes = Number(delay) * (unit === 'h' ? 60 : 1);

		if (delayMinutes > longestDelayMinutes) {
			throw wrongSchedule(text, 'it waits for 7 days at most');
		}

		return {type: 'after', job: job!, delayMinutes};
	},
};

const timingTypes = Object.keys(patterns) as ReadonlyArray<keyof typeof patterns>;

const formatMinute = (minute: number): string => [Math.floor(minute / 60), minute % 60].map(part => String(part).padStart(2, '0')).join(':');

const wrongSchedule = (text: string, reason: string): UserError => new UserError(`"${text}" is no schedule: ${reason}.`, {
	code: 'usage',
	hint: 'Write one such as "hourly/6 keep 8", "daily@02:30 keep 7", "daily/mon,thu@02:30 keep 7", "weekly/sun@04:00 keep 5", "monthly/1,15,last@03:00 keep 12" or "after:nightly+30m keep 7".',
});
