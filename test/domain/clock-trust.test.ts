import test from 'ava';
import {
	describeJump,
	lookAtClock,
	provenTime,
	type ClockMemory,
} from '../../source/domain/clock-trust.ts';
import {Random} from '../benchmarks/random.ts';

const never: ClockMemory = {seenAt: null, jump: null};
const minuteMs = 60_000;
const dayMs = 86_400_000;
const start = Date.parse('2026-11-20T12:00:00.000Z');
const at = (minutes: number): Date => new Date(start + (minutes * minuteMs));
const days = (count: number): number => count * 1440;

/** What is proven at the last of these minutes, as minutes. */
const proven = (...minutes: readonly number[]): number => {
	let memory = never;

	for (const minute of minutes.slice(0, -1)) {
		memory = lookAtClock(memory, at(minute));
	}

	return (provenTime(memory, at(minutes.at(-1)!)).getTime() - start) / minuteMs;
};

test('the clock is believed at the first look, and while it goes on', t => {
	t.is(proven(0), 0);
	t.is(proven(0, 1, 2, 90, 2000), 2000);
	t.is(proven(0, days(181)), days(181), 'a server that was off for half a year');
	t.is(proven(0, days(-200), 1), 1);
	t.is(proven(0, days(367)), 0);
});

test('a jump ahead is believed a day later', t => {
	t.is(proven(0, days(500)), 0);
	t.is(proven(0, days(500), days(500) + 1439), 0);
	t.is(proven(0, days(500), days(500) + 1440), days(501));
	t.is(proven(0, days(500), days(501), days(501) + 1), days(501) + 1);
});

test('a clock that was wrong for a minute is right again at once', t => {
	t.is(proven(0, days(500), days(500) + 1, 2), 2);
	t.is(proven(0, days(500), days(500) + 1, 2, days(500), 3), 3);
	t.is(proven(0, days(-3650), 1), days(-3650), 'the next look after it is a jump ahead');
});

test('setting the clock by moments is nothing', t => {
	const memory = lookAtClock(never, at(0));

	t.is(lookAtClock(memory, at(-0.5)), memory);
	t.is(lookAtClock(memory, at(1)), memory);
});

test('whatever the clock did for a minute, nothing later than the right time is proven', t => {
	const random = new Random(8);

	for (let round = 0; round < 500; round++) {
		let memory = never;
		let time = start;
		let newestProven = 0;

		for (let look = 0; look < 40; look++) {
			// Right before and after it.
			const wrong = look % 3 === 1 ? (random.below(1000) + 368) * dayMs : 0;
			time += random.below(60) * minuteMs;
			const now = new Date(time + wrong);
			const provenAt = provenTime(memory, now).getTime();
			newestProven = Math.max(newestProven, provenAt - time);
			memory = lookAtClock(memory, now);
		}

		t.true(newestProven <= 0);
	}
});

test('why less has expired is said', t => {
	const memory = lookAtClock(never, at(0));

	t.is(describeJump(memory, at(10)), undefined);
	const later = at(days(400));

	t.is(describeJump(memory, later), 'The clock jumped from 2026-11-20 12:00 to 2027-12-25 12:00 UTC, or nothing ran in between: in case it is wrong, what has expired since then stays until 2027-12-26 12:00 UTC');
});
