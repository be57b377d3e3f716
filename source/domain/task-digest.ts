import {isUnfinished} from './task-state.ts';
import type {Task} from './task.ts';

/** Whether the tasks of an account are worth a look. */
export type TaskDigest = {
	/** With blanks between them. */
	readonly ids: string;
	readonly hasUnfinished: boolean;
	/** One failed, was partial or was interrupted. */
	readonly hasTrouble: boolean;
	/** When each finished one ended, the newest first. */
	readonly ends: readonly string[];
};

const troubles: ReadonlySet<Task['state']> = new Set(['failed', 'partial', 'interrupted']);

export const digestTasks = (tasks: readonly Task[]): TaskDigest => ({
	ids: tasks.map(({id}) => id).join(' '),
	hasUnfinished: tasks.some(({state}) => isUnfinished(state)),
	hasTrouble: tasks.some(({state}) => troubles.has(state)),
	ends: tasks.flatMap(({endedAt}) => endedAt ?? []).toSorted().toReversed(),
});

/** Whether one of them has an id that begins so. */
export const hasTaskLike = ({ids}: Pick<TaskDigest, 'ids'>, text: string): boolean => ids.startsWith(text) || ids.includes(` ${text}`);
