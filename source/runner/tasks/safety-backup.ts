import {join} from 'node:path';
import {newestOf} from '../../domain/account-view.ts';
import type {Identity} from '../../domain/account.ts';
import type {Backup} from '../../domain/backup.ts';
import {fromText, toScreen} from '../../domain/raw-name.ts';
import type {ItemChoice, RestoreRequest} from '../../domain/restore.ts';
import type {BackupTreeResult, VaultLocation} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {gatherItems} from '../../items/gather-items.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';
import {newIdentifier} from '../../system/new-identifier.ts';
import {withStaging} from '../../system/staging.ts';
import {changeTask, saveBackup} from '../task-records.ts';
import {readWritableVault} from '../vault-location.ts';
import {checkSpace} from './check-space.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

type RestoreTask = TaskOf<'restore'>;

export type SafetyOptions = {
	readonly task: RestoreTask;
	readonly choices: readonly ItemChoice[];
	/** The backup that is restored. */
	readonly backup: Backup;
	readonly tools: TaskTools;
};

/**
Backs up what a restore may overwrite: of the home what is chosen, and the chosen items.
@returns `undefined` where nothing can be overwritten, or the request or the settings want none
@throws UserError when it cannot be made: then nothing live may be touched
*/
export const makeSafetyBackup = async (options: SafetyOptions): Promise<Backup | undefined> => {
	const {task, backup, tools: {store}} = options;
	const {restore} = task.request;
	const {identities} = await store.read('accounts');
	const account = identities.find(({uuid, status}) => uuid === backup.accountUuid && status !== 'inactive');
	const isWanted = restore.isSafetyBackupMade ?? await readSetting(store, 'restore.safetyBackup');

	if (!isWanted || account === undefined || restore.isMerge || restore.target.type === 'folder') {
		return undefined;
	}

	const id = newIdentifier();
	// Known before it exists: a runner that dies meanwhile leaves none that nobody knows.
	await changeTask(store, task, saved => ({...saved, safetyBackup: id}));
	const vault = await findVault(store, backup);
	const plan: SafetyPlan = {
		...options, account, vault, machine: await readSetting(store, 'machine.name'), id,
	};

	try {
		await checkSpace(vault, store);
		const record = recordOf(await capture(plan), plan);
		await saveBackup(store, record);

		return record;
	} catch (error) {
		await changeTask(store, task, saved => ({...saved, safetyBackup: null}));
		throw error;
	}
};

/** Where the restored backup lies; a destination that a scan found is not written to. */
const findVault = async (store: Store, backup: Backup): Promise<VaultLocation> => {
	const {destinations} = await store.read('destinations');
	const own = destinations.filter(({scannedAt}) => scannedAt === undefined);
	const destination = own.find(({id}) => id === backup.destination) ?? own[0];

	if (destination === undefined) {
		throw new UserError('There is no destination of this server\'s own that could hold the safety backup.', {
			code: 'refused',
			hint: 'Adopt one with "holdfast destination adopt", or go without with --no-safety-backup.',
		});
	}

	return readWritableVault(store, destination.id);
};

type SafetyPlan = SafetyOptions & {readonly account: Identity; readonly vault: VaultLocation; readonly machine: string; readonly id: string};

const capture = async ({task, choices, tools, account, vault, machine, id}: SafetyPlan): Promise<BackupTreeResult> => withStaging(tools.store.directory, async folder => {
	const {store, signal, engine} = tools;
	const items = await gatherItems(choices.map(({name}) => name), {
		account, store, signal, staging: fromText(folder),
	});
	const failed = items.find(({status}) => status === 'failed' || status === 'partial');

	if (failed !== undefined) {
		throw new UserError(`The safety backup of ${failed.name} of ${toScreen(account.name)} cannot be made, so nothing was changed: ${failed.error ?? failed.status}.`, {
			code: 'failed',
			hint: 'Mend that, or go without with --no-safety-backup.',
		});
	}

	return engine().backupTree({
		vault,
		accountUuid: account.uuid,
		backupId: id,
		previousBackupId: await newestAt(vault.id, account.uuid, store),
		cacheFolder: join(store.directory, 'cache'),
		root: account.home,
		uid: account.uid,
		excludes: [],
		onlyPaths: pathsOf(task.request.restore),
		isHomeTaken: choices.some(({name}) => name === 'homedir'),
		isCacheKept: true,
		items,
		threads: await readSetting(store, 'engine.threads'),
		manifest: {
			account: account.name,
			machine,
			createdAt: tools.clock.now().toISOString(),
			kind: 'safety',
			job: null,
			schedules: [],
		},
	}, {signal});
});

/** `undefined`: all. */
const pathsOf = ({selection: {rules}}: RestoreRequest): readonly string[] | undefined => {
	const paths = rules.filter(({isIncluded}) => isIncluded).map(({path}) => path);

	return paths.includes('') ? undefined : paths;
};

const newestAt = async (destination: string, account: string, store: Store): Promise<string | null> => {
	const {backups} = await store.read('backups', account);

	return newestOf(backups.filter(backup => backup.destination === destination && backup.kind !== 'safety' && backup.status !== 'damaged' && backup.structure === 'incremental'))?.id ?? null;
};

const recordOf = (made: BackupTreeResult, {account, vault, machine, id, tools}: SafetyPlan): Backup => ({
	id,
	accountUuid: account.uuid,
	account: account.name,
	machine,
	home: account.home,
	createdAt: tools.clock.now().toISOString(),
	kind: 'safety',
	status: made.status,
	structure: 'incremental',
	job: null,
	schedules: [],
	locked: false,
	lockedUntil: null,
	encrypted: false,
	keyKind: null,
	destination: vault.id,
	sizeBytes: made.sizeBytes,
	storedBytes: made.storedBytes,
	fileCount: made.fileCount,
	items: made.items,
});
