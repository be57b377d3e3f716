import {join} from 'node:path';
import type {Identity} from '../../domain/account.ts';
import type {Job} from '../../domain/job.ts';
import {fromText, toScreen} from '../../domain/raw-name.ts';
import {decideTaskState} from '../../domain/task-state.ts';
import type {
	BackupTreeRequest,
	BackupTreeResult,
	GatheredItem,
	VaultLocation,
} from '../../engine/engine.ts';
import {ensureAccountVault} from '../../engine/vault/account-vault.ts';
import {UserError} from '../../errors.ts';
import {gatherItems} from '../../items/gather-items.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';
import {withStaging} from '../../system/staging.ts';
import {readComparable, recordOfMade} from '../backup-record.ts';
import {ensureAccountKey} from '../account-keys.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {readWritableVault} from '../vault-location.ts';
import {checkHome} from './check-home.ts';
import {checkSpace} from './check-space.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

type BackupTask = TaskOf<'backup'>;
type Made = {readonly request: BackupTreeRequest; readonly result: BackupTreeResult};
type BackupPlan = {readonly identity: Identity; readonly job: Job; readonly vault: VaultLocation; readonly machine: string};

/** Backs up one account by the settings of a job. */
export const runBackup = async (task: BackupTask, tools: TaskTools): Promise<TaskOutcome> => {
	const plan = await planBackup(task, tools);
	checkHome(plan.identity);
	await checkSpace(plan.vault, tools.store);
	const {request, result} = await capture(task, plan, tools);
	const {items} = result;
	const state = decideTaskState(items);

	return {
		...emptyOutcome,
		state,
		items,
		made: recordOfMade(request, result),
		findings: result.findings,
		error: state === 'completed'
			? null
			: {
				code: 'partial',
				message: describeProblems(result),
				hint: `Each is named with "holdfast queue show ${task.id}".`,
			},
	};
};

const planBackup = async (task: BackupTask, {store, clock}: Pick<TaskTools, 'store' | 'clock'>): Promise<BackupPlan> => {
	const job = await findJob(task, store);

	const identity = await findIdentity(task, store);

	return {
		identity, job, vault: await findVault(task, {
			identity, job, store, clock,
		}), machine: await readSetting(store, 'machine.name'),
	};
};

/** Under the account's own key where the job is encrypted; one that has none gets a local one. */
const findVault = async ({startedAt}: BackupTask, {identity, job, store, clock}: Pick<TaskTools, 'store' | 'clock'> & {readonly identity: Identity; readonly job: Job}): Promise<VaultLocation> => {
	if (!job.encrypted) {
		return readWritableVault({store}, {destination: job.destination});
	}

	const key = await ensureAccountKey({store, clock}, identity);
	const vault = await readWritableVault({store}, {destination: job.destination, keyId: key.id});
	await ensureAccountVault({...vault, account: vault.account!}, startedAt!);

	return vault;
};

const findIdentity = async ({accountUuid, account}: BackupTask, store: Store): Promise<Identity> => {
	const {identities} = await store.read('accounts');
	const identity = identities.find(({uuid}) => uuid === accountUuid);

	if (identity === undefined || identity.status === 'inactive') {
		throw new UserError(`The account ${toScreen(account ?? '')} does not exist any more.`, {code: 'notFound', hint: 'Its backups are kept: see "holdfast orphan list".'});
	}

	return identity;
};

const findJob = async ({request}: BackupTask, store: Store): Promise<Job> => {
	const {jobs} = await store.read('jobs');
	const job = jobs.find(({name}) => name === request.job);

	if (job === undefined) {
		throw new UserError(`The job ${request.job ?? ''} does not exist any more.`, {code: 'notFound', hint: 'Queue the backup again, with another job.'});
	}

	return job;
};

const capture = async (task: BackupTask, plan: BackupPlan, tools: TaskTools): Promise<Made> => withStaging(tools.store.directory, async folder => {
	const {store, signal} = tools;
	const items = await gatherItems(task.request.items, {
		account: plan.identity, store, signal, staging: fromText(folder),
	});

	return captureTrees(task, {...plan, items}, tools);
});

const captureTrees = async (task: BackupTask, {identity, job, vault, machine, items}: BackupPlan & {readonly items: readonly GatheredItem[]}, tools: TaskTools): Promise<Made> => {
	const {store, signal, onProgress} = tools;
	const request: BackupTreeRequest = {
		vault,
		accountUuid: identity.uuid,
		backupId: task.backup!,
		structure: job.structure,
		previousBackupId: job.structure === 'incremental' ? await readComparable(store, vault, identity.uuid) : null,
		cacheFolder: join(store.directory, 'cache'),
		root: identity.home,
		uid: identity.uid,
		excludes: [...job.excludes, ...identity.excludes],
		isHomeTaken: task.request.items.includes('homedir'),
		items,
		threads: await readSetting(store, 'engine.threads'),
		manifest: {
			account: identity.name,
			machine,
			createdAt: task.startedAt!,
			kind: task.request.backupKind,
			job: job.name,
			schedules: task.request.schedules,
		},
	};

	return {request, result: await tools.engine().backupTree(request, {signal, onProgress})};
};

const describeProblems = ({items}: BackupTreeResult): string => {
	const bad = items.filter(({status}) => status === 'partial' || status === 'failed');

	return bad.length === 1 && bad[0]!.name === 'homedir' && bad[0]!.error !== null
		? bad[0]!.error
		: `Not everything could be backed up: ${bad.map(({name, status}) => `${name} is ${status}`).join(', ')}.`;
};
