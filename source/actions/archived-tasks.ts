import type {Task} from '../domain/task.ts';
import type {Store} from '../state/store.ts';

export type ArchiveOptions = {
	/** What ended on days before this time is left out. */
	readonly since?: string;
	readonly isWanted?: (task: Task) => boolean;
};

/** Tasks that moved on to the archive, those of older days first. To be read after those at hand: what moves meanwhile is in both then, and not in neither. */
export const readArchivedTasks = async (store: Store, {since = '', isWanted = () => true}: ArchiveOptions = {}): Promise<readonly Task[]> => {
	const days = await store.keys('finished-tasks');
	const found: Task[] = [];

	for (const day of days.filter(each => each >= since.slice(0, each.length)).toSorted()) {
		const {tasks} = await store.read('finished-tasks', day);
		found.push(...tasks.filter(task => isWanted(task)));
	}

	return found;
};

/** Each task once, as the last of the list has it. */
export const onceEach = (tasks: readonly Task[]): readonly Task[] => new Map(tasks.map(task => [task.id, task])).values().toArray();
