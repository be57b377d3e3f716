import {listTasks} from '../actions/tasks.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {TaskView} from '../domain/task-view.ts';
import {toScreen} from '../domain/raw-name.ts';
import {formatBytes, formatCount} from '../domain/units.ts';
import {defineCommand} from './command.ts';
import {showAge} from './show-time.ts';
import {formatTable, type Column} from './table.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const queueList = defineCommand({
	arguments: [],
	options: {
		all: {type: 'flag', meaning: 'finished tasks too'},
	},
	json: `{"tasks": […]}, in the order they are carried out, then the finished ones, the newest first; each with ${taskFields}`,
	examples: ['holdfast queue list', 'holdfast queue list --all --json'],
	needs: 'setup',
	async run({context, options, output}) {
		const tasks = await listTasks(context, {isAll: options.all});
		await output.result({tasks: tasks.map(task => taskToJson(task))}, async () => describeList(tasks, context.clock.now()));
	},
});

const columns: readonly Column[] = [
	{heading: 'TASK'},
	{heading: 'KIND'},
	{heading: 'ACCOUNT', isFlexible: true},
	{heading: 'STATE'},
	{heading: 'PRIORITY', align: 'right'},
	{heading: 'QUEUED'},
	{heading: '', isFlexible: true},
];

const describeList = async (tasks: readonly TaskView[], now: Date): Promise<string> => tasks.length === 0
	? 'Nothing runs and nothing waits.'
	: formatTable(columns, tasks.map(task => [
		task.id,
		task.kind,
		task.account === null ? '–' : toScreen(task.account),
		task.state,
		String(task.priority),
		showAge(task.queuedAt, now),
		describeWhere(task),
	]));

const describeWhere = ({state, progress, waitReason, error}: TaskView): string => {
	if (state === 'running') {
		const total = progress.bytesTotal === null ? '' : ` of ${formatBytes(progress.bytesTotal)}`;

		return `${formatBytes(progress.bytesDone)}${total}, ${formatCount(progress.filesDone)} files`;
	}

	return isUnfinished(state) ? waitReason ?? 'comes next' : error?.message ?? '';
};
