/** What the scheduler does at a moment, decided from what it remembers: each due schedule once, however long nobody looked. */
import type {Job} from './job.ts';
import {nextOccurrence} from './occurrences.ts';
import {parseTiming, type Schedule, type Timing} from './schedule.ts';
import type {TimeZone} from './time-zone.ts';

/** What is remembered of schedules and runs. Times are ISO 8601, UTC, milliseconds. */
export type SchedulerMemory = {
	readonly schedules: readonly ScheduleMark[];
	/** The newest run of each job that had one: of all its accounts, by a schedule or by hand. */
	readonly runs: readonly JobRun[];
};

export type ScheduleMark = {
	readonly id: string;
	/** Up to when it has had its runs; from the moment it was first seen on. */
	readonly coveredUntil: string;
	/** When it follows a run of another job that has ended: however often that job runs again meanwhile. */
	readonly dueAt?: string | undefined;
};

export type JobRun = {
	readonly job: string;
	readonly startedAt: string;
	/** `null` while any of its backups is not finished. */
	readonly endedAt: string | null;
};

export type SchedulingFacts = {
	readonly jobs: readonly Job[];
	readonly memory: SchedulerMemory;
	/** What else follows the clock. */
	readonly chores?: ReadonlyArray<Pick<Schedule, 'id' | 'when'>>;
	/** Names of jobs of which backups wait or run. */
	readonly busyJobs: ReadonlySet<string>;
	readonly zone: TimeZone;
	readonly now: Date;
};

export type SchedulingDecision = {
	/** Jobs to run now, with the schedules they run for. */
	readonly due: ReadonlyArray<{readonly job: Job; readonly schedules: readonly Schedule[]}>;
	/** Ids of chores to do now. */
	readonly dueChores: readonly string[];
	/** What is to be remembered when they are queued. */
	readonly memory: SchedulerMemory;
	readonly isChanged: boolean;
	/** When to look again; `undefined`: nothing is planned. */
	readonly wakeAt: Date | undefined;
};

/** A clock that was wrong by more than this, and is right again, must not silence the schedules. Set back by less, nothing is done twice. */
const clockErrorMs = 3_600_000;
const minuteMs = 60_000;

/** Decides what comes due. A run that is not over keeps its job's schedules waiting: they come due once when it is. */
export const decideScheduling = (facts: SchedulingFacts): SchedulingDecision => {
	const {jobs, memory, busyJobs, chores = [], now} = facts;
	const runs = endRuns(memory.runs, facts);
	const covered = coverSchedules({...facts, memory: {...memory, runs}});
	const due: Array<{job: Job; schedules: readonly Schedule[]}> = [];
	const isDue = (schedule: Pick<Schedule, 'id' | 'when'>): boolean => (dueTime(schedule, covered.get(schedule.id)!, {...facts, runs}) ?? Infinity) <= now.getTime();

	for (const job of jobs) {
		if (!job.enabled || busyJobs.has(job.name)) {
			continue;
		}

		const schedules = job.schedules.filter(schedule => isDue(schedule));

		if (schedules.length > 0) {
			due.push({job, schedules});
		}
	}

	const started = new Set(due.map(({job}) => job.name));
	const dueChores = chores.filter(chore => isDue(chore)).map(({id}) => id);

	for (const id of [...due.flatMap(({schedules}) => schedules.map(schedule => schedule.id)), ...dueChores]) {
		covered.set(id, {coveredUntil: now.getTime()});
	}

	const next: SchedulerMemory = {
		schedules: Array.from(covered, ([id, {coveredUntil, dueAt}]) => ({id, coveredUntil: new Date(coveredUntil).toISOString(), ...dueAt !== undefined && {dueAt: new Date(dueAt).toISOString()}})),
		runs: [...runs.filter(({job}) => !started.has(job)), ...due.map(({job}) => ({job: job.name, startedAt: now.toISOString(), endedAt: null}))],
	};

	return {
		due, dueChores, memory: next, isChanged: JSON.stringify(next) !== JSON.stringify(memory), wakeAt: findWakeTime(covered, {...facts, runs: next.runs}),
	};
};

/** Since when a run of the job is owed, where nobody looks at the clock; `undefined` while none is. */
export const missedRunOf = (job: Job, {memory, zone, now}: Pick<SchedulingFacts, 'memory' | 'zone' | 'now'>): Date | undefined => {
	const next = firstDueOf(job, {memory, zone, now});

	return next !== undefined && next <= now.getTime() ? new Date(next) : undefined;
};

/** When a job runs next by its schedules; `undefined`: not before something else happens. */
export const nextRunOf = (job: Job, facts: Pick<SchedulingFacts, 'memory' | 'zone' | 'now'>): Date | undefined => {
	const next = firstDueOf(job, facts);

	return next === undefined ? undefined : new Date(Math.max(facts.now.getTime(), next));
};

const firstDueOf = (job: Job, {memory, zone, now}: Pick<SchedulingFacts, 'memory' | 'zone' | 'now'>): number | undefined => {
	if (!job.enabled) {
		return undefined;
	}

	const marks = readMarks(memory);
	const times = job.schedules.flatMap(schedule => dueTime(schedule, usableMark(marks.get(schedule.id), now), {zone, runs: memory.runs}) ?? []);

	return times.length === 0 ? undefined : Math.min(...times);
};

type Context = Pick<SchedulingFacts, 'zone'> & {readonly runs: readonly JobRun[]};

/** In milliseconds since 1970; as `ScheduleMark`. */
type Mark = {readonly coveredUntil: number; readonly dueAt?: number | undefined};

const readMarks = ({schedules}: SchedulerMemory): ReadonlyMap<string, Mark> =>
	new Map(schedules.map(({id, coveredUntil, dueAt}) => [id, {coveredUntil: Date.parse(coveredUntil), dueAt: dueAt === undefined ? undefined : Date.parse(dueAt)}]));

/** The first time a schedule comes due after what it has had. */
const dueTime = ({when}: Pick<Schedule, 'when'>, {coveredUntil, dueAt}: Mark, {zone, runs}: Context): number | undefined => {
	const timing = parseTiming(when);

	return timing.type === 'after' ? dueAt ?? dueAfterJob(timing, coveredUntil, runs) : nextOccurrence(timing, coveredUntil, zone);
};

/** A run that ended after this schedule had its last one; told apart by the end of the run. */
const dueAfterJob = ({job, delayMinutes}: Extract<Timing, {type: 'after'}>, coveredUntil: number, runs: readonly JobRun[]): number | undefined => {
	const ended = runs.find(run => run.job === job)?.endedAt ?? null;
	const time = ended === null ? undefined : Date.parse(ended) + (delayMinutes * minuteMs);

	return time !== undefined && time > coveredUntil ? time : undefined;
};

const endRuns = (runs: readonly JobRun[], {jobs, busyJobs, now}: SchedulingFacts): readonly JobRun[] => runs
	.filter(run => jobs.some(({name}) => name === run.job))
	.map(run => isOver(run, {busyJobs, now}) ? {...run, endedAt: now.toISOString()} : run);

/** One that ended in the future ended by a clock that was wrong: just now, then. */
const isOver = ({job, endedAt}: JobRun, {busyJobs, now}: Pick<SchedulingFacts, 'busyJobs' | 'now'>): boolean =>
	endedAt === null ? !busyJobs.has(job) : Date.parse(endedAt) > now.getTime() + clockErrorMs;

/** A schedule that is new, or whose job is switched off, has had everything up to now. */
const coverSchedules = ({jobs, chores = [], memory, zone, now}: SchedulingFacts): Map<string, Mark> => {
	const known = readMarks(memory);

	return new Map([...jobs, {enabled: true, schedules: chores}].flatMap(({enabled, schedules}) => schedules.map((schedule): [string, Mark] => {
		const mark = known.get(schedule.id);
		const usable = usableMark(enabled ? mark : undefined, now);
		const timing = parseTiming(schedule.when);

		return [schedule.id, timing.type === 'after' ? {...usable, dueAt: dueTime(schedule, withoutWrongDue(usable, timing, now), {zone, runs: memory.runs})} : usable];
	})));
};

/** What is new has had everything up to now; so has, for all that is known, what was marked by a clock that was wrong. */
const usableMark = (mark: Mark | undefined, now: Date): Mark => mark !== undefined && mark.coveredUntil <= now.getTime() + clockErrorMs ? mark : {coveredUntil: now.getTime()};

/** It comes due no longer after the end of the other job than it says; later was by a clock that was wrong. */
const withoutWrongDue = (mark: Mark, {delayMinutes}: Extract<Timing, {type: 'after'}>, now: Date): Mark => mark.dueAt !== undefined && mark.dueAt > now.getTime() + (delayMinutes * minuteMs) + clockErrorMs
	? {coveredUntil: mark.coveredUntil}
	: mark;

const findWakeTime = (covered: ReadonlyMap<string, Mark>, {jobs, chores = [], busyJobs, zone, runs, now}: SchedulingFacts & Context): Date | undefined => {
	const free = jobs.filter(({enabled, name}) => enabled && !busyJobs.has(name));
	const times = [...free, {schedules: chores}]
		.flatMap(({schedules}) => schedules.flatMap(schedule => dueTime(schedule, covered.get(schedule.id)!, {zone, runs}) ?? []))
		.filter(time => time > now.getTime());

	return times.length === 0 ? undefined : new Date(Math.min(...times));
};
