import {createBackups} from '../actions/create-backups.ts';
import {defineCommand} from './command.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

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

		return tellTasks({context, output, interruption}, queued, {isDetached: options.detach, isList: names.length !== 1});
	},
});
