import {shareOfDay} from '../domain/data-share.ts';
import {membersOf, type Job} from '../domain/job.ts';
import {toScreen} from '../domain/raw-name.ts';
import {formatSchedule, type Schedule} from '../domain/schedule.ts';
import {decideScheduling, type SchedulerMemory} from '../domain/scheduling.ts';
import {taskKeyOf, type Task} from '../domain/task.ts';
import {timeZone, type TimeZone} from '../domain/time-zone.ts';
import {countOf} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import type {Store} from '../state/store.ts';
import {watchClock} from '../state/watched-clock.ts';
import type {Clock} from '../system/clock.ts';
import {findBusyJobs} from './busy-jobs.ts';
import {sweepDownloads} from './download-files.ts';
import {backupTaskOf, saveNewTasks, type NewTask} from './new-tasks.ts';

export type SchedulerOptions = {
	readonly store: Store;
	readonly clock: Clock;
	readonly log: (text: string) => void;
	/** Those that wait or run. */
	readonly unfinished: () => readonly Task[];
};

/** What one look at the clock came to. */
export type Tick = {
	/** Whose tasks were queued: keys of the state's tasks. */
	readonly queued: readonly string[];
	/** When something comes due next; `undefined`: nothing is planned. */
	readonly wakeAt: Date | undefined;
};

/** The name in `requestedBy`. */
const requester = 'scheduler';
/** The chore that follows `cleanup.when`. */
const cleanupId = 'cleanup000000000';
/** The chore that follows `verify.when`. */
const verifyId = 'verify0000000000';
const cleanupTask: NewTask = {
	kind: 'cleanup', account: null, accountUuid: null, backup: null, request: {kind: 'cleanup'},
};

/** Queues what has come due. Call it when the time it told has come, when tasks ended, and now and then: what was changed in the state is seen then. */
export class Scheduler {
	readonly #options: SchedulerOptions;
	#zone: TimeZone | undefined;
	/** Said once. */
	#sweepProblem: string | undefined;

	constructor(options: SchedulerOptions) {
		this.#options = options;
	}

	async #readZone(): Promise<TimeZone> {
		const name = await readSetting(this.#options.store, 'schedules.timeZone');

		if (this.#zone?.name !== name) {
			this.#zone = timeZone(name);
		}

		return this.#zone;
	}

	async #planRun({job, schedules}: {readonly job: Job; readonly schedules: readonly Schedule[]}): Promise<readonly NewTask[]> {
		const {log} = this.#options;
		const {identities, problems} = await refreshAccounts(this.#options.store, this.#options);
		const {members, leftOut} = membersOf(job, identities);

		for (const problem of problems) {
			log(problem);
		}

		log(`${job.name} runs for ${schedules.map(schedule => formatSchedule(schedule)).join(' and ')}: ${countOf(members.length, 'account')}.`);

		for (const {identity, wish} of leftOut) {
			log(`${job.name} leaves out ${toScreen(identity.name)}, which wants ${wish}.`);
		}

		return members.map(identity => backupTaskOf(job, identity, {backupKind: 'scheduled', schedules: schedules.map(({id}) => id)}));
	}

	async #queue(tasks: readonly NewTask[]): Promise<readonly string[]> {
		const saved = await saveNewTasks(this.#options.store, tasks, {queuedAt: this.#options.clock.now().toISOString(), requestedBy: requester});

		return [...new Set(saved.map(task => taskKeyOf(task)))];
	}

	async #verifyTask(): Promise<NewTask> {
		const {store, clock} = this.#options;
		const share = shareOfDay(clock.now(), await readSetting(store, 'verify.days'));

		return {
			kind: 'verify', account: null, accountUuid: null, backup: null, request: {
				kind: 'verify', backup: null, isDataRead: true, share,
			},
		};
	}

	/** What somebody else has changed meanwhile stays as they made it. */
	async #remember(before: SchedulerMemory, next: SchedulerMemory): Promise<void> {
		const coveredBefore = new Map(before.schedules.map(({id, coveredUntil}) => [id, coveredUntil]));
		const runsBefore = new Map(before.runs.map(({job, startedAt}) => [job, startedAt]));

		await this.#options.store.update('scheduler', undefined, draft => {
			const covered = draft.schedules.filter(({id, coveredUntil}) => coveredBefore.get(id) !== coveredUntil);
			const runs = draft.runs.filter(({job, startedAt}) => runsBefore.get(job) !== startedAt);
			draft.schedules = [...next.schedules.filter(({id}) => covered.every(each => each.id !== id)), ...covered];
			draft.runs = [...next.runs.filter(({job}) => runs.every(each => each.job !== job)), ...runs];
		});
	}

	/** What cannot be told to have expired stays, and keeps no job from its run. */
	async #sweep(): Promise<void> {
		try {
			await watchClock(this.#options);
			await sweepDownloads(this.#options);
			this.#sweepProblem = undefined;
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			if (this.#sweepProblem !== error.message) {
				this.#options.log(`What has expired is not removed: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`);
			}

			this.#sweepProblem = error.message;
		}
	}

	async tick(): Promise<Tick> {
		const {store, clock, unfinished} = this.#options;
		await this.#sweep();
		const [{jobs}, memory, cleanupWhen, verifyWhen] = await Promise.all([store.read('jobs'), store.read('scheduler'), readSetting(store, 'cleanup.when'), readSetting(store, 'verify.when')]);
		const tasks = unfinished();
		const {due, dueChores, memory: next, isChanged, wakeAt} = decideScheduling({
			jobs,
			memory,
			chores: [{id: cleanupId, when: cleanupWhen}, {id: verifyId, when: verifyWhen}].filter(({when}) => when !== 'none'),
			busyJobs: findBusyJobs(tasks),
			zone: await this.#readZone(),
			now: clock.now(),
		});
		const runs = await Promise.all(due.map(async run => this.#planRun(run)));
		const isCleaning = dueChores.includes(cleanupId) && tasks.every(({kind}) => kind !== 'cleanup');
		const isVerifying = dueChores.includes(verifyId) && tasks.every(({kind}) => kind !== 'verify');
		const queued = await this.#queue([...runs.flat(), ...(isCleaning ? [cleanupTask] : []), ...(isVerifying ? [await this.#verifyTask()] : [])]);

		// Tasks first: whoever dies in between finds them waiting, and queues none beside them.
		if (isChanged) {
			await this.#remember(memory, next);
		}

		return {queued, wakeAt};
	}
}
