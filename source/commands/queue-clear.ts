import {clearTasks} from '../actions/clear-tasks.ts';
import {countOf} from '../domain/units.ts';
import {defineCommand} from './command.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const queueClear = defineCommand({
	arguments: [],
	options: {
		pending: {type: 'flag', meaning: 'takes what waits off the queue instead'},
	},
	json: `{"tasks": […]}, those that are gone from the list, or, with --pending, those that were aborted: ${taskFields}`,
	details: ['Forgets the finished tasks, with what they met. What waits and what runs is not touched; backups stay. Finished tasks are forgotten by themselves after queue.logDays.'],
	examples: ['holdfast queue clear', 'holdfast queue clear --pending'],
	needs: 'setup',
	async run({context, options, output}) {
		const tasks = await clearTasks(context, {isPending: options.pending});

		await output.result({tasks: tasks.map(task => taskToJson(task))}, () => options.pending
			? `${countOf(tasks.length, 'task')} taken off the queue.`
			: `${countOf(tasks.length, 'finished task')} forgotten.`);
	},
});
