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

/** What a finished task ends a command with; `undefined`: complete. */
export const codeOfTask = ({state, error}: Ended): ErrorCode | undefined => {
	if (state === 'aborted' || state === 'interrupted') {
		return 'interrupted';
	}

	if (state === 'completed') {
		return undefined;
	}

	const code = error !== null && isErrorCode(error.code) ? error.code : 'failed';

	// What came back in part is told as such, unless the rest is damaged or needs a key.
	return state === 'failed' || code === 'damaged' || code === 'key' ? code : 'partial';
};

/** Several tasks: complete if all are, failed if none is, else partial; interruption, keys and damage are said before that. */
export const codeOfTasks = (tasks: readonly Ended[]): ErrorCode | undefined => {
	const codes = tasks.map(task => codeOfTask(task));
	const first = (['interrupted', 'key', 'damaged'] as const).find(code => codes.includes(code));

	if (first !== undefined || codes.length === 1) {
		return first ?? codes[0];
	}

	if (codes.every(code => code === undefined)) {
		return undefined;
	}

	return tasks.some(({state}) => state === 'completed' || state === 'partial') ? 'partial' : 'failed';
};

type Ended = Pick<Task, 'state' | 'error'>;

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(exitCodes, code);
