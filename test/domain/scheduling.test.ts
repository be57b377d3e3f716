import test from 'ava';
import {allAccounts, type Job} from '../../source/domain/job.ts';
import {nextOccurrence, type ClockTiming} from '../../source/domain/occurrences.ts';
import {parseTiming} from '../../source/domain/schedule.ts';
import {decideScheduling, nextRunOf, type SchedulerMemory} from '../../source/domain/scheduling.ts';
import {timeZone} from '../../source/domain/time-zone.ts';
import {Random} from '../benchmarks/random.ts';

const zone = timeZone('Europe/Berlin');
const hourMs = 3_600_000;
const nothing: SchedulerMemory = {schedules: [], runs: []};

const job = (name: string, timings: readonly string[], changes: Partial<Job> = {}): Job => ({
	name,
	accounts: allAccounts,
	items: ['homedir'],
	structure: 'incremental',
	destination: 'destinationdesti',
	encrypted: false,
	enabled: true,
	schedules: timings.map((when, index) => ({id: `${name}-${index}`, when, keep: 7})),
	excludes: [],
	manualRetain: 14,
	...changes,
});

/** A scheduler that is asked now and then, and jobs whose runs the test begins and ends. */
class Bench {
	memory = nothing;
	readonly busy = new Set<string>();
	readonly begun: string[] = [];
	jobs: readonly Job[];
	wakeAt: Date | undefined;

	constructor(...jobs: readonly Job[]) {
		this.jobs = jobs;
	}

	at(time: string): readonly string[] {
		const {due, memory, wakeAt} = decideScheduling({
			jobs: this.jobs, memory: this.memory, busyJobs: this.busy, zone, now: new Date(time),
		});
		const names = due.map(each => `${each.job.name} for ${each.schedules.map(({when}) => when).join(' and ')}`);

		this.memory = memory;
		this.wakeAt = wakeAt;
		this.begun.push(...names);

		return names;
	}
}

test('what is new begins with the next time, not with past ones', t => {
	const bench = new Bench(job('nightly', ['daily@02:30']));

	t.deepEqual(bench.at('2026-11-20T12:00:00.000Z'), []);
	t.is(bench.wakeAt?.toISOString(), '2026-11-21T01:30:00.000Z');
	t.deepEqual(bench.at('2026-11-21T01:29:59.000Z'), []);
	t.deepEqual(bench.at('2026-11-21T01:30:00.000Z'), ['nightly for daily@02:30']);
	t.deepEqual(bench.at('2026-11-21T01:30:00.000Z'), [], 'once');
});

test('what was missed is made up once', t => {
	const bench = new Bench(job('nightly', ['daily@02:30', 'hourly/1']));
	bench.at('2026-11-20T12:10:00.000Z');

	t.deepEqual(bench.at('2026-12-24T18:20:00.000Z'), ['nightly for daily@02:30 and hourly/1']);
	t.deepEqual(bench.at('2026-12-24T18:21:00.000Z'), []);
	t.deepEqual(bench.at('2026-12-24T19:00:00.000Z'), ['nightly for hourly/1']);
});

test('schedules that come due together make one run', t => {
	const bench = new Bench(job('nightly', ['daily@02:30', 'weekly/sun@02:30', 'monthly/1@02:30']));
	bench.at('2026-11-21T12:00:00.000Z');

	t.deepEqual(bench.at('2026-11-22T01:30:00.000Z'), ['nightly for daily@02:30 and weekly/sun@02:30']);
});

test('runs of a job are not stacked: what comes due meanwhile is done once, after it', t => {
	const bench = new Bench(job('busy', ['hourly/1', 'daily@13:00']), job('other', ['hourly/1']));
	bench.at('2026-11-20T10:30:00.000Z');
	bench.at('2026-11-20T11:00:00.000Z');
	bench.busy.add('busy');

	t.deepEqual(bench.at('2026-11-20T12:00:00.000Z'), ['other for hourly/1']);
	t.deepEqual(bench.at('2026-11-20T13:00:00.000Z'), ['other for hourly/1']);
	bench.busy.delete('busy');
	t.deepEqual(bench.at('2026-11-20T13:10:00.000Z'), ['busy for hourly/1 and daily@13:00']);
	t.deepEqual(bench.at('2026-11-20T13:11:00.000Z'), []);
});

test('after another job, with a delay, once for each of its runs', t => {
	const bench = new Bench(job('nightly', ['daily@02:30']), job('offsite', ['after:nightly+30m']));
	bench.at('2026-11-20T12:00:00.000Z');
	bench.at('2026-11-21T01:30:00.000Z');
	bench.busy.add('nightly');
	t.deepEqual(bench.at('2026-11-21T03:00:00.000Z'), []);
	bench.busy.delete('nightly');
	t.deepEqual(bench.at('2026-11-21T03:10:00.000Z'), []);
	t.is(bench.wakeAt?.toISOString(), '2026-11-21T03:40:00.000Z');
	t.deepEqual(bench.at('2026-11-21T03:40:00.000Z'), ['offsite for after:nightly+30m']);
	t.deepEqual(bench.at('2026-11-21T05:00:00.000Z'), []);
	bench.at('2026-11-22T01:30:00.000Z');
	t.deepEqual(bench.at('2026-11-22T02:30:00.000Z'), []);
	t.deepEqual(bench.at('2026-11-22T03:00:00.000Z'), ['offsite for after:nightly+30m']);
});

test('after a job that runs again before the delay is over', t => {
	const bench = new Bench(job('often', ['hourly/1']), job('behind', ['after:often+2h']));
	const minutesAfter = (minutes: number): string => new Date(Date.UTC(2026, 10, 20, 10) + (minutes * 60_000)).toISOString();
	bench.at(minutesAfter(30));
	const times: number[] = [];

	for (let minutes = 60; minutes < 11 * 60; minutes += 5) {
		if (bench.at(minutesAfter(minutes)).includes('behind for after:often+2h')) {
			times.push(minutes);
		}

		// Each run takes ten minutes.
		if (minutes % 60 === 0) {
			bench.busy.add('often');
		} else {
			bench.busy.delete('often');
		}
	}

	t.deepEqual(times, [190, 310, 430, 550]);
});

test('a job that is switched off owes nothing when it is on again', t => {
	const bench = new Bench(job('nightly', ['daily@02:30']));
	bench.at('2026-11-20T12:00:00.000Z');
	bench.jobs = [job('nightly', ['daily@02:30'], {enabled: false})];
	t.deepEqual(bench.at('2026-11-21T12:00:00.000Z'), []);
	t.is(nextRunOf(bench.jobs[0]!, {memory: bench.memory, zone, now: new Date('2026-11-21T12:00:00.000Z')}), undefined);
	bench.jobs = [job('nightly', ['daily@02:30'])];
	t.deepEqual(bench.at('2026-11-21T12:01:00.000Z'), []);
	t.deepEqual(bench.at('2026-11-22T01:31:00.000Z'), ['nightly for daily@02:30']);
});

test('a clock that is set back a little doubles nothing; one that was far ahead silences nothing', t => {
	const bench = new Bench(job('nightly', ['daily@02:30']));
	bench.at('2026-11-20T12:00:00.000Z');
	bench.at('2026-11-21T01:30:01.000Z');
	t.deepEqual(bench.at('2026-11-21T01:20:00.000Z'), []);
	t.deepEqual(bench.at('2026-11-21T01:30:00.000Z'), []);
	t.deepEqual(bench.at('2036-01-01T00:00:00.000Z'), ['nightly for daily@02:30']);
	t.is(nextRunOf(bench.jobs[0]!, {memory: bench.memory, zone, now: new Date('2026-11-21T12:00:00.000Z')})?.toISOString(), '2026-11-22T01:30:00.000Z', 'as it will be');
	t.deepEqual(bench.at('2026-11-21T12:00:00.000Z'), []);
	t.deepEqual(bench.at('2026-11-22T01:30:00.000Z'), ['nightly for daily@02:30']);
});

test('nor does it silence what follows another job', t => {
	const bench = new Bench(job('nightly', ['daily@02:30']), job('offsite', ['after:nightly+30m']));
	bench.at('2026-11-20T12:00:00.000Z');
	t.deepEqual(bench.at('2036-01-01T00:00:00.000Z'), ['nightly for daily@02:30']);
	t.deepEqual(bench.at('2036-01-01T00:01:00.000Z'), [], 'owed, ten years too late');
	bench.at('2026-11-20T12:02:00.000Z');
	t.deepEqual(bench.at('2026-11-20T12:32:00.000Z'), ['offsite for after:nightly+30m']);
	bench.at('2026-11-20T12:33:00.000Z');
	t.deepEqual(bench.at('2026-11-20T20:00:00.000Z'), [], 'once');
	t.deepEqual(bench.at('2026-11-21T01:30:00.000Z'), ['nightly for daily@02:30']);
	bench.at('2026-11-21T01:31:00.000Z');
	t.deepEqual(bench.at('2026-11-21T02:02:00.000Z'), ['offsite for after:nightly+30m']);
});

test('the next run', t => {
	const nightly = job('nightly', ['daily@02:30', 'hourly/6']);
	const after = job('offsite', ['after:nightly+30m']);
	const now = new Date('2026-11-20T12:00:00.000Z');
	const runs = [{job: 'nightly', startedAt: '2026-11-20T11:00:00.000Z', endedAt: '2026-11-20T11:45:00.000Z'}];

	t.is(nextRunOf(nightly, {memory: nothing, zone, now})?.toISOString(), '2026-11-20T17:00:00.000Z');
	t.is(nextRunOf(after, {memory: nothing, zone, now}), undefined);
	t.is(nextRunOf(after, {memory: {runs, schedules: [{id: 'offsite-0', coveredUntil: '2026-11-20T10:00:00.000Z'}]}, zone, now})?.toISOString(), '2026-11-20T12:15:00.000Z');
});

test('asked at any times, over changes of the clocks: one run for each stretch in which something came due', t => {
	const random = new Random(11);

	for (const when of ['hourly/1', 'hourly/4', 'daily@02:30', 'weekly/sun@02:15']) {
		const bench = new Bench(job('each', [when]));
		const timing = parseTiming(when) as ClockTiming;
		let now = Date.UTC(2026, 2, 20);
		bench.at(new Date(now).toISOString());

		for (let step = 0; step < 400; step++) {
			const before = now;
			now += Math.round(random.below(100) * hourMs * [0.01, 0.1, 1][random.below(3)]!);
			const isDue = nextOccurrence(timing, before, zone) <= now;

			t.is(bench.at(new Date(now).toISOString()).length, isDue ? 1 : 0, `${when} ${new Date(before).toISOString()} ${new Date(now).toISOString()}`);
		}
	}
});
