import {isUnfinished} from '../domain/task-state.ts';
import type {TaskView} from '../domain/task-view.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {handOver} from '../runner/hand-over.ts';
import {connectRunner, type RunnerConnection} from '../runner/runner-client.ts';
import {readTasks} from '../runner/task-records.ts';
import {whenAborted} from '../system/when-aborted.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {keysForTasks} from './owner-keys.ts';
import {accountsOf} from './queue-tasks.ts';
import {requireSeen, tellSeen, viewSeenTasks} from './seen-tasks.ts';
import {showTask} from './tasks.ts';
import {viewStored} from './view-stored.ts';

export type WaitOptions = {
	/** Called with all tasks that are waited for, whenever one changes. */
	readonly onProgress?: ((tasks: readonly TaskView[]) => void) | undefined;
	/** Ends the waiting, not the tasks. */
	readonly signal?: AbortSignal | undefined;
};

/**
Waits until the tasks have ended. Where their runner dies another one is started, which ends or carries them out.
@returns them as they ended, in the order given.
@throws UserError `interrupted` when the waiting was aborted.
*/
export const waitForTasks = action('waitForTasks', async (context: Context, tasks: ReadonlyArray<Pick<Task, 'id' | 'accountUuid'>>, options: WaitOptions = {}): Promise<readonly TaskView[]> => {
	await requireSeen(context, tasks);
	const waiting = new Waiting(tasks, options.onProgress && tellSeen(context, {
		tell: options.onProgress,
		onError() {
			// What is told at the end asks the same, and throws it.
		},
	}));

	while (!waiting.isOver) {
		await waitOnce(context, waiting, options.signal);

		if (options.signal?.aborted) {
			throw new UserError('The waiting was interrupted; the task goes on.', {code: 'interrupted', hint: 'Watch it with "holdfast queue watch".'});
		}
	}

	return viewSeenTasks(context, waiting.views);
});

/** As `waitForTasks`, for one task by its id or the beginning of it. */
export const waitForTask = action('waitForTask', async (context: Context, id: string, {onProgress, signal}: {readonly onProgress?: (task: TaskView) => void; readonly signal?: AbortSignal} = {}): Promise<TaskView> => {
	const task = await showTask(context, id);
	const [ended] = isUnfinished(task.state)
		? await waitForTasks(context, [task], {
			signal,
			onProgress([view]) {
				onProgress?.(view!);
			},
		})
		: [task];

	return ended!;
});

/** Until all have ended or the runner has. */
const waitOnce = async (context: Context, waiting: Waiting, signal: AbortSignal | undefined): Promise<void> => {
	await updateFromState(context, waiting);

	if (waiting.isOver) {
		return;
	}

	const connection = await reach(context, waiting);
	connection.watch(views => {
		waiting.update(views);
	});

	try {
		// Once more: what ended in between, before this runner began, is told by the state alone.
		await updateFromState(context, waiting);
		await Promise.race([connection.closed, waiting.over, ...(signal === undefined ? [] : [whenAborted(signal)])]);
	} finally {
		connection.close();
	}
};

const updateFromState = async (context: Context, waiting: Waiting): Promise<void> => {
	const stored = await readTasks(context.store, waiting.accounts);
	const ended = stored.filter(({id, state}) => waiting.has(id) && !isUnfinished(state));
	waiting.update(await viewStored(context, ended));
};

/** Where the runner is another one than had the private keys of owners, it gets them again. */
const reach = async (context: Context, waiting: Waiting): Promise<RunnerConnection> => {
	const {store} = context;
	const {accounts} = waiting;

	if (!store.isReadOnly) {
		const stored = await readTasks(store, accounts);

		return handOver(store.directory, accounts, {keys: keysForTasks(context, stored.filter(({id, state}) => waiting.has(id) && isUnfinished(state)))});
	}

	const connection = await connectRunner(store.directory);

	if (connection === undefined) {
		throw new UserError('No runner works, and Holdfast was started read-only.', {code: 'refused', hint: 'Start it without --read-only.'});
	}

	return connection;
};

class Waiting {
	readonly #ids: readonly string[];
	readonly #views = new Map<string, TaskView>();
	readonly #onProgress: WaitOptions['onProgress'];
	#end: () => void = () => undefined;
	readonly accounts: readonly string[];
	readonly over: Promise<void>;

	constructor(tasks: ReadonlyArray<Pick<Task, 'id' | 'accountUuid'>>, onProgress: WaitOptions['onProgress']) {
		this.#ids = tasks.map(({id}) => id);
		this.#onProgress = onProgress;
		this.accounts = accountsOf(tasks);
		this.over = new Promise(resolve => {
			this.#end = resolve;
		});
	}

	get views(): readonly TaskView[] {
		return this.#ids.flatMap(id => this.#views.get(id) ?? []);
	}

	get isOver(): boolean {
		return this.#ids.every(id => {
			const view = this.#views.get(id);

			return view !== undefined && !isUnfinished(view.state);
		});
	}

	has(id: string): boolean {
		return this.#ids.includes(id);
	}

	update(views: readonly TaskView[]): void {
		const news = views.filter(({id}) => this.has(id));

		for (const view of news) {
			this.#views.set(view.id, view);
		}

		if (news.length > 0) {
			this.#onProgress?.(this.views);
		}

		if (this.isOver) {
			this.#end();
		}
	}
}
