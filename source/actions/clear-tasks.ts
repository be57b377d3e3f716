import {isUnfinished} from '../domain/task-state.ts';
import type {TaskView} from '../domain/task-view.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {readAllTasks} from './find-task.ts';
import {abortTasks, showTasks} from './tasks.ts';
import {viewStored} from './view-stored.ts';

/**
Forgets the finished tasks, or, with `isPending`, takes what waits off the queue.
@returns the tasks as they were forgotten, or as they are.
*/
export const clearTasks = action('clearTasks', async (context: Context, {isPending}: {readonly isPending: boolean}): Promise<readonly TaskView[]> => {
	const tasks = await readAllTasks(context.store);

	if (isPending) {
		const waiting = tasks.filter(({state}) => state === 'pending');
		await abortTasks(context, waiting);

		return showTasks(context, waiting);
	}

	const finished = tasks.filter(({state}) => !isUnfinished(state));
	const ids = new Set(finished.map(({id}) => id));
	const isKept = ({id, state}: {readonly id: string; readonly state: TaskView['state']}): boolean => isUnfinished(state) || !ids.has(id);

	for (const name of ['tasks', 'finished-tasks'] as const) {
		for (const key of await context.store.keys(name)) {
			await context.store.update(name, key, draft => {
				draft.tasks = draft.tasks.filter(task => isKept(task));
			});
		}
	}

	return viewStored(context, finished);
});
