import {retryTask, showTasks} from '../actions/tasks.ts';
import {defineCommand} from './command.ts';
import {describeEnded, describeQueued} from './describe-task.ts';
import {exitCodeOf, followTasks} from './follow-tasks.ts';
import {taskArgument} from './queue-show.ts';
import {taskFields, taskToJson} from './task-json.ts';

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

		if (options.detach) {
			const [view] = await showTasks(context, [queued]);
			await output.result(taskToJson(view!), () => describeQueued(view!));
			return 0;
		}

		const ended = await followTasks({context, output, interruption}, [queued]);
		await output.result(taskToJson(ended[0]!), () => describeEnded(ended[0]!));

		return exitCodeOf(ended);
	},
});
