import type {Task} from '../../domain/task.ts';
import type {Engine} from '../../engine/engine.ts';
import type {Store} from '../../state/store.ts';
import type {Clock} from '../../system/clock.ts';
import type {TaskWork} from '../lanes.ts';
import type {OwnerKeys} from '../owner-keys.ts';

/** What the file of a task kind is given. */
export type TaskTools = TaskWork & {
	readonly store: Store;
	readonly clock: Clock;
	/** Private keys that were given for this task. */
	readonly ownerKeys?: OwnerKeys | undefined;
	/** Started with the first task that needs it, and kept. */
	readonly engine: () => Engine;
};

/** A task whose request is of one kind. */
export type TaskOf<Kind extends Task['request']['kind']> = Task & {readonly request: Extract<Task['request'], {kind: Kind}>};
