import {isUnfinished} from '../domain/task-state.ts';
import type {Task, TaskProgress} from '../domain/task.ts';

/** How many finished tasks are still told to who begins to watch. */
const newestFinishedKept = 50;

export type TableChange = 'progress' | 'tasks';

/** The runner's own memory of the tasks it knows: what the state says of them, and how far they are, which the state never keeps. */
export class TaskTable {
	readonly #unfinished = new Map<string, Task>();
	readonly #finished = new Map<string, Task>();
	readonly #progress = new Map<string, TaskProgress>();
	readonly #onChange: (change: TableChange) => void;

	constructor(onChange: (change: TableChange) => void) {
		this.#onChange = onChange;
	}

	/** What ended before this runner began is none. A task that is run again has the later time queued. */
	#isNews(task: Task): boolean {
		const known = this.get(task.id);

		return known === undefined ? isUnfinished(task.state) : task.queuedAt > known.queuedAt || (task.queuedAt === known.queuedAt && stage(task) > stage(known));
	}

	#putOne(task: Task): void {
		this.#finished.delete(task.id);

		if (isUnfinished(task.state)) {
			this.#unfinished.set(task.id, task);
			return;
		}

		this.#unfinished.delete(task.id);
		this.#progress.delete(task.id);
		this.#finished.set(task.id, task);

		if (this.#finished.size > newestFinishedKept) {
			this.#finished.delete(this.#finished.keys().next().value!);
		}
	}

	get unfinished(): readonly Task[] {
		return [...this.#unfinished].map(([, task]) => task);
	}

	get all(): readonly Task[] {
		return [...this.#finished, ...this.#unfinished].map(([, task]) => task);
	}

	get progress(): ReadonlyMap<string, TaskProgress> {
		return this.#progress;
	}

	get(id: string): Task | undefined {
		return this.#unfinished.get(id) ?? this.#finished.get(id);
	}

	/** Takes in what is saved in the state; what was read before a later change was put here is passed over. */
	put(tasks: readonly Task[]): void {
		const news = tasks.filter(task => this.#isNews(task));

		for (const task of news) {
			this.#putOne(task);
		}

		if (news.length > 0) {
			this.#onChange('tasks');
		}
	}

	setProgress(id: string, progress: TaskProgress): void {
		if (!this.#unfinished.has(id)) {
			return;
		}

		this.#progress.set(id, progress);
		this.#onChange('progress');
	}
}

const stage = ({state}: Task): number => {
	if (state === 'pending') {
		return 0;
	}

	return state === 'running' ? 1 : 2;
};
