import {showTasks} from '../actions/tasks.ts';
import type {Task} from '../domain/task.ts';
import {describeEnded, describeQueued} from './describe-task.ts';
import {exitCodeOf, followTasks, type Follower} from './follow-tasks.ts';
import {taskToJson} from './task-json.ts';

export type Telling = {
	/** Tells that they are queued, and leaves the work to the background. */
	readonly isDetached: boolean;
	/** One document of all of them, also where there is only one. */
	readonly isList?: boolean;
	/** What that document says beside its tasks. */
	readonly facts?: object;
};

/**
Tells what becomes of queued tasks: at once when detached, else when they have ended, with their progress until then.
@returns the exit code of the command
*/
export const tellTasks = async (follower: Follower, queued: readonly Task[], {isDetached, isList = false, facts}: Telling): Promise<number> => {
	const {context, output} = follower;
	const tasks = isDetached ? await showTasks(context, queued) : await followTasks(follower, queued);
	const describe = isDetached ? describeQueued : describeEnded;
	const documents = tasks.map(task => taskToJson(task));
	await output.result(isList ? {tasks: documents, ...facts} : documents[0], () => tasks.map(task => describe(task)).join('\n'));

	return isDetached ? 0 : exitCodeOf(tasks);
};
