import {abortTask} from '../actions/tasks.ts';
import {waitForTask} from '../actions/wait-for-tasks.ts';
import {defineCommand} from './command.ts';
import {describeEnded} from './describe-task.ts';
import {taskArgument} from './queue-show.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const queueAbort = defineCommand({
	arguments: [taskArgument],
	options: {},
	json: `the task: ${taskFields}`,
	details: ['Waits until the task has stopped. What a restore has brought back by then stays; an aborted backup leaves none behind.'],
	examples: ['holdfast queue abort 3f2a91'],
	needs: 'setup',
	async run({context, values, output}) {
		const [id] = values;
		const aborted = await abortTask(context, id);
		const ended = await waitForTask(context, aborted.id);
		await output.result(taskToJson(ended), () => describeEnded(ended));
	},
});
