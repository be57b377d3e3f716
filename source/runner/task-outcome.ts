import type {Backup} from '../domain/backup.ts';
import type {Finding, ItemResult} from '../domain/item.ts';
import type {RestoreSummary, StepTotal} from '../domain/restore.ts';
import type {Task, TaskError, TaskState} from '../domain/task.ts';

/** What carrying out a task came to. */
export type TaskOutcome = {
	readonly state: Exclude<TaskState, 'pending' | 'running'>;
	readonly items: readonly ItemResult[];
	/** The backup it made, to be recorded. */
	readonly made: Backup | null;
	/** The download it made, recorded already. */
	readonly download?: string | undefined;
	readonly summary: RestoreSummary | null;
	readonly findings: readonly Finding[];
	readonly error: TaskError | null;
	/** What a restore left out for want of rights: for the audit log alone. */
	readonly denied?: StepTotal | null;
};

export const emptyOutcome: Omit<TaskOutcome, 'state' | 'error'> = {
	items: [], made: null, summary: null, findings: [],
};

/** What becomes of a task whose process died. */
export const interruptedOutcome = ({id, kind, request, safetyBackup}: Pick<Task, 'id' | 'kind' | 'request' | 'safetyBackup'>): TaskOutcome => {
	// A home that was set aside is put back, and told of, by the next runner.
	const isLiveTouched = kind === 'rollback' || (request.kind === 'restore' && request.restore.isTerminating !== true);

	return {
		...emptyOutcome,
		state: 'interrupted',
		error: {
			code: 'interrupted',
			message: `The ${kind} was interrupted: the process that ran it died.${isLiveTouched ? ' What was written by then stays, the rest is as it was.' : ''}`,
			hint: `Run it again with "holdfast queue retry ${id}".${isLiveTouched && safetyBackup !== null ? ` "holdfast rollback ${id}" brings back what was live before.` : ''}`,
		},
	};
};

/** The task as it is remembered. A backup task names its backup only if there is one. */
export const endTask = (task: Task, {state, items, made, download, summary, findings, error}: TaskOutcome, endedAt: string | null): Task => ({
	...task,
	state,
	endedAt,
	items,
	summary,
	findings: findings.slice(0, 1000),
	error,
	download: task.kind === 'download' ? download ?? null : task.download,
	backup: task.kind === 'backup' ? made?.id ?? null : task.backup,
});
