import type {Identity} from '../domain/account.ts';
import type {Structure} from '../domain/backup.ts';
import {findAccount} from '../domain/find-account.ts';
import {parseGlob} from '../domain/glob.ts';
import {itemNames, type ItemName} from '../domain/item.ts';
import {
	allAccounts,
	membersOf,
	type Job,
	type JobAccounts,
} from '../domain/job.ts';
import {fromText} from '../domain/raw-name.ts';
import {parseSchedule, parseTiming, replaceSchedules} from '../domain/schedule.ts';
import {UserError} from '../errors.ts';
import {findBusyJobs} from '../runner/busy-jobs.ts';
import {readUnfinishedTasks} from '../runner/task-records.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {newIdentifier} from '../system/new-identifier.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {noJob, showJob, type JobView} from './list-jobs.ts';
import {resolveDestination} from './resolve-destination.ts';
import {ensureTags} from './tags.ts';

/** What is left out stays as it is, or as it is by default. */
export type JobChanges = {
	readonly accounts?: AccountChoice | undefined;
	readonly items?: readonly ItemName[] | undefined;
	readonly structure?: Structure | undefined;
	/** Name or id. */
	readonly destination?: string | undefined;
	readonly encrypted?: boolean | undefined;
	readonly enabled?: boolean | undefined;
	/** Such as `daily@02:30 keep 7`; replace those it has, of which those that only change keep their backups. */
	readonly schedules?: readonly string[] | undefined;
	readonly excludes?: readonly string[] | undefined;
	readonly manualRetain?: number | undefined;
};

/** Names (as text) or UUIDs. Nobody named: all. */
export type AccountChoice = {
	readonly isAll: boolean;
	readonly accounts: readonly string[];
	readonly tags: readonly string[];
	readonly owners: readonly string[];
	readonly exclusions: readonly string[];
};

const mostManual = 9999;

/**
Makes a job: of all accounts and items, incremental and without a schedule unless said otherwise.
@throws UserError `usage`, `notFound`, or `refused` when there is one of that name.
*/
export const createJob = action('createJob', async (context: Context, name: string, changes: JobChanges): Promise<JobView> => {
	checkName(name);
	const {id: destination} = await resolveDestination(context, changes.destination);
	const job: Job = {
		name, accounts: allAccounts, items: itemNames, structure: 'incremental', destination, encrypted: false, enabled: true, schedules: [], excludes: [], manualRetain: 14,
	};

	return saveNew(context, await changeJob(context, job, changes));
});

/** A copy under another name, with schedules of its own and switched off, so that it does not begin before it was looked at. Throws as `createJob`. */
export const duplicateJob = action('duplicateJob', async (context: Context, {name, copy}: {readonly name: string; readonly copy: string}): Promise<JobView> => {
	checkName(copy);
	const job = await readJob(context, name);

	return saveNew(context, {
		...job, name: copy, enabled: false, schedules: job.schedules.map(schedule => ({...schedule, id: newIdentifier()})),
	});
});

/**
Changes a job.
@throws UserError `usage`, `notFound`.
*/
export const setJob = action('setJob', async (context: Context, name: string, changes: JobChanges): Promise<JobView> => {
	const before = await readJob(context, name);
	const changed = await changeJob(context, before, changes);

	const job = await context.store.update('jobs', undefined, draft => {
		if (draft.jobs.every(each => each.name !== name)) {
			throw noJob(name, draft.jobs);
		}

		checkFollowing(changed, draft.jobs);
		draft.jobs = draft.jobs.map(each => each.name === name ? changed : each);

		return changed;
	});
	await coverSchedules(context, job, before);

	return showJob(context, name);
});

export type MembersPreview = {
	/** Raw names of those that a run would back up now. */
	readonly members: readonly string[];
	/** Raw names of those that would be in it but for a wish of theirs. */
	readonly leftOut: readonly string[];
	/** Tags that there are not; saving makes them. */
	readonly newTags: readonly string[];
};

/**
Who would be in a job; changes nothing.
@throws UserError `notFound`, `usage` for an account that is not there.
*/
export const previewMembers = action('previewMembers', async (context: Context, choice: AccountChoice, {encrypted}: Pick<Job, 'encrypted'>): Promise<MembersPreview> => {
	const {identities} = await refreshAccounts(context.store, context);
	const {tags} = await context.store.read('tags');
	const {members, leftOut} = membersOf({accounts: findChosen(choice, identities), encrypted}, identities);

	return {
		members: members.map(({name}) => name),
		leftOut: leftOut.map(({identity}) => identity.name),
		newTags: choice.tags.filter(tag => tags.every(({name}) => name !== tag)),
	};
});

/**
Deletes a job; its backups stay.
@returns the job as it was.
@throws UserError `notFound`, or `busy` when it is at work or something else refers to it.
*/
export const deleteJob = action('deleteJob', async (context: Context, name: string): Promise<JobView> => {
	const {store} = context;
	const job = await showJob(context, name);
	const tasks = await readUnfinishedTasks(store);

	if (findBusyJobs(tasks).has(name) || tasks.some(({state, request}) => state === 'pending' && request.kind === 'backup' && request.job === name)) {
		throw new UserError(`Backups of the job ${name} wait or run.`, {code: 'busy', hint: 'Wait for them, or abort them: see "holdfast queue list".'});
	}

	if (await readSetting(store, 'onDemand.job') === name) {
		throw new UserError(`Backups on demand use the job ${name}.`, {code: 'busy', hint: 'Name another one first: "holdfast setting set onDemand.job NAME".'});
	}

	await store.update('jobs', undefined, draft => {
		const follower = draft.jobs.find(each => each.name !== name && followedBy(each).includes(name));

		if (follower !== undefined) {
			throw new UserError(`The job ${follower.name} runs after ${name}.`, {code: 'busy', hint: `Change its schedule first: "holdfast job set ${follower.name} --schedule …".`});
		}

		draft.jobs = draft.jobs.filter(each => each.name !== name);
	});

	return job;
});

const readJob = async ({store}: Context, name: string): Promise<Job> => {
	const {jobs} = await store.read('jobs');
	const job = jobs.find(each => each.name === name);

	if (job === undefined) {
		throw noJob(name, jobs);
	}

	return job;
};

const saveNew = async (context: Context, job: Job): Promise<JobView> => {
	await context.store.update('jobs', undefined, draft => {
		if (draft.jobs.some(({name}) => name === job.name)) {
			throw new UserError(`There is a job "${job.name}" already.`, {code: 'refused', hint: `Change it with "holdfast job set ${job.name}", or choose another name.`});
		}

		checkFollowing(job, draft.jobs);
		draft.jobs.push(job);
	});
	await coverSchedules(context, job);

	return showJob(context, job.name);
};

/** Times that passed before a schedule was made, changed or switched on are not made up for. */
const coverSchedules = async ({store, clock}: Context, job: Job, before?: Job): Promise<void> => {
	const old = new Map(before?.schedules.map(({id, when}) => [id, when]));
	const isNew = job.enabled && before?.enabled !== true;
	const ids = new Set(job.schedules.filter(({id, when}) => isNew || old.get(id) !== when).map(({id}) => id));

	if (ids.size === 0) {
		return;
	}

	const coveredUntil = clock.now().toISOString();

	await store.update('scheduler', undefined, draft => {
		draft.schedules = [...draft.schedules.filter(({id}) => !ids.has(id)), ...Array.from(ids, id => ({id, coveredUntil}))];
	});
};

const changeJob = async (context: Context, job: Job, changes: JobChanges): Promise<Job> => {
	const {accounts, items = job.items, structure = job.structure, destination, encrypted = job.encrypted, enabled = job.enabled, schedules, excludes = job.excludes, manualRetain = job.manualRetain} = changes;

	for (const pattern of excludes) {
		parseGlob(pattern);
	}

	if (!Number.isSafeInteger(manualRetain) || manualRetain < 1 || manualRetain > mostManual) {
		throw new UserError(`A job keeps 1 to ${mostManual} manual runs.`, {code: 'usage', hint: 'Such as --manual-retain 14.'});
	}

	if (items.length === 0) {
		throw new UserError('A job without items backs up nothing.', {code: 'usage', hint: `Items are ${itemNames.join(', ')}.`});
	}

	const {id: chosenDestination} = destination === undefined ? {id: job.destination} : await resolveDestination(context, destination);

	return {
		...job,
		accounts: accounts === undefined ? job.accounts : await chooseAccounts(context, accounts),
		items: itemNames.filter(item => items.includes(item)),
		structure,
		destination: chosenDestination,
		encrypted,
		enabled,
		schedules: schedules === undefined ? job.schedules : replaceSchedules(job.schedules, schedules.map(text => parseSchedule(text)), newIdentifier),
		excludes: [...new Set(excludes)],
		manualRetain,
	};
};

const chooseAccounts = async (context: Context, choice: AccountChoice): Promise<JobAccounts> => {
	const {identities} = await refreshAccounts(context.store, context);
	const chosen = findChosen(choice, identities);
	await ensureTags(context, choice.tags);

	return chosen;
};

const findChosen = ({isAll, accounts, tags, owners, exclusions}: AccountChoice, identities: readonly Identity[]): JobAccounts => {
	const uuidsOf = (names: readonly string[]): readonly string[] => [...new Set(names.map(name => findAccount(identities, name).uuid))];

	return {
		isAll: isAll || accounts.length + tags.length + owners.length === 0,
		accounts: uuidsOf(accounts),
		tags: [...new Set(tags)],
		owners: owners.map(owner => fromText(owner)),
		exclusions: uuidsOf(exclusions),
	};
};

/** Which jobs a job waits for. */
const followedBy = ({schedules}: Pick<Job, 'schedules'>): readonly string[] => schedules.flatMap(({when}) => {
	const timing = parseTiming(when);

	return timing.type === 'after' ? [timing.job] : [];
});

/** A chain of jobs that run after each other must begin somewhere. */
const checkFollowing = (job: Job, jobs: readonly Job[]): void => {
	const byName = new Map([...jobs, job].map(each => [each.name, each]));

	const visit = (name: string, chain: readonly string[]): void => {
		const next = byName.get(name);

		if (next === undefined) {
			throw noJob(name, jobs);
		}

		if (chain.includes(name)) {
			throw new UserError(`The jobs ${[...chain, name].join(', ')} would each run after the other, for ever.`, {code: 'usage', hint: 'Let one of them follow the clock.'});
		}

		for (const followed of followedBy(next)) {
			visit(followed, [...chain, name]);
		}
	};

	visit(job.name, []);
};

const checkName = (name: string): void => {
	if (!/^[\p{Letter}\p{Number}][\p{Letter}\p{Number}\-._]{0,63}$/v.test(name)) {
		throw new UserError(`"${name}" cannot be the name of a job.`, {code: 'usage', hint: 'Use up to 64 letters, digits, dots, dashes and underscores.'});
	}
};
