import type {Context} from '../actions/context.ts';
import {abortTasks} from '../actions/tasks.ts';
import {waitForTasks} from '../actions/wait-for-tasks.ts';
import {codeOfTasks} from '../domain/task-state.ts';
import type {TaskView} from '../domain/task-view.ts';
import type {Task} from '../domain/task.ts';
import {exitCodes} from '../errors.ts';
import type {Output} from './output.ts';
import {createProgress} from './progress.ts';

export type Follower = {
	readonly context: Context;
	readonly output: Output;
	readonly interruption: () => AbortSignal;
};

/**
Waits for tasks with their progress on standard error. Ctrl-C asks them to stop, and says so; a terminal that is closed stops nothing.
@throws UserError `interrupted` when told to end in another way than by Ctrl-C.
*/
export const followTasks = async ({context, output, interruption}: Follower, tasks: ReadonlyArray<Pick<Task, 'id' | 'accountUuid'>>): Promise<readonly TaskView[]> => {
	const progress = createProgress(output);
	const leaving = new AbortController();
	const failed = Promise.withResolvers<never>();
	const signal = interruption();

	const onInterrupted = (): void => {
		progress.clear();

		if (signal.reason !== 'SIGINT') {
			leaving.abort();
			return;
		}

		output.note('Asking it to stop. Press Ctrl-C again to leave without waiting for that.');
		abortTasks(context, tasks).catch(failed.reject);
	};

	signal.addEventListener('abort', onInterrupted, {once: true});

	try {
		const waiting = waitForTasks(context, tasks, {
			signal: leaving.signal,
			onProgress(views) {
				progress.update(views);
			},
		});

		return await Promise.race([waiting, failed.promise]);
	} finally {
		progress.clear();
		signal.removeEventListener('abort', onInterrupted);
	}
};

/** The exit code that tasks end a command with. */
export const exitCodeOf = (tasks: readonly TaskView[]): number => {
	const code = codeOfTasks(tasks);

	return code === undefined ? 0 : exitCodes[code];
};
