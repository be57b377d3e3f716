import type {Backup} from '../domain/backup.ts';
import type {Finding} from '../domain/item.ts';
import {decideTaskState} from '../domain/task-state.ts';
import type {Task} from '../domain/task.ts';
import type {Manifest} from '../engine/catalog/manifest.ts';
import type {VaultLocation} from '../engine/engine.ts';
import {openVault} from '../engine/vault/vault.ts';
import {UserError} from '../errors.ts';
import {recoverSwaps} from '../items/databases/recover-swaps.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import {removeUnfinished} from './download-files.ts';
import {recordOfManifest} from './backup-record.ts';
import {
	emptyOutcome,
	endTask,
	interruptedOutcome,
	type TaskOutcome,
} from './task-outcome.ts';
import {changeTask, readIntactTasks, saveBackup} from './task-records.ts';
import {recoverTerminations} from './tasks/terminate/recover-terminations.ts';
import {readVaultsAt} from './vault-location.ts';

export type RecoverOptions = {
	readonly store: Store;
	readonly clock: Clock;
	readonly log: (text: string) => void;
	/** A task was ended, and that is saved. */
	readonly onEnded: (task: Task) => void;
};

/**
Ends the tasks that a dead runner left behind as running; the caller holds the runner's lock. A backup counts as made when its manifest is stored: one
whose runner died right after that is taken into the state.
*/
export const recoverTasks = async (options: RecoverOptions): Promise<void> => {
	const tasks = await readIntactTasks(options.store, options.log);
	const left = tasks.filter(({state}) => state === 'running');
	const recovered = await recoverTerminations(options.store, options.log);
	await recoverSwaps(options.store, options.log);

	for (const task of left) {
		await recoverSafetyBackup(task, options);
		const findings = recovered.filter(each => each.task === task.id).map(({finding}) => finding);
		const outcome = withFindings(await recoverOutcome(task, options), findings);

		if (outcome.made !== null) {
			await saveBackup(options.store, outcome.made);
		}

		const ended = await changeTask(options.store, task, saved => endTask(saved, outcome, options.clock.now().toISOString()));
		options.log(`Task ${task.id} was left behind by a runner that died: it is ${outcome.state} now.`);

		if (ended !== undefined) {
			options.onEnded(ended);
		}
	}
};

/** What became of the live side is said in the error, too. */
const withFindings = (outcome: TaskOutcome, findings: readonly Finding[]): TaskOutcome => findings.length === 0
	? outcome
	: {
		...outcome,
		findings: [...findings, ...outcome.findings],
		error: outcome.error && {...outcome.error, message: `${outcome.error.message} Then ${findings.map(({message}) => message).join('; ')}.`},
	};

const recoverOutcome = async (task: Task, {store, log}: RecoverOptions): Promise<TaskOutcome> => {
	if (task.kind === 'download') {
		return recoverDownload(task, store);
	}

	const made = await findMade(task, store, log);

	if (made === undefined) {
		return interruptedOutcome(task);
	}

	const state = decideTaskState(made.record.items);

	return {
		...emptyOutcome,
		state,
		items: made.record.items,
		made: made.record,
		findings: made.manifest.items.flatMap(({findings}) => findings),
		error: state === 'completed' ? null : {code: 'partial', message: 'Not everything could be backed up.', hint: `See "holdfast queue show ${task.id}".`},
	};
};

/** A download counts as made when it is in the state; else nothing of it is left. */
const recoverDownload = async (task: Task, store: Store): Promise<TaskOutcome> => {
	const {downloads} = await store.read('downloads');
	const download = downloads.find(({id}) => id === task.download);

	if (download !== undefined) {
		return {
			...emptyOutcome,
			state: download.isPartial ? 'partial' : 'completed',
			download: download.id,
			error: download.isPartial ? {code: 'partial', message: 'Not everything that was chosen is in the package.', hint: 'Pack it again to see what is missing.'} : null,
		};
	}

	if (task.download !== null) {
		await removeUnfinished(store, task.download);
	}

	return interruptedOutcome(task);
};

/** A safety backup that was made but not remembered. */
const recoverSafetyBackup = async ({accountUuid, safetyBackup, laterSafetyBackup}: Task, {store, log}: RecoverOptions): Promise<void> => {
	const backup = laterSafetyBackup ?? safetyBackup;

	if (backup === null || accountUuid === null) {
		return;
	}

	const {backups} = await store.read('backups', accountUuid);
	const {destinations} = await store.read('destinations');

	if (backups.some(({id}) => id === backup)) {
		return;
	}

	for (const {id} of destinations) {
		const made = await findStored({accountUuid, backup, destination: id}, store, log);

		if (made !== undefined) {
			await saveBackup(store, made.record);
		}
	}
};

type Made = {readonly manifest: Manifest; readonly record: Backup};

const findMade = async ({request, accountUuid, backup}: Task, store: Store, log: (text: string) => void): Promise<Made | undefined> => {
	const {jobs} = await store.read('jobs');
	const destination = request.kind === 'backup' ? request.package?.destination ?? jobs.find(({name}) => name === request.job)?.destination : undefined;

	return destination === undefined || backup === null || accountUuid === null ? undefined : findStored({accountUuid, backup, destination}, store, log);
};

type Sought = {readonly accountUuid: string; readonly backup: string; readonly destination: string};

const findStored = async ({accountUuid, backup, destination}: Sought, store: Store, log: (text: string) => void): Promise<Made | undefined> => {
	try {
		for (const location of await readVaultsAt({store}, destination, accountUuid)) {
			const made = await findStoredIn(location, {accountUuid, backup});

			if (made !== undefined) {
				return made;
			}
		}

		return undefined;
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		// Without its destination it is at least known that the task did not end well.
		log(`Whether backup ${backup} was finished cannot be seen: ${error.message}`);

		return undefined;
	}
};

const findStoredIn = async (location: VaultLocation, {accountUuid, backup}: Omit<Sought, 'destination'>): Promise<Made | undefined> => {
	const vault = await openVault(location);

	try {
		const isStored = vault.listBackups(accountUuid).some(({backupId}) => backupId === backup);
		const manifest = isStored ? vault.readManifest(accountUuid, backup) : undefined;

		return manifest && {manifest, record: recordOfManifest(manifest, location)};
	} finally {
		vault.close();
	}
};
