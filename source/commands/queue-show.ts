import {showTask} from '../actions/tasks.ts';
import type {TaskView} from '../domain/task-view.ts';
import {toScreen} from '../domain/raw-name.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {defineCommand, type Argument} from './command.ts';
import {describeFindings} from './describe-task.ts';
import {showTime} from './show-time.ts';
import {formatFields} from './table.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const taskArgument = {name: 'ID', meaning: 'id of the task, or its first 6 or more characters'} as const satisfies Argument;

export const queueShow = defineCommand({
	arguments: [taskArgument],
	options: {},
	json: `the task: ${taskFields}`,
	examples: ['holdfast queue show 3f2a91', 'holdfast queue show 3f2a91 --json'],
	needs: 'setup',
	async run({context, values, output}) {
		const [id] = values;
		const task = await showTask(context, id);
		await output.result(taskToJson(task), () => describe(task));
	},
});

const describe = (task: TaskView): string => [
	formatFields([
		['Task', task.id],
		['Kind', task.kind],
		['Account', task.account === null ? '–' : `${toScreen(task.account)} (${task.accountUuid ?? ''})`],
		['State', `${task.state}${task.waitReason === null ? '' : `: ${task.waitReason}`}`],
		['Priority', String(task.priority)],
		['Queued', `${showTime(task.queuedAt)} by ${task.requestedBy}`],
		['Started', showTime(task.startedAt)],
		['Ended', showTime(task.endedAt)],
		['Backup', task.backup ?? '–'],
		['Progress', `${countOf(task.progress.filesDone, 'file')}, ${formatBytes(task.progress.bytesDone)}`],
		...task.items.map(({name, status, error}) => [`Item ${name}`, `${status}${error === null ? '' : `; ! ${error}`}`] as const),
		...(task.error === null ? [] : [['Error', task.error.message] as const, ['Next', task.error.hint ?? '–'] as const]),
	]),
	...describeFindings(task.findings),
].join('\n');
