import {createBackups} from '../actions/create-backups.ts';
import {showTasks} from '../actions/tasks.ts';
import type {TaskView} from '../domain/task-view.ts';
import {defineCommand} from './command.ts';
import {describeEnded, describeQueued} from './describe-task.ts';
import {exitCodeOf, followTasks} from './follow-tasks.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const backupCreate = defineCommand({
	arguments: [{name: 'NAME', meaning: 'names or UUIDs of accounts', count: 'repeated'}],
	options: {
		job: {type: 'text', placeholder: 'JOB', meaning: 'a manual run of this job; without it a backup on demand, by the settings of the job in onDemand.job'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `the task, or {"tasks": […]} where several accounts are named: ${taskFields}`,
	details: ['The work is done by a background runner, which goes on when the terminal is closed. Ctrl-C asks it to stop.'],
	examples: ['holdfast backup create alice', 'holdfast backup create alice bob --job nightly', 'holdfast backup create alice --detach --json'],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [names] = values;
		const queued = await createBackups(context, {accounts: names, job: options.job});
		const print = async (tasks: readonly TaskView[], describe: (task: TaskView) => string): Promise<void> => {
			const documents = tasks.map(task => taskToJson(task));
			await output.result(names.length === 1 ? documents[0] : {tasks: documents}, () => tasks.map(task => describe(task)).join('\n'));
		};

		if (options.detach) {
			await print(await showTasks(context, queued), describeQueued);
			return 0;
		}

		const ended = await followTasks({context, output, interruption}, queued);
		await print(ended, describeEnded);

		return exitCodeOf(ended);
	},
});
