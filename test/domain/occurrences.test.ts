import test from 'ava';
import {nextOccurrence, nextOccurrences, type ClockTiming} from '../../source/domain/occurrences.ts';
import {parseTiming, weekdays} from '../../source/domain/schedule.ts';
import {timeZone, wallTimeOf, type TimeZone} from '../../source/domain/time-zone.ts';

const quarterMs = 900_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Ordinary, half-hour change, change at midnight, changes twice in a month around Ramadan, none, far ends. */
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Casablanca', 'Asia/Kathmandu', 'UTC', 'Pacific/Kiritimati'];

const timing = (when: string): ClockTiming => parseTiming(when) as ClockTiming;

/** Whether a wall time, which is a full quarter, is one of those a schedule names: said in another way than the program says it. */
const namesOf = (when: string): (wall: number) => boolean => {
	const [kind, time = ''] = when.split('@', 2);
	const [type = '', days = ''] = kind!.split('/', 2);
	const [hour, minute] = time.split(':').map(Number);
	const named = new Set(days.split(','));
	const isTime = (date: Date): boolean => date.getUTCHours() === hour && date.getUTCMinutes() === minute;

	switch (type) {
		case 'hourly': {
			return wall => wall % hourMs === 0 && new Date(wall).getUTCHours() % Number(days) === 0;
		}

		case 'daily':
		case 'weekly': {
			return wall => {
				const date = new Date(wall);

				return isTime(date) && (days === '' || named.has(weekdays[date.getUTCDay()]!));
			};
		}

		default: {
			return wall => {
				const date = new Date(wall);
				const day = date.getUTCDate();
				const isLast = new Date(wall + dayMs).getUTCDate() === 1;

				return isTime(date) && (named.has(String(day)) || (isLast && named.values().some(each => each === 'last' || Number(each) > day)));
			};
		}
	}
};

type Quarter = {readonly instant: number; readonly wall: number};

const quartersOf = ({zone, start, end}: {readonly zone: TimeZone; readonly start: number; readonly end: number}): readonly Quarter[] =>
	Array.from({length: (end - start) / quarterMs}, (_, index) => start + ((index + 1) * quarterMs)).map(instant => ({instant, wall: wallTimeOf(instant, zone)}));

/** Walks through the time by quarters: whenever the wall clock reaches or passes a named time for the first time, the schedule is due. */
const oracle = (when: string, quarters: readonly Quarter[]): readonly number[] => {
	const due: number[] = [];
	const isNamed = namesOf(when);
	let reached = quarters[0]!.wall - quarterMs;

	for (const {instant, wall} of quarters) {
		let isDue = when === 'hourly/1' && wall % hourMs === 0;

		for (let passed = reached + quarterMs; passed <= wall; passed += quarterMs) {
			isDue ||= when !== 'hourly/1' && isNamed(passed);
		}

		if (isDue) {
			due.push(instant);
		}

		reached = Math.max(reached, wall);
	}

	return due;
};

for (const name of zones) {
	test(`${name}: in a year no run is lost and none is doubled`, t => {
		const zone = timeZone(name);
		const start = Date.UTC(2026, 0, 1);
		const end = Date.UTC(2027, 0, 15);
		const quarters = quartersOf({zone, start, end});

		for (const when of ['hourly/1', 'hourly/2', 'hourly/6', 'hourly/5', 'daily@02:30', 'daily@00:00', 'daily@02:00', 'daily/mon,sun@01:45', 'weekly/sun@02:15', 'monthly/1,15,last@03:00', 'monthly/31@02:30', 'monthly/29,30@00:15']) {
			const due: number[] = [];

			for (let next = nextOccurrence(timing(when), start, zone); next <= end; next = nextOccurrence(timing(when), next, zone)) {
				due.push(next);
			}

			t.deepEqual({when, due: due.map(time => new Date(time).toISOString())}, {when, due: oracle(when, quarters).map(time => new Date(time).toISOString())});
		}
	});
}

const comesDue = test.macro({
	exec(t, when: string, zone: string, after: string, expected: readonly string[]) {
		const times = nextOccurrences(timing(when), {after: Date.parse(after), zone: timeZone(zone), count: expected.length});

		t.deepEqual(times.map(time => new Date(time).toISOString().slice(0, 16)), expected);
	},
	title: (story, when: string, zone: string) => `${when} in ${zone}: ${story ?? ''}`,
});

test('clocks go forward over it', comesDue, 'daily@02:30', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:30']);
test('clocks go back over it', comesDue, 'daily@02:30', 'Europe/Berlin', '2026-10-24T12:00:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']);
test('a time skipped at midnight', comesDue, 'daily@00:00', 'America/Santiago', '2026-09-05T12:00:00Z', ['2026-09-06T04:00', '2026-09-07T03:00']);
test('a short month', comesDue, 'monthly/31@03:00', 'UTC', '2027-01-31T03:00:00Z', ['2027-02-28T03:00', '2027-03-31T03:00', '2027-04-30T03:00']);
test('a leap year', comesDue, 'monthly/30@03:00', 'UTC', '2028-02-01T00:00:00Z', ['2028-02-29T03:00', '2028-03-30T03:00']);
test('the last day is named twice and is one', comesDue, 'monthly/30,31,last@03:00', 'UTC', '2027-02-01T00:00:00Z', ['2027-02-28T03:00', '2027-03-30T03:00', '2027-03-31T03:00']);
test('strictly later', comesDue, 'weekly/sun@04:00', 'UTC', '2026-11-22T04:00:00Z', ['2026-11-29T04:00']);
