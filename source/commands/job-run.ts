import {showJob} from '../actions/list-jobs.ts';
import {runJob} from '../actions/run-job.ts';
import {toScreen} from '../domain/raw-name.ts';
import {defineCommand} from './command.ts';
import {leftOutToJson} from './job-json.ts';
import {jobArgument} from './job.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

export const jobRun = defineCommand({
	arguments: [jobArgument],
	options: {
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `{"tasks": […], leftOut [{name, wish}] (accounts that the job leaves out for their own wish)}; a task for each other account: ${taskFields}`,
	details: ['Backs up all accounts of the job now, also of one that is switched off. The backups are manual runs: the job\'s --manual-retain says how many are kept. Ctrl-C asks the work to stop.'],
	examples: ['holdfast job run nightly', 'holdfast job run nightly --detach'],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [name] = values;
		const queued = await runJob(context, name);
		const {leftOut} = await showJob(context, name);

		for (const each of leftOut) {
			output.note(`${name} leaves out ${toScreen(each.name)}, which wants ${each.wish}.`);
		}

		return tellTasks({context, output, interruption}, queued, {isDetached: options.detach, isList: true, facts: {leftOut: leftOutToJson(leftOut)}});
	},
});
