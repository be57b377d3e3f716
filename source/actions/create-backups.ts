import type {Identity} from '../domain/account.ts';
import {findAccount} from '../domain/find-account.ts';
import {unmetWish, type Job} from '../domain/job.ts';
import {toScreen} from '../domain/raw-name.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {canBackUp} from '../items/items.ts';
import {backupTaskOf, type NewTask} from '../runner/new-tasks.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import type {Store} from '../state/store.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {checkOnDemand} from './check-on-demand.ts';
import {noJob} from './list-jobs.ts';
import {queueTasks} from './queue-tasks.ts';

export type CreateBackupsInput = {
	/** Names (as text) or UUIDs. */
	readonly accounts: readonly string[];
	/** A manual run of this job; without it the backup is on demand, by the settings of the job named in `onDemand.job`. */
	readonly job?: string | undefined;
};

/**
Queues a backup of each account. All or none: what is refused is refused before anything starts.
@throws UserError `notFound`, `refused`, `usage`.
*/
export const createBackups = action('createBackups', async (context: Context, input: CreateBackupsInput): Promise<readonly Task[]> => queueTasks(context, await planBackups(context, input)));

/** The tasks that `createBackups` queues. Throws as it does. */
export const planBackups = async ({store, clock}: Pick<Context, 'store' | 'clock'>, {accounts, job: jobName}: CreateBackupsInput): Promise<readonly NewTask[]> => {
	const {identities} = await refreshAccounts(store, {clock});
	const chosen = new Set(accounts.map(name => findAccount(identities, name)));
	const job = await (jobName === undefined ? findOnDemandJob(store) : findJob(store, jobName));

	checkJob(job);

	for (const identity of chosen) {
		await checkAccount(store, identity, job);

		if (jobName === undefined) {
			await checkOnDemand({store, clock}, identity);
		}
	}

	return Array.from(chosen, identity => backupTaskOf(job, identity, {backupKind: jobName === undefined ? 'onDemand' : 'manual', schedules: []}));
};

const findJob = async (store: Store, name: string): Promise<Job> => {
	const {jobs} = await store.read('jobs');
	const job = jobs.find(candidate => candidate.name === name);

	if (job === undefined) {
		throw noJob(name, jobs);
	}

	return job;
};

const findOnDemandJob = async (store: Store): Promise<Job> => {
	const name = await readSetting(store, 'onDemand.job');
	const {jobs} = await store.read('jobs');
	const [first] = jobs;

	if (first === undefined) {
		throw new UserError('There is no job whose settings a backup on demand could use.', {code: 'refused', hint: 'Make one with "holdfast job create NAME".'});
	}

	return name === '' ? first : findJob(store, name);
};

/**
Whether a job can be run.
@throws UserError `refused` for what cannot be backed up yet.
*/
export const checkJob = ({name, items}: Job): void => {
	if (items.every(item => !canBackUp(item))) {
		throw new UserError(`The job ${name} takes only what cannot be backed up yet: ${items.join(', ')}.`, {code: 'refused', hint: 'Name another job with --job.'});
	}
};

const checkAccount = async (store: Store, identity: Identity, job: Job): Promise<void> => {
	const name = toScreen(identity.name);

	if (identity.status === 'inactive') {
		throw new UserError(`The account ${name} was removed: there is nothing to back up.`, {code: 'refused', hint: 'See its backups with "holdfast orphan list".'});
	}

	const wish = unmetWish(identity, job);

	if (wish !== undefined) {
		throw new UserError(`The account ${name} wants ${wish}.`, {code: 'refused', hint: await remedyFor(store, identity)});
	}
};

const remedyFor = async (store: Store, {name, encryption}: Identity): Promise<string> => {
	if (encryption.preference === 'none') {
		return `If that has changed: "holdfast account encryption ${toScreen(name)} --preference any".`;
	}

	const {jobs} = await store.read('jobs');
	const encrypted = jobs.find(each => each.encrypted);

	return encrypted === undefined
		? 'Make an encrypted job with "holdfast job create NAME --encrypted", and name it with --job.'
		: `Use an encrypted job: --job ${encrypted.name}.`;
};
