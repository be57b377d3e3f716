import type {Task} from '../domain/task.ts';
import {handOver} from '../runner/hand-over.ts';
import type {Context} from './context.ts';
import {findTask} from './find-task.ts';
import {accountsOf} from './queue-tasks.ts';

/** As `findTask`. Where the runner of a task died, the next one, started by this, ends the task. */
export const findEndedTask = async (context: Context, id: string): Promise<Task> => {
	const {store} = context;
	const task = await findTask(context, id);

	if (task.state !== 'running' || store.isReadOnly) {
		return task;
	}

	const connection = await handOver(store.directory, accountsOf([task]));
	connection.close();

	return findTask(context, task.id);
};
