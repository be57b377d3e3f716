import {abortTask, showTask} from '../actions/tasks.ts';
import {waitForTask} from '../actions/wait-for-tasks.ts';
import type {TaskView} from '../domain/task-view.ts';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {defineCommand} from './command.ts';
import {describeEnded, nameOf} from './describe-task.ts';
import {describeProgress} from './progress-line.ts';
import {taskArgument} from './queue-show.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const queueAbort = defineCommand({
	arguments: [taskArgument],
	options: {
		yes: {type: 'flag', meaning: 'asks nothing'},
	},
	json: `the task: ${taskFields}`,
	details: [
		'Waits until the task has stopped. An aborted backup leaves nothing behind. A restore is asked about at a terminal: what it has brought back by then stays, and the result says what is back, what is half done and what is as it was.',
	],
	examples: ['holdfast queue abort 3f2a91'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [id] = values;

		if (!options.yes && !output.isJson && canAsk()) {
			await confirm(await showTask(context, id));
		}

		const aborted = await abortTask(context, id);
		const ended = await waitForTask(context, aborted.id);
		await output.result(taskToJson(ended), () => describeEnded(ended));
	},
});

/** Only what has begun to change what is live is asked about. */
const confirm = async (task: TaskView): Promise<void> => {
	if (task.state !== 'running' || (task.kind !== 'restore' && task.kind !== 'rollback')) {
		return;
	}

	const answer = await ask({text: `The ${nameOf(task)} is at ${describeProgress(task, {bytesPerSecond: 0, elapsedSeconds: 0})}. What it has written stays, the rest stays as it is. Abort it? (yes or no)`, fallback: 'no'});

	if (!['y', 'yes'].includes(answer)) {
		throw new UserError('It goes on.', {code: 'interrupted'});
	}
};
