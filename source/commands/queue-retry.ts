import {retryTask} from '../actions/tasks.ts';
import {defineCommand} from './command.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {taskArgument} from './queue-show.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

export const queueRetry = defineCommand({
	arguments: [taskArgument],
	options: {
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
		...ownerKeyOptions,
	},
	json: `the task: ${taskFields}`,
	details: ['Only failed, partial, aborted and interrupted tasks are run again, under the same id. One that waits for an owner\'s private key, since the runner that held it has ended, is given it with --private-key-file.'],
	examples: ['holdfast queue retry 3f2a91'],
	needs: 'setup',
	async run(invocation) {
		const {values, options, output, interruption} = invocation;
		const [id] = values;
		const context = await withOwnerKeys(invocation, {type: 'task', id});
		const queued = await retryTask(context, id);

		return tellTasks({context, output, interruption}, [queued], {isDetached: options.detach});
	},
});
