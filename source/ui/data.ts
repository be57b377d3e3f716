import {listAccounts, showAccount, type ListAccountsInput} from '../actions/accounts.ts';
import {listBackups, showBackup} from '../actions/backups.ts';
import type {EncryptionInput} from '../actions/account-encryption.ts';
import type {AuditInput} from '../actions/audit.ts';
import type {Context} from '../actions/context.ts';
import {createBackups, type CreateBackupsInput} from '../actions/create-backups.ts';
import {isDaemonRunning} from '../actions/daemon-lock.ts';
import type {StartDownload} from '../actions/downloads.ts';
import type {GroupChanges} from '../actions/groups.ts';
import {listJobs, showJob} from '../actions/list-jobs.ts';
import {listOrphans} from '../actions/orphans.ts';
import type {NeededBy} from '../actions/owner-keys.ts';
import type {PreviewRetentionInput} from '../actions/preview-retention.ts';
import type {StartOptions} from '../actions/restores.ts';
import type {AccountChoice, JobChanges} from '../actions/save-job.ts';
import {setAccount} from '../actions/set-account.ts';
import {listSettings, readServerName, setSetting} from '../actions/settings.ts';
import type {NewUser} from '../actions/users.ts';
import {readStatus} from '../actions/status.ts';
import {
	abortTask,
	listTasks,
	retryTask,
	showTask,
} from '../actions/tasks.ts';
import {watchTasks, type WatchTasksOptions} from '../actions/watch-tasks.ts';
import type {AccountChanges} from '../domain/account-changes.ts';
import type {Job} from '../domain/job.ts';
import type {OrphanView} from '../domain/orphan.ts';
import type {RightsChange} from '../domain/rights-change.ts';
import type {Role} from '../domain/user.ts';
import {toText, type RawPath} from '../domain/raw-name.ts';
import type {RestoreRequest} from '../domain/restore.ts';
import type {KeyMemory} from './key-memory.ts';

/** A path in a backup's home, by the backup's id. */
export type StoredPath = {readonly backup: string; readonly path: RawPath};

/** What reads archives is loaded when it is wanted: the first frame does not wait for it. */
const browsing = async () => import('../actions/browse.ts');
const users = async () => import('../actions/users.ts');
const restoring = async () => import('../actions/restores.ts');

/** The actions the terminal uses, bound to its context: the only way in which a screen reads or changes anything. */
export const createData = (opened: Context, keyMemory: KeyMemory) => {
	const context: Context = {
		...opened,
		get ownerKeys() {
			return keyMemory.keys;
		},
	};

	/** What is read under a remote key wants its owner's private one. */
	const requireKeys = async (by: NeededBy): Promise<void> => keyMemory.require(context, by);
	const requireKeysOf = async (...backups: ReadonlyArray<string | null>): Promise<void> => requireKeys({type: 'backups', backups: backups.filter(id => id !== null)});

	return {
		async machineName(): Promise<string> {
			return readServerName(context);
		},
		readStatus: async (options?: Parameters<typeof readStatus>[1]) => readStatus(context, options),
		listAccounts: async (input?: ListAccountsInput) => listAccounts(context, input),
		showAccount: async (uuid: string) => showAccount(context, uuid),
		setAccount: async (uuid: string, changes: AccountChanges) => setAccount(context, uuid, changes),
		listOrphans: async () => listOrphans(context),
		/** Reads much of the destination, unless nothing changed there since the last time. */
		async measureOrphans() {
			const {measureOrphans} = await import('../actions/measure-orphans.ts');
			const {orphans} = await listOrphans(context);

			return measureOrphans(context, orphans);
		},
		async measureTogether(orphans: readonly OrphanView[], signal: AbortSignal) {
			const {measureTogether} = await import('../actions/measure-orphans.ts');

			return measureTogether(context, orphans, {signal});
		},
		async setAccounts(uuids: readonly string[], changes: AccountChanges) {
			const {setAccounts} = await import('../actions/set-account.ts');

			return setAccounts(context, uuids, changes);
		},
		async measureAccount(account: string, excludes: readonly string[], signal: AbortSignal) {
			const {measureAccount} = await import('../actions/measure-account.ts');

			return measureAccount(context, {account, excludes, signal});
		},
		async showEncryption(account: string) {
			const {showEncryption} = await import('../actions/account-encryption.ts');

			return showEncryption(context, account);
		},
		async setEncryption(input: EncryptionInput) {
			const {setEncryption} = await import('../actions/account-encryption.ts');

			return setEncryption(context, input);
		},
		async previewReset(account: string) {
			const {previewReset} = await import('../actions/reset-key.ts');

			return previewReset(context, account);
		},
		async resetKey(account: string, confirmation: string) {
			const {resetKey} = await import('../actions/reset-key.ts');

			return resetKey(context, {account, confirmation});
		},
		async readPublicKeyFile(path: string) {
			const {readKeyFile} = await import('../actions/read-key-file.ts');

			return readKeyFile(path, 'an OpenPGP public key');
		},
		/** A private key, into a new file. */
		async writeSecret(path: string, content: string) {
			const {writeSecret} = await import('../actions/write-secret.ts');

			return writeSecret(path, content, 'The private key');
		},
		async listTags() {
			const {listTags} = await import('../actions/tags.ts');

			return listTags(context);
		},
		async createTag(name: string) {
			const {createTag} = await import('../actions/tags.ts');

			return createTag(context, name);
		},
		async setTag(name: string, color: string) {
			const {setTag} = await import('../actions/tags.ts');

			return setTag(context, name, {color});
		},
		async deleteTag(name: string) {
			const {deleteTag} = await import('../actions/tags.ts');

			return deleteTag(context, name);
		},
		async listGroups() {
			const {listGroups} = await import('../actions/groups.ts');

			return listGroups(context);
		},
		async createGroup(name: string) {
			const {createGroup} = await import('../actions/groups.ts');

			return createGroup(context, name, {});
		},
		async setGroup(name: string, changes: GroupChanges) {
			const {setGroup} = await import('../actions/groups.ts');

			return setGroup(context, name, changes);
		},
		async deleteGroup(name: string) {
			const {deleteGroup} = await import('../actions/groups.ts');

			return deleteGroup(context, name);
		},
		listJobs: async () => listJobs(context),
		/** Whether anything runs by schedule. */
		isDaemonRunning: async () => isDaemonRunning(context.store.directory),
		showJob: async (name: string) => showJob(context, name),
		async createJob(name: string) {
			const {createJob} = await import('../actions/save-job.ts');

			return createJob(context, name, {});
		},
		async previewMembers(choice: AccountChoice, job: Pick<Job, 'encrypted'>) {
			const {previewMembers} = await import('../actions/save-job.ts');

			return previewMembers(context, choice, job);
		},
		async setJob(name: string, changes: JobChanges) {
			const {setJob} = await import('../actions/save-job.ts');

			return setJob(context, name, changes);
		},
		async duplicateJob(name: string, copy: string) {
			const {duplicateJob} = await import('../actions/save-job.ts');

			return duplicateJob(context, {name, copy});
		},
		async deleteJob(name: string) {
			const {deleteJob} = await import('../actions/save-job.ts');

			return deleteJob(context, name);
		},
		async runJob(name: string) {
			const {runJob} = await import('../actions/run-job.ts');

			return runJob(context, name);
		},
		listSettings: async () => listSettings(context),
		setSetting: async (key: string, value: string) => setSetting(context, {key, value}),
		async listUsers() {
			const {listUsers} = await users();

			return listUsers(context);
		},
		async createUser(user: NewUser) {
			const {createUser} = await users();

			return createUser(context, user);
		},
		async setUser(name: string, changes: {readonly role?: Role; readonly email?: string}) {
			const {setUser} = await users();

			return setUser(context, name, changes);
		},
		async deleteUser(name: string) {
			const {deleteUser} = await users();

			return deleteUser(context, name);
		},
		async changePassword(name: string, passwords: {readonly oldPassword: string; readonly password: string}) {
			const {changePassword} = await users();

			return changePassword(context, name, passwords);
		},
		async showRights(name: string) {
			const {showRights} = await import('../actions/rights.ts');

			return showRights(context, name);
		},
		async saveRights(name: string, changes: readonly RightsChange[]) {
			const {saveRights} = await import('../actions/rights.ts');

			return saveRights(context, name, changes);
		},
		/** What backups hold below a full path. */
		async listRightsPaths(parent: string) {
			const {listRightsPaths} = await import('../actions/rights-paths.ts');

			return listRightsPaths(context, parent);
		},
		async readAudit(filter: AuditInput) {
			const {readAudit} = await import('../actions/audit.ts');

			return readAudit(context, filter);
		},
		async previewRetention(input: PreviewRetentionInput) {
			const {previewRetention} = await import('../actions/preview-retention.ts');

			return previewRetention(context, input);
		},
		async startCleanup() {
			const {startCleanup} = await import('../actions/cleanup.ts');

			return startCleanup(context);
		},
		async lockBackup(id: string, until: string | null) {
			const {lockBackup} = await import('../actions/backup-locks.ts');

			return lockBackup(context, id, until);
		},
		async unlockBackup(id: string) {
			const {unlockBackup} = await import('../actions/backup-locks.ts');

			return unlockBackup(context, id);
		},
		async deleteOrphan(uuid: string, confirmation: string) {
			const {deleteOrphan} = await import('../actions/orphan-acts.ts');

			return deleteOrphan(context, {account: uuid, confirmation});
		},
		async startDownload(input: StartDownload) {
			await requireKeysOf(input.backup);
			const {startDownload} = await import('../actions/downloads.ts');

			return startDownload(context, input);
		},
		async listDownloads() {
			const {listDownloads} = await import('../actions/downloads.ts');

			return listDownloads(context);
		},
		async saveDownload(id: string, path: string) {
			const {saveDownload} = await import('../actions/downloads.ts');

			return saveDownload(context, {id, path});
		},
		async deleteDownload(id: string) {
			const {deleteDownload} = await import('../actions/downloads.ts');

			return deleteDownload(context, id);
		},
		async listAssignable() {
			const {listAssignable} = await import('../actions/assign-accounts.ts');

			return listAssignable(context);
		},
		async clearTasks() {
			const {clearTasks} = await import('../actions/clear-tasks.ts');

			return clearTasks(context, {isPending: false});
		},
		async assignAccount(uuid: string, account: string) {
			const {assignAccount} = await import('../actions/assign-accounts.ts');

			return assignAccount(context, {uuid, account});
		},
		createBackups: async (input: CreateBackupsInput) => createBackups(context, input),
		/** All that have not ended, and the newest that have. */
		listTasks: async (mostFinished: number) => listTasks(context, {isAll: true, mostFinished}),
		showTask: async (id: string) => showTask(context, id),
		watchTasks: async (options: WatchTasksOptions) => watchTasks(context, options),
		abortTask: async (id: string) => abortTask(context, id),
		async retryTask(id: string) {
			await requireKeys({type: 'task', id});

			return retryTask(context, id);
		},
		listBackups: async (accountUuid: string) => listBackups(context, {account: accountUuid}),
		showBackup: async (id: string) => showBackup(context, id),
		/** Folder by folder, a folder before what lies below it, names in byte order. */
		async listRecursive({backup, path}: StoredPath) {
			await requireKeysOf(backup);
			const {listRecursive} = await browsing();

			return listRecursive(context, {backup, path: toText(path)});
		},
		async readStoredFile({backup, path}: StoredPath) {
			await requireKeysOf(backup);
			const {readStoredFile} = await browsing();

			return readStoredFile(context, {backup, path: toText(path)});
		},
		async previewRestore(request: RestoreRequest, signal: AbortSignal) {
			await requireKeysOf(...readBy(request));
			const {previewRestore} = await restoring();

			return previewRestore(context, request, {signal});
		},
		async startRestore(request: RestoreRequest, options: StartOptions) {
			await requireKeysOf(...readBy(request));
			const {startRestore} = await restoring();

			return startRestore(context, request, options);
		},
		async listConditions() {
			const {listConditions} = await import('../actions/conditions.ts');

			return listConditions(context);
		},
		async previewRollback(task: string, signal: AbortSignal) {
			await requireKeys({type: 'rollback', id: task});
			const {previewRollback} = await import('../actions/rollbacks.ts');

			return previewRollback(context, task, {signal});
		},
		async startRollback(task: string) {
			await requireKeys({type: 'rollback', id: task});
			const {startRollback} = await import('../actions/rollbacks.ts');

			return startRollback(context, task);
		},
	};
};

/** Ids of the backups that a restore reads. */
const readBy = ({backup, items = []}: RestoreRequest): ReadonlyArray<string | null> => [backup, ...items.map(item => item.backup)];

export type Data = ReturnType<typeof createData>;
