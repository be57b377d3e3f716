import {isUnfinished} from './task-state.ts';
import type {Task} from './task.ts';

/** Whether the tasks of an account are worth a look. */
export type TaskDigest = {
	readonly hasUnfinished: boolean;
	/** One failed, was partial or was interrupted. */
	readonly hasTrouble: boolean;
	/** When the last one ended. */
	readonly lastEndedAt: string | null;
};

const troubles: ReadonlySet<Task['state']> = new Set(['failed', 'partial', 'interrupted']);

export const digestTasks = (tasks: readonly Task[]): TaskDigest => ({
	hasUnfinished: tasks.some(({state}) => isUnfinished(state)),
	hasTrouble: tasks.some(({state}) => troubles.has(state)),
	lastEndedAt: tasks.flatMap(({endedAt}) => endedAt ?? []).toSorted().at(-1) ?? null,
});
