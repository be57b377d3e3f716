import {join} from 'node:path';
import type {Identity} from '../../domain/account.ts';
import {currentKeyOf} from '../../domain/account-key.ts';
import type {Backup} from '../../domain/backup.ts';
import {fromText, toScreen} from '../../domain/raw-name.ts';
import type {ItemName} from '../../domain/item.ts';
import type {ItemChoice, Selection} from '../../domain/restore.ts';
import type {Task} from '../../domain/task.ts';
import type {BackupTreeRequest, GatheredItem, VaultLocation} from '../../engine/engine.ts';
import {ensureAccountVault} from '../../engine/vault/account-vault.ts';
import {UserError} from '../../errors.ts';
import {gatherItems} from '../../items/gather-items.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';
import {newIdentifier} from '../../system/new-identifier.ts';
import {withStaging} from '../../system/staging.ts';
import {readComparable, recordOfMade} from '../backup-record.ts';
import {changeTask, saveBackup} from '../task-records.ts';
import {readWritableVault} from '../vault-location.ts';
import {checkSpace} from './check-space.ts';
import type {TaskTools} from './task-tools.ts';

export type SafetyOptions = {
	readonly task: Task;
	/** What is carried out, as far as the rights of who asked give it. */
	readonly choices: readonly ItemChoice[];
	/** What may be changed. */
	readonly names: readonly ItemName[];
	/** Of the home. */
	readonly selection: Selection;
	readonly isWanted: boolean;
	/** The backup that is restored. */
	readonly backup: Backup;
	readonly tools: TaskTools;
};

export type Safety = {
	/** `undefined` where there is nothing live, or none is wanted. */
	readonly safety: Backup | undefined;
	/** Items that could not be backed up, so that they may not be changed. */
	readonly refused: ReadonlyMap<ItemName, UserError>;
};

/**
Backs up what a restore may change: of the home what is chosen, and the chosen items. A task that is run again keeps the first one, and gets one more.
@throws UserError when it cannot be made: then nothing live may be touched
*/
export const makeSafetyBackup = async (options: SafetyOptions): Promise<Safety> => {
	const {task, choices, selection, isWanted, backup, tools: {store, clock}} = options;
	const {identities} = await store.read('accounts');
	const account = identities.find(({uuid, status}) => uuid === backup.accountUuid && status !== 'inactive');

	if (!isWanted || account === undefined) {
		return {safety: undefined, refused: new Map()};
	}

	const id = newIdentifier();
	const field = await findField(store, task);
	const within = field === 'safetyBackup' && task.askedAs !== undefined ? {within: {items: choices, selection}} : undefined;
	const setField = async (value: string | null): Promise<void> => {
		await changeTask(store, task, saved => ({...saved, ...within, [field]: value}));
	};

	// Known before it exists: a runner that dies meanwhile leaves none that nobody knows.
	await setField(id);
	const vault = await findVault(store, {backup, account, createdAt: clock.now().toISOString()});

	try {
		await checkSpace(vault, store);
		const plan: SafetyPlan = {
			...options, account, vault, machine: await readSetting(store, 'machine.name'), id,
		};
		const {safety, refused} = await capture(plan);
		await saveBackup(store, safety);

		return {safety, refused};
	} catch (error) {
		await setField(null);
		throw error;
	}
};

/** The first one tells what was live before the task was run for the first time: it is what a rollback brings back. */
const findField = async (store: Store, {accountUuid, safetyBackup}: Task): Promise<'safetyBackup' | 'laterSafetyBackup'> => {
	const {backups} = await store.read('backups', accountUuid!);

	return backups.some(({id}) => id === safetyBackup) ? 'laterSafetyBackup' : 'safetyBackup';
};

type SafetyPlace = {readonly backup: Backup; readonly account: Identity; readonly createdAt: string};

/** Where the restored backup lies, under the account's key if it has one; a destination that a scan found is not written to. */
const findVault = async (store: Store, {backup, account, createdAt}: SafetyPlace): Promise<VaultLocation> => {
	const {destinations} = await store.read('destinations');
	const own = destinations.filter(({scannedAt}) => scannedAt === undefined);
	const destination = own.find(({id}) => id === backup.destination) ?? own[0];

	if (destination === undefined) {
		throw new UserError('There is no destination of this server\'s own that could hold the safety backup.', {
			code: 'refused',
			hint: 'Adopt one with "holdfast destination adopt", or go without with --no-safety-backup.',
		});
	}

	const {keys} = await store.read('account-keys');
	const vault = await readWritableVault({store}, {destination: destination.id, keyId: currentKeyOf(keys, account.uuid)?.id});

	if (vault.account) {
		await ensureAccountVault({...vault, account: vault.account}, createdAt);
	}

	return vault;
};

type SafetyPlan = SafetyOptions & {readonly account: Identity; readonly vault: VaultLocation; readonly machine: string; readonly id: string};

const capture = async ({names, selection, tools, account, vault, machine, id}: SafetyPlan): Promise<{readonly safety: Backup; readonly refused: Safety['refused']}> => withStaging(tools.store.directory, async folder => {
	const {store, signal, engine} = tools;
	const items = await gatherItems(names, {
		account, store, signal, staging: fromText(folder), isSaving: true,
	});
	const failed = items.filter(({status}) => status === 'failed' || status === 'partial');
	const refused = new Map(failed.map(item => [item.name, refusalOf(item, account)]));

	const request: BackupTreeRequest = {
		vault,
		accountUuid: account.uuid,
		backupId: id,
		previousBackupId: await readComparable(store, vault, account.uuid),
		cacheFolder: join(store.directory, 'cache'),
		root: account.home,
		uid: account.uid,
		excludes: [],
		onlyPaths: pathsOf(selection),
		isHomeTaken: names.includes('homedir'),
		isCacheKept: true,
		items: items.map(item => refused.has(item.name)
			? {
				...item, status: 'failed', parts: [], folder: null,
			}
			: item),
		threads: await readSetting(store, 'engine.threads'),
		manifest: {
			account: account.name,
			machine,
			createdAt: tools.clock.now().toISOString(),
			kind: 'safety',
			job: null,
			schedules: [],
		},
	};

	return {safety: recordOfMade(request, await engine().backupTree(request, {signal})), refused};
});

const refusalOf = ({name, error, status}: GatheredItem, account: Identity): UserError => new UserError(`The safety backup of ${name} of ${toScreen(account.name)} cannot be made, so nothing of it was changed: ${error ?? status}.`, {
	code: 'failed',
	hint: 'Mend that, or go without with --no-safety-backup.',
});

/** `undefined`: all. */
const pathsOf = ({rules}: Selection): readonly string[] | undefined => {
	const paths = rules.filter(({isIncluded}) => isIncluded).map(({path}) => path);

	return paths.includes('') ? undefined : paths;
};
