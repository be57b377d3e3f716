import type {Identity} from '../domain/account.ts';
import type {Job} from '../domain/job.ts';
import {taskKeyOf, type Task} from '../domain/task.ts';
import {newIdentifier} from '../system/new-identifier.ts';
import type {Store} from '../state/store.ts';

export type NewTask = Pick<Task, 'kind' | 'account' | 'accountUuid' | 'backup' | 'request' | 'keysNeeded'>;

export type Asked = {
	/** ISO 8601. */
	readonly queuedAt: string;
	/** Name of the Holdfast user, or of the scheduler. */
	readonly requestedBy: string;
	readonly askedAs?: Task['askedAs'];
};

/** The backup of an account by the settings of a job. */
export const backupTaskOf = ({name, items}: Job, {name: account, uuid}: Identity, request: Pick<Extract<Task['request'], {kind: 'backup'}>, 'backupKind' | 'schedules'>): NewTask => ({
	kind: 'backup', account, accountUuid: uuid, backup: null, request: {
		kind: 'backup', job: name, items, ...request,
	},
});

/** Saves new tasks as pending; whoever carries out the queue has to be told. */
export const saveNewTasks = async (store: Store, tasks: readonly NewTask[], asked: Asked): Promise<readonly Task[]> => {
	const created = tasks.map(task => toTask(task, asked));

	await Promise.all(created.map(async task => store.update('tasks', taskKeyOf(task), draft => {
		draft.tasks.push(task);
	})));

	return created;
};

const toTask = (task: NewTask, asked: Asked): Task => ({
	...task,
	...asked,
	id: newIdentifier(),
	state: 'pending',
	priority: null,
	startedAt: null,
	endedAt: null,
	items: [],
	download: null,
	safetyBackup: null,
	summary: null,
	findings: [],
	error: null,
});
