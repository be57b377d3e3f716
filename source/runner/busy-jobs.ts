import {isUnfinished} from '../domain/task-state.ts';
import type {Task} from '../domain/task.ts';

/** Names of the jobs of which runs, by a schedule or by hand, are not over. */
export const findBusyJobs = (tasks: readonly Task[]): ReadonlySet<string> => new Set(tasks.flatMap(({state, request}) =>
	isUnfinished(state) && request.kind === 'backup' && (request.backupKind === 'scheduled' || request.backupKind === 'manual') ? request.job ?? [] : []));
