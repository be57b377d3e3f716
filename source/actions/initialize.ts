import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import process from 'node:process';
import type {Identity} from '../domain/account.ts';
import type {Destination} from '../domain/destination.ts';
import {itemNames} from '../domain/item.ts';
import {toText} from '../domain/raw-name.ts';
import {allAccounts, type Job} from '../domain/job.ts';
import {formatRecoveryKey} from '../engine/vault/recovery-key.ts';
import {createVault} from '../engine/vault/create-vault.ts';
import {readVaultId} from '../engine/vault/unlock-vault.ts';
import {UserError} from '../errors.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {writeDurably} from '../system/durable-file.ts';
import {acquireLock} from '../system/lock.ts';
import {newIdentifier} from '../system/new-identifier.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

export type InitializeInput = {
	/** Folder for the local destination; in the state directory unless given. */
	readonly destination?: string | undefined;
	/** File (0600) that receives the recovery key. */
	readonly recoveryKeyFile?: string | undefined;
};

export type Initialized = {
	readonly destination: Destination;
	readonly job: Job;
	/** On paper: four lines. */
	readonly recoveryKey: string;
	readonly accountCount: number;
	/** Why the accounts could not be read, as sentences. */
	readonly problem: string | null;
};

type Keys = {readonly masterKey: Buffer; readonly recoveryKey: Buffer};

const keyLength = 32;

export const defaultDestinationFolder = (stateDirectory: string): string => join(stateDirectory, 'vault');

/**
The first set-up: keys, a local destination, a first job. Cut off anywhere it can be run again; the job is saved last and makes it complete.
@throws UserError `refused` when it was made before or the destination's folder holds anything, `failed`, `busy`.
*/
export const initialize = action('initialize', async (context: Context, {destination: folder, recoveryKeyFile}: InitializeInput): Promise<Initialized> => {
	const {store, clock} = context;
	const lock = await acquireLock(join(store.directory, '.init-lock'), {waitMs: 0, purpose: 'first set-up'});

	try {
		await refuseSecondTime(context);
		const destinationFolder = resolve(folder ?? defaultDestinationFolder(store.directory));
		const {identities, problems} = await refreshAccounts(store, {clock});
		refuseHome(destinationFolder, identities);
		const keys = await makeKeys(context);
		const recoveryKey = formatRecoveryKey(keys.recoveryKey);

		if (recoveryKeyFile !== undefined) {
			await writeRecoveryKey(recoveryKeyFile, recoveryKey);
		}

		const destination = await makeDestination(context, {folder: destinationFolder, keys});
		const job = await makeFirstJob(context, destination);

		return {
			destination, job, recoveryKey, accountCount: identities.filter(({status}) => status !== 'inactive').length, problem: problems.length === 0 ? null : problems.join(' '),
		};
	} finally {
		lock.release();
	}
});

const refuseSecondTime = async ({store}: Context): Promise<void> => {
	const {jobs} = await store.read('jobs');
	const backupKeys = await store.keys('backups');

	if (jobs.length > 0 || backupKeys.length > 0) {
		throw new UserError(`Holdfast is set up in ${store.directory} already.`, {code: 'refused', hint: 'See it with "holdfast status".'});
	}
};

/** Whoever else owns a home could remove or replace what lies in it. */
const refuseHome = (folder: string, identities: readonly Identity[]): void => {
	const owner = identities.find(({home, uid}) => uid !== process.geteuid?.() && home !== '/' && `${folder}/`.startsWith(`${toText(home)}/`));

	if (owner !== undefined) {
		throw new UserError(`${folder} lies in the home of ${toText(owner.name)}, who could remove or replace it.`, {code: 'refused', hint: 'Name a folder with --destination that is root\'s alone.'});
	}
};

const makeKeys = async ({store}: Context): Promise<Keys> => store.update('keys', undefined, draft => {
	draft.masterKey ??= randomBytes(keyLength).toString('base64');
	draft.recoveryKey ??= randomBytes(keyLength).toString('base64');

	return {masterKey: Buffer.from(draft.masterKey, 'base64'), recoveryKey: Buffer.from(draft.recoveryKey, 'base64')};
});

const writeRecoveryKey = async (path: string, recoveryKey: string): Promise<void> => {
	const content = `Recovery key of Holdfast\n${recoveryKey}\n`;

	try {
		if (await readIfPresent(path) === content) {
			return;
		}
	} catch (error) {
		throw cannotWrite(path, error);
	}

	if (await readIfPresent(path) !== undefined) {
		throw new UserError(`${path} exists already.`, {code: 'refused', hint: 'Name a new file for the recovery key.'});
	}

	try {
		await writeDurably(path, content, {mode: 0o600});
	} catch (error) {
		throw cannotWrite(path, error);
	}
};

const cannotWrite = (path: string, error: unknown): UserError => new UserError(`The recovery key could not be written to ${path}: ${(error as Error).message}.`, {
	code: 'failed',
	hint: 'Name a file that you may write to.',
	cause: error,
});

const readIfPresent = async (path: string): Promise<string | undefined> => {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

/** The state knows the destination before the vault is made, so that a cut-off set-up finds its own vault again. */
const makeDestination = async ({store, clock}: Context, {folder, keys}: {readonly folder: string; readonly keys: Keys}): Promise<Destination> => {
	const destination = await store.update('destinations', undefined, draft => {
		const made = draft.destinations.find(each => each.folder === folder) ?? {
			id: newIdentifier(), name: 'local', type: 'local', folder,
		} satisfies Destination;
		draft.destinations = [made];

		return made;
	});

	try {
		if (readVaultId(folder) !== destination.id) {
			await createVault(folder, {id: destination.id, ...keys, createdAt: clock.now().toISOString()});
		}
	} catch (error) {
		if (error instanceof UserError) {
			throw error;
		}

		throw new UserError(`The destination ${folder} could not be made: ${(error as Error).message}.`, {
			code: 'failed',
			hint: 'Name a folder that you may write to with --destination.',
			cause: error,
		});
	}

	return destination;
};

const makeFirstJob = async ({store, clock}: Context, destination: Destination): Promise<Job> => {
	const schedule = {id: newIdentifier(), when: 'daily@02:30', keep: 7};
	const job: Job = {
		name: 'nightly',
		accounts: allAccounts,
		items: [...itemNames],
		structure: 'incremental',
		destination: destination.id,
		encrypted: false,
		enabled: true,
		schedules: [schedule],
		excludes: [],
		manualRetain: 14,
	};

	await store.update('scheduler', undefined, draft => {
		draft.schedules = [{id: schedule.id, coveredUntil: clock.now().toISOString()}];
	});

	return store.update('jobs', undefined, draft => {
		draft.jobs = [job];

		return job;
	});
};
