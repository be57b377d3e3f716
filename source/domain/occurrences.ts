/** When schedules come due. Each wall time happens once, whatever clocks are set to: see `instantOfWallTime`. */
import {weekdays, type MonthDay, type Timing} from './schedule.ts';
import {instantOfWallTime, wallTimeOf, type TimeZone} from './time-zone.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const quarterMs = 900_000;
/** The longest time from one day of a monthly schedule to the next, and a day for the zone. */
const mostDays = 64;

/** What follows another job follows no clock: when it comes due is in `scheduling.ts`. */
export type ClockTiming = Exclude<Timing, {type: 'after'}>;

/** The first time, in milliseconds since 1970, that a schedule comes due after an instant. */
export const nextOccurrence = (timing: ClockTiming, after: number, zone: TimeZone): number => {
	if (timing.type === 'hourly' && timing.every === 1) {
		return nextFullHour(after, zone);
	}

	const today = Math.floor(wallTimeOf(after, zone) / dayMs) * dayMs;

	for (let day = -1; day < mostDays; day++) {
		const found = minutesOn(timing, today + (day * dayMs))
			.map(minute => instantOfWallTime(today + (day * dayMs) + (minute * minuteMs), zone))
			.find(instant => instant > after);

		if (found !== undefined) {
			return found;
		}
	}

	throw new RangeError('A schedule that never comes due.');
};

/** The next few times. */
export const nextOccurrences = (timing: ClockTiming, {after, zone, count}: {readonly after: number; readonly zone: TimeZone; readonly count: number}): readonly number[] => {
	const times: number[] = [];

	while (times.length < count) {
		times.push(nextOccurrence(timing, times.at(-1) ?? after, zone));
	}

	return times;
};

/** Every hour that passes counts, also the one that the clock on the wall shows twice. */
const nextFullHour = (after: number, zone: TimeZone): number => {
	let instant = (Math.floor(after / quarterMs) + 1) * quarterMs;

	while (wallTimeOf(instant, zone) % hourMs !== 0) {
		instant += quarterMs;
	}

	return instant;
};

/** The times of a day, in minutes, at which a schedule comes due; none on other days. */
const minutesOn = (timing: ClockTiming, day: number): readonly number[] => {
	switch (timing.type) {
		case 'hourly': {
			return Array.from({length: Math.ceil(24 / timing.every)}, (_, index) => index * timing.every * 60);
		}

		case 'daily': {
			return timing.days.length === 0 || timing.days.includes(weekdayOf(day)) ? [timing.minute] : [];
		}

		case 'weekly': {
			return timing.day === weekdayOf(day) ? [timing.minute] : [];
		}

		case 'monthly': {
			return isMonthDay(timing.days, new Date(day)) ? [timing.minute] : [];
		}
	}
};

const weekdayOf = (day: number): (typeof weekdays)[number] => weekdays[new Date(day).getUTCDay()]!;

/** A day that the month lacks is its last one. */
const isMonthDay = (days: readonly MonthDay[], date: Date): boolean => {
	const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

	return days.some(day => (day === 'last' ? last : Math.min(day, last)) === date.getUTCDate());
};
