import type {Finding} from '../domain/item.ts';
import {toScreen} from '../domain/raw-name.ts';
import type {RestoreSummary} from '../domain/restore.ts';
import type {TaskView} from '../domain/task-view.ts';
import {
	countOf,
	formatBytes,
	formatCount,
	formatDuration,
} from '../domain/units.ts';

const findingsShown = 20;

/** What a task came to, in a few lines. */
export const describeEnded = (task: TaskView): string => [
	`${nameOf(task)}: ${task.state}${durationOf(task)}.${describeResult(task)}`,
	...(task.error === null ? [] : [`  ${task.error.message}`, ...(task.error.hint === null ? [] : [`  ${task.error.hint}`])]),
	...describeFindings(task.findings),
].join('\n');

/** What was queued and is left to the background. */
export const describeQueued = (task: TaskView): string => `${nameOf(task)}: queued as task ${task.id}. Follow it with "holdfast queue watch".`;

/** `backup of alice`. */
export const nameOf = ({kind, account}: Pick<TaskView, 'kind' | 'account'>): string => `${kind} of ${toScreen(account ?? 'all')}`;

export const describeFindings = (findings: readonly Finding[]): readonly string[] => {
	const shown = findings.slice(0, findingsShown).map(({level, path, message}) => `  ${level === 'problem' ? '!' : '·'} ${path === '' ? '' : `${toScreen(path)}: `}${message}`);
	const rest = findings.length - shown.length;

	return rest === 0 ? shown : [...shown, `  … and ${formatCount(rest)} more: see them with --json.`];
};

const durationOf = ({startedAt, endedAt}: TaskView): string => {
	const seconds = startedAt === null || endedAt === null ? 0 : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;

	return seconds < 1 ? '' : ` in ${formatDuration(seconds)}`;
};

const describeResult = (task: TaskView): string => {
	if (task.summary !== null) {
		return ` ${describeSummary(task.summary)}.`;
	}

	if (task.kind === 'download' && task.download !== null) {
		return ` ${countOf(sum(task, 'fileCount'), 'file')}, ${formatBytes(sum(task, 'sizeBytes'))}: save it with "holdfast download save ${task.download} DEST".`;
	}

	return task.kind === 'backup' && task.backup !== null
		? ` ${countOf(sum(task, 'fileCount'), 'file')}, ${formatBytes(sum(task, 'sizeBytes'))}: backup ${task.backup}.`
		: '';
};

const describeSummary = ({created, overwritten, kept, failed, deleted, liveOnly}: RestoreSummary): string => [
	`${formatCount(created.count)} created`,
	`${formatCount(overwritten.count)} overwritten`,
	`${formatCount(kept.count)} kept as they were`,
	...(deleted.count === 0 ? [] : [`${formatCount(deleted.count)} deleted`]),
	...(liveOnly.count === 0 ? [] : [`${formatCount(liveOnly.count)} only live`]),
	...(failed.count === 0 ? [] : [`${formatCount(failed.count)} failed`]),
].join(', ');

const sum = ({items}: TaskView, field: 'fileCount' | 'sizeBytes'): number => items.reduce((total, item) => total + item[field], 0);
