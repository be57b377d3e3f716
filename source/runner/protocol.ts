import type {TaskView} from '../domain/task-view.ts';
import type {OwnerKey} from './owner-keys.ts';

/** What is said on the runner's socket: one JSON document a line, in both directions. */
export type RunnerRequest =
	/** Tell every change of a task from now on, beginning with all there are. */
	| {readonly type: 'watch'}
	/** Tasks of these accounts were queued or changed in the state. */
	| {readonly type: 'wake'; readonly accounts: readonly string[]}
	| {readonly type: 'abort'; readonly task: string}
	/** Private keys of owners for a task, which are held in memory until it ends. */
	| {readonly type: 'giveKeys'; readonly task: string; readonly keys: readonly OwnerKey[]};

export type RunnerReply =
	/** All tasks that are not finished and the newest that are; then, whenever something changes, those that changed. */
	| {readonly type: 'tasks'; readonly isWhole: boolean; readonly tasks: readonly TaskView[]}
	/** The state was read: the tasks saved before the request will not be left behind. Replies to `wake`, in order. */
	| {readonly type: 'awake'}
	/** The keys are there. Replies to `giveKeys`, in order. */
	| {readonly type: 'keysTaken'}
	/** Replies to `abort`, in order: whether the task was running and is being stopped. */
	| {readonly type: 'aborting'; readonly isRunning: boolean};
