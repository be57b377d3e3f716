import {toText} from '../domain/raw-name.ts';
import type {TaskView} from '../domain/task-view.ts';
import {itemsToJson} from './backup-json.ts';

/** The fields of a task, in words for the help. */
export const taskFields = 'id, kind, account, accountUuid, state (pending, running, completed, partial, failed, aborted or interrupted), priority, queuedAt, startedAt, endedAt, requestedBy, progress {bytesDone, bytesTotal, filesDone, filesTotal, currentPath}, items, backup, download, safetyBackup, error {code, message, hint}, waitReason, summary (of a restore), findings [{level, path, message}]';

/** A task as `--json` prints it: names from disk as text. */
export const taskToJson = (task: TaskView) => ({
	id: task.id,
	kind: task.kind,
	account: nullableText(task.account),
	accountUuid: task.accountUuid,
	state: task.state,
	priority: task.priority,
	queuedAt: task.queuedAt,
	startedAt: task.startedAt,
	endedAt: task.endedAt,
	requestedBy: task.requestedBy,
	progress: {...task.progress, currentPath: nullableText(task.progress.currentPath)},
	items: itemsToJson(task.items),
	backup: task.backup,
	download: task.download,
	safetyBackup: task.safetyBackup,
	error: task.error,
	waitReason: task.waitReason,
	summary: task.summary,
	findings: task.findings.map(finding => ({...finding, path: toText(finding.path)})),
});

const nullableText = (raw: string | null): string | null => raw === null ? null : toText(raw);
