import {watchTasks} from '../actions/watch-tasks.ts';
import type {TaskView} from '../domain/task-view.ts';
import {exitCodes} from '../errors.ts';
import {defineCommand} from './command.ts';
import {nameOf} from './describe-task.ts';
import {describeProgress} from './progress-line.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const queueWatch = defineCommand({
	arguments: [],
	options: {},
	json: `one task a line whenever something changes, at most four times a second: ${taskFields}`,
	details: ['Goes on until Ctrl-C; that stops the watching, not the work.'],
	examples: ['holdfast queue watch', 'holdfast queue watch --json'],
	needs: 'setup',
	async run({context, output, interruption}) {
		const told = new Map<string, string>();
		const signal = interruption();

		await watchTasks(context, {
			signal,
			onTasks(tasks) {
				for (const task of tasks) {
					const news = output.isJson ? JSON.stringify(taskToJson(task)) : describe(task);

					if (told.get(task.id) === news) {
						continue;
					}

					told.set(task.id, news);
					output.event(taskToJson(task), () => `${context.clock.now().toLocaleTimeString('en-GB')}  ${news}`);
				}
			},
		});

		return exitCodes.interrupted;
	},
});

const describe = (task: TaskView): string => {
	switch (task.state) {
		case 'running': {
			return `${nameOf(task)} (${task.id}): ${describeProgress(task, {bytesPerSecond: 0, elapsedSeconds: 0})}`;
		}

		case 'pending': {
			return `${nameOf(task)} (${task.id}): ${task.waitReason ?? 'comes next'}`;
		}

		case 'completed':
		case 'partial':
		case 'failed':
		case 'aborted':
		case 'interrupted': {
			return `${nameOf(task)} (${task.id}): ${task.state}${task.error === null ? '' : `: ${task.error.message}`}`;
		}
	}
};
