import {retryTask} from '../actions/tasks.ts';
import {defineCommand} from './command.ts';
import {taskArgument} from './queue-show.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

export const queueRetry = defineCommand({
	arguments: [taskArgument],
	options: {
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `the task: ${taskFields}`,
	details: ['Only failed, partial, aborted and interrupted tasks are run again, under the same id.'],
	examples: ['holdfast queue retry 3f2a91'],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [id] = values;
		const queued = await retryTask(context, id);

		return tellTasks({context, output, interruption}, [queued], {isDetached: options.detach});
	},
});
