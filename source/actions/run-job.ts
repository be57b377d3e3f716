import {membersOf} from '../domain/job.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {findBusyJobs} from '../runner/busy-jobs.ts';
import {backupTaskOf} from '../runner/new-tasks.ts';
import {readUnfinishedTasks} from '../runner/task-records.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {checkJob} from './create-backups.ts';
import {noJob} from './list-jobs.ts';
import {queueTasks} from './queue-tasks.ts';

/**
Runs a job by hand, for all its accounts.
@throws UserError `notFound`, `refused` when nobody is in it, `busy` while a run of it is not over.
*/
export const runJob = action('runJob', async (context: Context, name: string): Promise<readonly Task[]> => {
	const {store, clock} = context;
	const {jobs} = await store.read('jobs');
	const job = jobs.find(each => each.name === name);

	if (job === undefined) {
		throw noJob(name, jobs);
	}

	checkJob(job);
	const {identities} = await refreshAccounts(store, {clock});
	const {members, leftOut} = membersOf(job, identities);

	if (members.length === 0) {
		throw new UserError(leftOut.length === 0 ? `No account is in the job ${name}.` : `The job ${name} leaves out every account it names, as they want it.`, {code: 'refused', hint: `See whom it names with "holdfast job show ${name}".`});
	}

	if (findBusyJobs(await readUnfinishedTasks(store)).has(name)) {
		throw new UserError(`The job ${name} is at work already.`, {code: 'busy', hint: 'Watch it with "holdfast queue watch".'});
	}

	const tasks = await queueTasks(context, members.map(identity => backupTaskOf(job, identity, {backupKind: 'manual', schedules: []})));
	const startedAt = tasks[0]!.queuedAt;

	await store.update('scheduler', undefined, draft => {
		draft.runs = [...draft.runs.filter(run => run.job !== name), {job: name, startedAt, endedAt: null}];
	});

	return tasks;
});
