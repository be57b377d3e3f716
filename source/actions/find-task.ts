import {matchIdentifiers} from '../domain/identifier.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {readTasks} from '../runner/task-records.ts';
import type {Store} from '../state/store.ts';
import type {Context} from './context.ts';
import {seenTasks} from './seen-tasks.ts';

/** Every task the state remembers, the archive of former months too. One that was run again is there as it is now. */
export const readAllTasks = async (store: Store): Promise<readonly Task[]> => {
	const [archived, current] = await Promise.all([readArchive(store), readTasks(store)]);

	return [...new Map([...archived, ...current].map(task => [task.id, task]))].map(([, task]) => task);
};

/**
The task that an id or its beginning means.
@throws UserError `notFound`, or `usage` listing the tasks when there are several.
*/
export const findTask = async (context: Context, text: string): Promise<Task> => {
	const {store} = context;
	const current = await seenTasks(context, await readTasks(store));
	const exact = current.find(({id}) => id === text);

	if (exact !== undefined) {
		return exact;
	}

	const tasks = await seenTasks(context, await readAllTasks(store));
	const [id, ...others] = matchIdentifiers(tasks.map(task => task.id), text);

	if (id === undefined) {
		throw new UserError(`There is no task "${text}".`, {code: 'notFound', hint: 'See all with "holdfast queue list --all"; an id may be cut to its first 6 characters.'});
	}

	if (others.length > 0) {
		throw new UserError(`Several tasks begin with "${text}".`, {code: 'usage', hint: `Type more of the one you mean: ${[id, ...others].join(', ')}.`});
	}

	return tasks.find(task => task.id === id)!;
};

const readArchive = async (store: Store): Promise<readonly Task[]> => {
	const months = await store.keys('finished-tasks');
	const lists = await Promise.all(months.toSorted().map(async month => store.read('finished-tasks', month)));

	return lists.flatMap(({tasks}) => tasks);
};
