import {matchIdentifiers} from '../domain/identifier.ts';
import {compareText} from '../domain/queue.ts';
import {hasTaskLike} from '../domain/task-digest.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {readIntactTaskDigests, readTasks, readTasksWhere} from '../runner/task-records.ts';
import type {Store} from '../state/store.ts';
import {onceEach, readArchivedTasks} from './archived-tasks.ts';
import type {Context} from './context.ts';
import {seenTasks} from './seen-tasks.ts';

/** Every task the state remembers, the archive of former days too. One that was run again is there as it is now. */
export const readAllTasks = async (store: Store): Promise<readonly Task[]> => {
	const current = await readTasks(store);

	return onceEach([...await readArchivedTasks(store), ...current]);
};

/** All unfinished tasks, and the newest of those that ended, by what is known of them: the files of thousands of accounts are not read. */
export const readNewestTasks = async (store: Store, mostFinished: number): Promise<readonly Task[]> => {
	const digests = await readIntactTaskDigests(store);
	const days = await store.keys('finished-tasks');
	const archived: Array<readonly Task[]> = [];
	let ends = newestOf(digests.values().flatMap(digest => digest.ends), mostFinished);

	for (const day of days.toSorted().toReversed()) {
		if (ends.length === mostFinished && day < ends.at(-1)!.slice(0, day.length)) {
			break;
		}

		const {tasks} = await store.read('finished-tasks', day);
		archived.unshift(tasks);
		ends = newestOf([...ends, ...tasks.flatMap(({endedAt}) => endedAt ?? [])], mostFinished);
	}

	const since = ends.length < mostFinished ? '' : ends.at(-1)!;
	const current = await readTasks(store, [...digests].filter(([, digest]) => digest.hasUnfinished || (digest.ends[0] ?? '') >= since).map(([key]) => key));
	const tasks = onceEach([...archived.flat(), ...current]);
	const ended = tasks.filter(({state, endedAt}) => !isUnfinished(state) && (endedAt ?? '') >= since).toSorted((one, other) => compareText(other.endedAt ?? '', one.endedAt ?? ''));

	return [...tasks.filter(({state}) => isUnfinished(state)), ...ended.slice(0, mostFinished)];
};

const newestOf = (ends: Iterable<string>, most: number): readonly string[] => [...ends].toSorted().toReversed().slice(0, most);

/**
The task that an id or its beginning means.
@throws UserError `notFound`, or `usage` listing the tasks when there are several.
*/
export const findTask = async (context: Context, text: string): Promise<Task> => {
	const {store} = context;
	const current = await seenTasks(context, await readTasksWhere(store, digest => hasTaskLike(digest, text)));
	const exact = current.find(({id}) => id === text);

	if (exact !== undefined) {
		return exact;
	}

	const archived = await seenTasks(context, await readArchivedTasks(store, {isWanted: ({id}) => id.startsWith(text)}));
	const tasks = [...archived, ...current];
	const [id, ...others] = matchIdentifiers(tasks.map(task => task.id), text);

	if (id === undefined) {
		throw new UserError(`There is no task "${text}".`, {code: 'notFound', hint: 'See all with "holdfast queue list --all"; an id may be cut to its first 6 characters.'});
	}

	if (others.length > 0) {
		throw new UserError(`Several tasks begin with "${text}".`, {code: 'usage', hint: `Type more of the one you mean: ${[id, ...others].join(', ')}.`});
	}

	// Of one that was run again the newest.
	return tasks.findLast(task => task.id === id)!;
};
