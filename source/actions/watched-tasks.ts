import {isUnfinished} from '../domain/task-state.ts';
import type {TaskView} from '../domain/task-view.ts';
import {taskKeyOf} from '../domain/task.ts';

const pauseMs = 250;
const mostEnded = 100;

/** The tasks that somebody watches: the unfinished ones, and those that ended meanwhile. Tells at most four times a second that they changed. */
export class WatchedTasks {
	readonly #onChange: (tasks: readonly TaskView[]) => void;
	#tasks = new Map<string, TaskView>();
	#timer: NodeJS.Timeout | undefined;
	#isTold = true;

	/** What a runner says: everything it knows at first, then what changed. */
	readonly update = (tasks: readonly TaskView[], isWhole: boolean): void => {
		if (isWhole) {
			this.replace(tasks);
			return;
		}

		for (const task of tasks) {
			this.#tasks.set(task.id, task);
		}

		this.#forgetOldest();
		this.#tell();
	};

	constructor(onChange: (tasks: readonly TaskView[]) => void) {
		this.#onChange = onChange;
	}

	#tell(): void {
		this.#isTold = this.#timer === undefined;

		if (!this.#isTold) {
			return;
		}

		this.#onChange([...this.#tasks].map(([, task]) => task));
		this.#timer = setTimeout(() => {
			this.#timer = undefined;

			if (!this.#isTold) {
				this.#tell();
			}
		}, pauseMs);
	}

	#forgetOldest(): void {
		const ended = [...this.#tasks].filter(([, {state}]) => !isUnfinished(state));

		for (const [id] of ended.slice(0, -mostEnded)) {
			this.#tasks.delete(id);
		}
	}

	/** What is known of all tasks now: of the finished ones only those that were watched before stay. */
	replace(tasks: readonly TaskView[]): void {
		const watched = tasks.filter(({id, state}) => isUnfinished(state) || this.#tasks.has(id));
		const ended = [...this.#tasks].filter(([, {state}]) => !isUnfinished(state));

		this.#tasks = new Map([...ended, ...watched.map(task => [task.id, task] as const)]);
		this.#tell();
	}

	/** Where the state keeps those that are known. */
	get keys(): readonly string[] {
		return [...new Set(this.#tasks.values().map(task => taskKeyOf(task)))];
	}

	stop(): void {
		clearTimeout(this.#timer);
	}
}
