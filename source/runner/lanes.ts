import type {Backup} from '../domain/backup.ts';
import {takeNext, type QueuedTask} from '../domain/queue.ts';
import {toQueuedTask, type QueueRules} from '../domain/task-view.ts';
import type {Task, TaskProgress} from '../domain/task.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import {newIdentifier} from '../system/new-identifier.ts';
import {endTask, type TaskOutcome} from './task-outcome.ts';
import {changeTask, saveBackup} from './task-records.ts';
import type {TaskTable} from './task-table.ts';

/** Why a running task is stopped: an operator aborted it, or the runner itself has to end. */
export type StopReason = 'aborted' | 'interrupted';

export type TaskWork = {
	readonly signal: AbortSignal;
	readonly onProgress: (progress: TaskProgress) => void;
};

export type LanesOptions = {
	readonly store: Store;
	readonly clock: Clock;
	readonly table: TaskTable;
	readonly readRules: () => Promise<QueueRules>;
	/** Never rejects for what can go wrong with a task: that is its outcome. */
	readonly carryOut: (task: Task, work: TaskWork) => Promise<TaskOutcome>;
	/** A task has ended, and its result is saved. */
	readonly onEnded: (task: Task) => void;
	/** Writes down what was done before it is reported done. */
	readonly record: (task: Task, outcome: TaskOutcome) => Promise<void>;
	/** What follows from a backup that was just recorded. */
	readonly afterBackup: (made: Backup) => Promise<void>;
	/** The state cannot be read or written any more: the runner has to end. */
	readonly onBroken: (error: unknown) => void;
	/** Nothing waits and nothing runs. */
	readonly onIdle: () => void;
};

type Running = {readonly queued: QueuedTask; readonly controller: AbortController};

/** Takes waiting tasks as lanes become free and carries them out. While one result is being saved, the next task already works. */
export class Lanes {
	readonly #options: LanesOptions;
	readonly #running = new Map<string, Running>();
	readonly #ending = new Map<string, QueuedTask>();
	#isFilling = false;
	#isToFillAgain = false;
	#isStopping = false;

	constructor(options: LanesOptions) {
		this.#options = options;
	}

	async #takeAll(): Promise<void> {
		while (!this.#isStopping) {
			const rules = await this.#options.readRules();
			const next = this.#next(rules);

			if (next === undefined) {
				return;
			}

			await this.#start(next);
		}
	}

	#next(rules: QueueRules): QueuedTask | undefined {
		const waiting = this.#options.table.unfinished.filter(({state, id}) => state === 'pending' && !this.#running.has(id));

		return takeNext({
			waiting: waiting.map(task => toQueuedTask(task, rules)),
			running: Array.from(this.#running.values(), ({queued}) => queued),
			ending: [...this.#ending].map(([, queued]) => queued),
			lanes: rules.lanes,
		});
	}

	async #start(queued: QueuedTask): Promise<void> {
		const controller = new AbortController();
		const task = startTask(this.#options.table.get(queued.id)!, queued.priority, this.#options.clock.now().toISOString());
		this.#running.set(queued.id, {queued, controller});
		const saved = this.#saveStart(task);

		// A backup changes nothing that is live, so it need not wait until the disk has taken in that it runs.
		if (task.kind === 'backup' || await saved) {
			void this.#run(task, {queued, controller, saved});
		} else {
			this.#running.delete(queued.id);
		}
	}

	/** False when somebody else aborted the task before its turn came. */
	async #saveStart(task: Task): Promise<boolean> {
		const {store, table} = this.#options;
		let current: Task | undefined;

		const started = await changeTask(store, task, saved => {
			current = saved;

			return saved.state === 'pending' ? task : undefined;
		});

		table.put(started ?? current ? [started ?? current!] : []);

		return started !== undefined;
	}

	async #run(task: Task, {queued, controller, saved}: Running & {readonly saved: Promise<boolean>}): Promise<void> {
		const {table, carryOut, onBroken} = this.#options;

		try {
			const work = carryOut(task, {
				signal: controller.signal,
				onProgress(progress) {
					table.setProgress(task.id, progress);
				},
			});

			if (!await saved) {
				controller.abort('aborted' satisfies StopReason);
			}

			const outcome = await work;
			this.#ending.set(task.id, queued);
			this.#running.delete(task.id);
			void this.fill();
			await this.#saveEnd(task, outcome, await saved);
			this.#ending.delete(task.id);
		} catch (error) {
			onBroken(error);
			return;
		}

		await this.fill();
	}

	async #saveEnd(task: Task, outcome: TaskOutcome, isTaken: boolean): Promise<void> {
		const {store, clock, table, afterBackup, onEnded, record} = this.#options;

		if (outcome.made !== null) {
			await saveBackup(store, outcome.made);
			await afterBackup(outcome.made);
		}

		await record(task, outcome);
		const ended = isTaken ? await changeTask(store, task, saved => endTask(saved, outcome, clock.now().toISOString())) : undefined;

		if (ended === undefined) {
			return;
		}

		table.put([ended]);
		onEnded(ended);
	}

	get isIdle(): boolean {
		return !this.#isFilling && this.#running.size === 0 && this.#ending.size === 0;
	}

	/** Looks for work; call it whenever the table has new tasks. */
	async fill(): Promise<void> {
		if (this.#isFilling) {
			this.#isToFillAgain = true;
			return;
		}

		this.#isFilling = true;

		try {
			do {
				this.#isToFillAgain = false;
				await this.#takeAll();
			} while (this.#isToFillAgain);
		} catch (error) {
			this.#options.onBroken(error);
		} finally {
			this.#isFilling = false;
		}

		if (this.isIdle) {
			this.#options.onIdle();
		}
	}

	/** Stops a running task, which ends as soon as its work has noticed; false when it does not run. */
	abort(id: string): boolean {
		const running = this.#running.get(id);
		running?.controller.abort('aborted' satisfies StopReason);

		return running !== undefined;
	}

	/** Stops what runs and takes nothing more; `onIdle` is called when all is saved. */
	stop(): void {
		this.#isStopping = true;

		for (const {controller} of this.#running.values()) {
			controller.abort('interrupted' satisfies StopReason);
		}

		void this.fill();
	}
}

/** The id of a backup or download is known before it exists: if this process dies after it was finished, the next runner finds it by this id. */
const startTask = (task: Task, priority: number, startedAt: string): Task => ({
	...task,
	state: 'running',
	priority,
	startedAt,
	backup: task.kind === 'backup' ? newIdentifier() : task.backup,
	download: task.kind === 'download' ? newIdentifier() : task.download,
});
