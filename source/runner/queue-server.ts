import {toScreen} from '../domain/raw-name.ts';
import {isKeyMissing, viewTasks, type TaskView} from '../domain/task-view.ts';
import {taskKeyOf, type Task} from '../domain/task.ts';
import type {Engine} from '../engine/engine.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import {applyRetention, describeApplied} from './apply-retention.ts';
import {DigestKeeper} from './digest-keeper.ts';
import {finishRun, type Run} from './finish-run.ts';
import {followClock} from './follow-clock.ts';
import {Lanes, type TaskWork} from './lanes.ts';
import {Notifier} from './notifier.ts';
import type {OwnerKey} from './owner-keys.ts';
import {Publisher} from './publisher.ts';
import {readQueueRules} from './queue-rules.ts';
import {recordTask} from './record-task.ts';
import {createRunnerServer, type RunnerServer} from './runner-server.ts';
import {runTask} from './run-task.ts';
import {Scheduler} from './scheduler.ts';
import {StartedEngine} from './started-engine.ts';
import type {TaskOutcome} from './task-outcome.ts';
import {readIntactTasks} from './task-records.ts';
import {TaskKeys} from './task-keys.ts';
import {TaskTable} from './task-table.ts';

export type QueueServerOptions = {
	readonly store: Store;
	readonly clock: Clock;
	/** Stays when there is nothing to do. */
	readonly isDaemon: boolean;
	/** Somebody started it and will connect: it does not end before, if that does not take too long. */
	readonly isCallerExpected: boolean;
	/** One that was started before; else it is started with the first task that needs it. */
	readonly engine?: Engine;
	readonly log: (text: string) => void;
	/** Aborted to end it: what runs is interrupted, what waits stays. */
	readonly signal: AbortSignal;
};

/** How long an idle runner stays for those who watch: they may be about to ask for more. */
const lingerMs = 3000;
/** How long what runs may take to notice that it has to end. The next runner ends what did not. */
const stopPatienceMs = 15_000;

type Rest = 'work' | 'over';

/** Holds together what a runner is made of: the table of tasks, the lanes, and those who watch. The caller holds the runner's lock. */
export class QueueServer {
	readonly #options: QueueServerOptions;
	readonly #table: TaskTable;
	readonly #publisher: Publisher;
	readonly #lanes: Lanes;
	readonly #server: RunnerServer;
	readonly #notifier: Notifier;
	readonly #engine: StartedEngine;
	readonly #digests: DigestKeeper;
	/** What runs and waits here alone knows them. */
	readonly #keys = new TaskKeys();
	readonly #broken = Promise.withResolvers<never>();
	#run: Run = {accounts: new Set(), destinations: new Set()};
	#tasksChanged = Promise.withResolvers<void>();
	#isEnding = false;
	#wakeUp: () => void = () => undefined;

	constructor(options: QueueServerOptions) {
		const {store, clock} = options;
		const onBroken = (error: unknown): void => {
			this.#broken.reject(error);
		};

		this.#options = options;
		this.#engine = new StartedEngine(options.engine);
		this.#notifier = new Notifier(options);
		this.#digests = new DigestKeeper(options);
		this.#publisher = new Publisher(async () => this.#views(), onBroken);
		this.#table = new TaskTable(change => {
			this.#publisher.changed(change);

			if (change !== 'tasks') {
				return;
			}

			this.#keys.keepOnly(new Set(this.#table.unfinished.map(({id}) => id)));
			this.#tasksChanged.resolve();
		});
		this.#lanes = new Lanes({
			store,
			clock,
			table: this.#table,
			readRules: async () => readQueueRules({
				store, clock, tasks: this.#table.unfinished, keysHeld: this.#keys.held,
			}),
			carryOut: async (task, work) => this.#carryOut(task, work),
			onEnded: task => {
				this.#notifier.notify(task);
				this.#digests.renewSometimes();
			},
			record: async (task, outcome) => recordTask(options, task, outcome),
			afterBackup: async ({accountUuid}) => this.#rotate(accountUuid),
			onBroken,
			onIdle: () => {
				this.#wakeUp();
			},
		});
		this.#server = createRunnerServer({
			stateDirectory: store.directory,
			publisher: this.#publisher,
			wake: async accounts => this.#wake(accounts),
			abort: task => this.#lanes.abort(task),
			giveKeys: (task, keys) => this.#giveKeys(task, keys),
			onDisconnected: () => {
				this.#wakeUp();
			},
		});
	}

	async #workUntilOver(): Promise<void> {
		while (await this.#rest() === 'work') {
			// A task was queued while nothing was done: it is being done now.
		}
	}

	/** Waits until all is done and nobody is about to ask for more. */
	async #rest(): Promise<Rest> {
		await this.#until(() => this.#lanes.isIdle);
		const run = this.#run;
		this.#run = {accounts: new Set(), destinations: new Set()};
		await finishRun(run, {...this.#options, digests: this.#digests});
		await this.#notifier.settle();
		await this.#linger();

		return this.#isResting && await this.#isOver() ? 'over' : 'work';
	}

	/** Nothing is being done, and nothing has been done since the last run was finished. */
	get #isResting(): boolean {
		return this.#lanes.isIdle && this.#run.accounts.size === 0;
	}

	async #linger(): Promise<void> {
		const {isDaemon, isCallerExpected, signal} = this.#options;
		// A timer may come a moment before another clock says so.
		let isPatient = true;
		const timer = setTimeout(() => {
			isPatient = false;
			this.#wakeUp();
		}, lingerMs);
		const isWatched = (): boolean => this.#server.connectionCount > 0 || (isCallerExpected && !this.#server.wasCalled);
		const isStaying = (): boolean => isDaemon || (isWatched() && isPatient);

		await this.#until(() => signal.aborted || this.#run.accounts.size > 0 || (this.#lanes.isIdle && !isStaying()));
		clearTimeout(timer);
	}

	/**
	Nothing may be queued between the last look at the state and the end: first nobody can hand over any more, then the state is read once more. Whoever
	queued a task after that finds no runner, or gets no answer, and starts the next one, which waits for the lock.
	*/
	async #isOver(): Promise<boolean> {
		if (this.#options.signal.aborted) {
			return true;
		}

		this.#server.pause();
		this.#table.put(await readIntactTasks(this.#options.store, this.#options.log));
		// What waits for a key waits in the state, for whoever gives it.
		this.#isEnding = this.#table.unfinished.every(task => isKeyMissing(task, this.#keys.held));

		if (!this.#isEnding) {
			await this.#server.listen();
			void this.#lanes.fill();
		}

		return this.#isEnding;
	}

	async #until(isMet: () => boolean): Promise<void> {
		while (!isMet()) {
			await new Promise<void>(resolve => {
				this.#wakeUp = resolve;
			});
		}
	}

	/** Looks for work of these accounts; false when it is too late. */
	async #wake(accounts: readonly string[]): Promise<boolean> {
		try {
			await this.#load(accounts);
		} catch (error) {
			this.#broken.reject(error);
			return false;
		}

		return !this.#isEnding && !this.#options.signal.aborted;
	}

	/** False when it is too late. */
	#giveKeys(task: string, keys: readonly OwnerKey[]): boolean {
		if (this.#isEnding || this.#options.signal.aborted) {
			return false;
		}

		if (this.#table.unfinished.some(({id}) => id === task)) {
			this.#keys.give(task, keys);
			this.#publisher.changed('tasks');
			void this.#lanes.fill();
		}

		return true;
	}

	async #load(accounts?: readonly string[]): Promise<void> {
		const tasks = await readIntactTasks(this.#options.store, this.#options.log, accounts);

		// Too late, they are the next runner's.
		if (this.#isEnding) {
			return;
		}

		const waited = new Set(this.#table.unfinished.filter(({state}) => state === 'pending').map(({id}) => id));
		this.#table.put(tasks);

		// Whoever aborts what waits ends it in the state.
		for (const task of tasks) {
			if (task.state === 'aborted' && waited.has(task.id)) {
				this.#notifier.notify(task);
			}
		}

		void this.#lanes.fill();
	}

	async #views(): Promise<readonly TaskView[]> {
		const tasks = this.#table.all;
		const {store, clock} = this.#options;

		return viewTasks({
			tasks, rules: await readQueueRules({
				store, clock, tasks, keysHeld: this.#keys.held,
			}), progress: this.#table.progress,
		});
	}

	async #carryOut(task: Task, work: TaskWork): Promise<TaskOutcome> {
		const {store, clock, log} = this.#options;
		const outcome = await runTask(task, {
			...work,
			store,
			clock,
			ownerKeys: this.#keys.of(task.id),
			engine: () => this.#engine.get(),
			onBug: error => {
				log(`Task ${task.id} met a bug: ${(error as Error).stack ?? String(error)}`);
				this.#engine.distrust();
			},
		});

		log(`${task.kind} of ${toScreen(task.account ?? 'all')} (task ${task.id}): ${outcome.state}${outcome.error === null ? '' : `: ${outcome.error.message}`}`);

		this.#run.accounts.add(taskKeyOf(task));

		if (outcome.made !== null) {
			this.#run.destinations.add(outcome.made.destination);
		}

		return outcome;
	}

	/** What is wrong with a rotation is wrong with no backup. */
	async #rotate(accountUuid: string): Promise<void> {
		const {log} = this.#options;

		try {
			// That the clock is not believed is said by each cleanup, not after each backup.
			for (const {message} of describeApplied({...await applyRetention(this.#options, accountUuid), jump: undefined})) {
				log(`Rotation: ${message}.`);
			}
		} catch (error) {
			log(`The rotation failed: ${(error as Error).stack ?? String(error)}`);
		}
	}

	/** Only the daemon does. */
	async #followClock(): Promise<void> {
		const {isDaemon, store, clock, log, signal} = this.#options;

		if (!isDaemon) {
			return;
		}

		await followClock({
			scheduler: new Scheduler({
				store, clock, log, unfinished: () => this.#table.unfinished,
			}),
			clock,
			signal,
			onQueued: async keys => this.#load(keys),
			whenChanged: async () => {
				this.#tasksChanged = Promise.withResolvers<void>();

				return this.#tasksChanged.promise;
			},
		});
	}

	/** Also what was left behind by a runner that died has ended for whoever waits for a mail. */
	tellEnded(task: Task): void {
		this.#notifier.notify(task);
	}

	/**
	Ends when there is nothing to do, or when told to.
	@param onReady Called when it can be reached.
	@throws what makes the state unusable.
	*/
	async serve(onReady?: () => void): Promise<void> {
		const {signal} = this.#options;
		let impatience: NodeJS.Timeout | undefined;
		const stop = (): void => {
			impatience = setTimeout(() => {
				this.#broken.reject(new Error(`What runs did not stop within ${stopPatienceMs / 1000} s.`));
			}, stopPatienceMs);
			this.#lanes.stop();
			this.#wakeUp();
		};

		signal.addEventListener('abort', stop, {once: true});

		try {
			// Whoever sees a task run can reach its runner.
			await this.#server.listen();
			await this.#load();
			onReady?.();

			if (this.#options.isDaemon) {
				void this.#digests.renew();
			}

			await Promise.race([Promise.all([this.#workUntilOver(), this.#followClock()]), this.#broken.promise]);
		} finally {
			clearTimeout(impatience);
			signal.removeEventListener('abort', stop);
			this.#server.pause();
			this.#server.disconnect();
			await this.#engine.close();
		}
	}
}
