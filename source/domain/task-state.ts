import {exitCodes, type ErrorCode} from '../errors.ts';
import type {ItemResult, ItemStatus} from './item.ts';
import type {Task, TaskState} from './task.ts';

export const isUnfinished = (state: TaskState): boolean => state === 'pending' || state === 'running';

const repeatableStates: ReadonlySet<TaskState> = new Set(['failed', 'partial', 'aborted', 'interrupted']);

/** Completed work is not done twice under one name. */
export const canRunAgain = (state: TaskState): boolean => repeatableStates.has(state);

const goodStatuses: ReadonlySet<ItemStatus> = new Set(['complete', 'absent', 'skipped']);

/** What a task has come to, computed from every item and part: never assumed. Nothing at all is a failure. */
export const decideTaskState = (items: readonly ItemResult[]): 'completed' | 'partial' | 'failed' => {
	const statuses = items.flatMap(({status, parts}) => [status, ...parts.map(part => part.status)]);

	if (statuses.length > 0 && statuses.every(status => goodStatuses.has(status))) {
		return 'completed';
	}

	return statuses.some(status => status === 'complete' || status === 'partial') ? 'partial' : 'failed';
};

/** The public exit code of one finished task. */
export const exitCodeOfTask = ({state, error}: Pick<Task, 'state' | 'error'>): number => {
	if (state === 'aborted' || state === 'interrupted') {
		return exitCodes.interrupted;
	}

	if (state === 'completed') {
		return 0;
	}

	const code = error === null ? undefined : exitCodeOf(error.code);

	// What came back in part is told as such, unless the rest is damaged or needs a key.
	return state === 'failed' ? code ?? exitCodes.failed : [exitCodes.key, exitCodes.damaged].find(known => known === code) ?? exitCodes.partial;
};

/** Several tasks: 0 all, 1 none, else 3; interruption, keys and damage are said before that. */
export const exitCodeOfTasks = (tasks: ReadonlyArray<Pick<Task, 'state' | 'error'>>): number => {
	const codes = tasks.map(task => exitCodeOfTask(task));
	const first = [exitCodes.interrupted, exitCodes.key, exitCodes.damaged].find(code => codes.includes(code));

	if (first !== undefined || codes.length === 1) {
		return first ?? codes[0]!;
	}

	if (codes.every(code => code === 0)) {
		return 0;
	}

	return tasks.some(({state}) => state === 'completed' || state === 'partial') ? exitCodes.partial : exitCodes.failed;
};

const exitCodeOf = (code: string): number | undefined => Object.hasOwn(exitCodes, code) ? exitCodes[code as ErrorCode] : undefined;
