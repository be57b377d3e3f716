import type {Task, TaskError} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {LeftError} from '../items/databases/with-ending.ts';
import type {StopReason} from './lanes.ts';
import {emptyOutcome, type TaskOutcome} from './task-outcome.ts';
import {runAssign} from './tasks/assign.ts';
import {runBackup} from './tasks/backup.ts';
import {runCleanup} from './tasks/cleanup.ts';
import {runDownload} from './tasks/download.ts';
import {runImport} from './tasks/import.ts';
import {runReset} from './tasks/reset-key.ts';
import {runRestore} from './tasks/restore.ts';
import {runRollback} from './tasks/rollback.ts';
import type {TaskOf, TaskTools} from './tasks/task-tools.ts';
import {runVerify} from './tasks/verify.ts';

export type RunTaskOptions = TaskTools & {
	/** Told of a failure that only a bug explains. */
	readonly onBug: (error: unknown) => void;
};

/** Carries out one task of whichever kind. What goes wrong is its outcome. */
export const runTask = async (task: Task, options: RunTaskOptions): Promise<TaskOutcome> => {
	try {
		return await dispatch(task, options);
	} catch (error) {
		if (options.signal.aborted) {
			return stopped(options.signal.reason as StopReason, task, error instanceof LeftError ? ` ${error.left}` : '');
		}

		if (!(error instanceof UserError)) {
			options.onBug(error);
		}

		return {...emptyOutcome, state: 'failed', error: toTaskError(error)};
	}
};

const dispatch = async (task: Task, options: RunTaskOptions): Promise<TaskOutcome> => {
	switch (task.request.kind) {
		case 'backup': {
			return task.request.package === undefined ? runBackup(task as TaskOf<'backup'>, options) : runImport(task as TaskOf<'backup'>, options);
		}

		case 'restore': {
			return runRestore(task as TaskOf<'restore'>, options);
		}

		case 'download': {
			return runDownload(task as TaskOf<'download'>, options);
		}

		case 'rollback': {
			return runRollback(task as TaskOf<'rollback'>, options);
		}

		case 'verify': {
			return runVerify(task as TaskOf<'verify'>, options);
		}

		case 'cleanup': {
			return task.request.resetKeys === undefined ? runCleanup(task as TaskOf<'cleanup'>, options) : runReset(task as TaskOf<'cleanup'>, options);
		}

		case 'assign': {
			return runAssign(task as TaskOf<'assign'>, options);
		}
	}
};

const stopped = (reason: StopReason, {id, kind}: Task, left: string): TaskOutcome => ({
	...emptyOutcome,
	state: reason,
	error: {
		code: 'interrupted',
		message: `${reason === 'aborted' ? `The ${kind} was aborted.` : `The ${kind} was interrupted: the runner was told to end.`}${left}`,
		hint: `Run it again with "holdfast queue retry ${id}".`,
	},
});

const toTaskError = (error: unknown): TaskError => error instanceof UserError
	? {code: error.code, message: error.message, hint: error.hint ?? null}
	: {code: 'failed', message: `It failed unexpectedly: ${(error as Error).message}.`, hint: 'The runner\'s log in the state directory says more.'};
