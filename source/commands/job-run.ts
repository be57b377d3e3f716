import {runJob} from '../actions/run-job.ts';
import {showTasks} from '../actions/tasks.ts';
import type {TaskView} from '../domain/task-view.ts';
import {defineCommand} from './command.ts';
import {describeEnded, describeQueued} from './describe-task.ts';
import {exitCodeOf, followTasks} from './follow-tasks.ts';
import {jobArgument} from './job.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const jobRun = defineCommand({
	arguments: [jobArgument],
	options: {
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `{"tasks": […]}, one for each account: ${taskFields}`,
	details: ['Backs up all accounts of the job now, also of one that is switched off. The backups are manual runs: the job\'s --manual-retain says how many are kept. Ctrl-C asks the work to stop.'],
	examples: ['holdfast job run nightly', 'holdfast job run nightly --detach'],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [name] = values;
		const queued = await runJob(context, name);
		const print = async (tasks: readonly TaskView[], describe: (task: TaskView) => string): Promise<void> =>
			output.result({tasks: tasks.map(task => taskToJson(task))}, () => tasks.map(task => describe(task)).join('\n'));

		if (options.detach) {
			await print(await showTasks(context, queued), describeQueued);
			return 0;
		}

		const ended = await followTasks({context, output, interruption}, queued);
		await print(ended, describeEnded);

		return exitCodeOf(ended);
	},
});
