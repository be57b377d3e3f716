import type {AnyCommand} from './command.ts';

export type CommandEntry = {
	/** The words that call it. */
	readonly name: string;
	/** What it does, without a full stop. */
	readonly summary: string;
	/** Commands are imported when they are called, so that each starts fast. */
	readonly load: () => Promise<AnyCommand>;
};

const from = <Key extends string>(load: () => Promise<Readonly<Record<Key, AnyCommand>>>, key: Key) => async (): Promise<AnyCommand> => {
	const module = await load();

	return module[key];
};

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
	{name: 'demo', summary: 'makes a sandbox and opens the terminal on it; no root needed', load: from(async () => import('./demo.ts'), 'demo')},
	{name: 'init', summary: 'first set-up: state, keys, a local destination, a first job', load: from(async () => import('./init.ts'), 'init')},
	{name: 'status', summary: 'one screen: accounts, last runs, problems, queue, space', load: from(async () => import('./status.ts'), 'status')},
	{name: 'doctor', summary: 'checks the surroundings and says how to mend each problem', load: from(async () => import('./doctor.ts'), 'doctor')},
	{name: 'account list', summary: 'the accounts, with their last backup, count and size', load: from(async () => import('./account-list.ts'), 'accountList')},
	{name: 'account show', summary: 'one account and its settings', load: from(async () => import('./account-show.ts'), 'accountShow')},
	{name: 'account set', summary: 'changes the settings of accounts', load: from(async () => import('./account-set.ts'), 'accountSet')},
	{name: 'account excludes', summary: 'what the excludes of an account leave out right now', load: from(async () => import('./account-excludes.ts'), 'accountExcludes')},
	{name: 'account encryption', summary: 'how an account is encrypted: its preference and its key', load: from(async () => import('./account-encryption.ts'), 'accountEncryption')},
	{name: 'account rebind', summary: 'says that the changed homes of accounts are theirs', load: from(async () => import('./account-rebind.ts'), 'accountRebind')},
	{name: 'account assignable', summary: 'backups of removed accounts that live ones can take over', load: from(async () => import('./account-assign.ts'), 'accountAssignable')},
	{name: 'account assign', summary: 'gives the backups of a removed account to a live one', load: from(async () => import('./account-assign.ts'), 'accountAssign')},
	{name: 'backup create', summary: 'backs up accounts now: on demand, or as a manual run of a job', load: from(async () => import('./backup-create.ts'), 'backupCreate')},
	{name: 'backup list', summary: 'the backups, with size, kind and status', load: from(async () => import('./backup-list.ts'), 'backupList')},
	{name: 'backup show', summary: 'one backup and its items', load: from(async () => import('./backup-show.ts'), 'backupShow')},
	{name: 'backup files', summary: 'the stored entries of a folder', load: from(async () => import('./backup-files.ts'), 'backupFiles')},
	{name: 'backup find', summary: 'every backup that holds a matching path, and which versions differ', load: from(async () => import('./backup-find.ts'), 'backupFind')},
	{name: 'backup diff', summary: 'what changed since a backup, in another one or live', load: from(async () => import('./backup-diff.ts'), 'backupDiff')},
	{name: 'backup cat', summary: 'a stored file to standard output', load: from(async () => import('./backup-cat.ts'), 'backupCat')},
	{name: 'backup verify', summary: 'proves that what is stored can be restored', load: from(async () => import('./backup-verify.ts'), 'backupVerify')},
	{name: 'backup import', summary: 'makes a backup of a package that was downloaded, here or elsewhere', load: from(async () => import('./backup-import.ts'), 'backupImport')},
	{name: 'backup delete', summary: 'deletes a backup for good', load: from(async () => import('./backup-delete.ts'), 'backupDelete')},
	{name: 'backup lock', summary: 'takes a backup out of rotation, for ever or until a date', load: from(async () => import('./backup-lock.ts'), 'backupLock')},
	{name: 'backup unlock', summary: 'gives a backup back to its rotation, and says what that will do', load: from(async () => import('./backup-lock.ts'), 'backupUnlock')},
	{name: 'restore', summary: 'restores a home, or chosen files of it', load: from(async () => import('./restore.ts'), 'restore')},
	{name: 'rollback', summary: 'undoes a restore', load: from(async () => import('./rollback.ts'), 'rollback')},
	{name: 'download create', summary: 'packs parts of a backup into one portable file', load: from(async () => import('./download.ts'), 'downloadCreate')},
	{name: 'download list', summary: 'the downloads, with their size and expiry', load: from(async () => import('./download.ts'), 'downloadList')},
	{name: 'download save', summary: 'copies a download to a file or to standard output', load: from(async () => import('./download.ts'), 'downloadSave')},
	{name: 'download delete', summary: 'removes a download before its time', load: from(async () => import('./download.ts'), 'downloadDelete')},
	{name: 'orphan list', summary: 'removed accounts that still have backups', load: from(async () => import('./orphan-list.ts'), 'orphanList')},
	{name: 'orphan show', summary: 'one orphan and its backups', load: from(async () => import('./orphan.ts'), 'orphanShow')},
	{name: 'orphan delete', summary: 'deletes all backups of an orphan', load: from(async () => import('./orphan.ts'), 'orphanDelete')},
	{name: 'tag list', summary: 'the tags, with colours and accounts', load: from(async () => import('./tag.ts'), 'tagList')},
	{name: 'tag create', summary: 'makes a tag', load: from(async () => import('./tag.ts'), 'tagCreate')},
	{name: 'tag set', summary: 'changes the colour of a tag', load: from(async () => import('./tag.ts'), 'tagSet')},
	{name: 'tag delete', summary: 'deletes a tag', load: from(async () => import('./tag.ts'), 'tagDelete')},
	{name: 'group list', summary: 'the queue priority groups', load: from(async () => import('./group.ts'), 'groupList')},
	{name: 'group create', summary: 'makes a priority group', load: from(async () => import('./group.ts'), 'groupCreate')},
	{name: 'group set', summary: 'changes a priority group', load: from(async () => import('./group.ts'), 'groupSet')},
	{name: 'group delete', summary: 'deletes a priority group', load: from(async () => import('./group.ts'), 'groupDelete')},
	{name: 'job list', summary: 'the jobs, with their schedules and next runs', load: from(async () => import('./job.ts'), 'jobList')},
	{name: 'job show', summary: 'one job', load: from(async () => import('./job.ts'), 'jobShow')},
	{name: 'job create', summary: 'makes a job', load: from(async () => import('./job.ts'), 'jobCreate')},
	{name: 'job set', summary: 'changes a job', load: from(async () => import('./job.ts'), 'jobSet')},
	{name: 'job duplicate', summary: 'copies a job', load: from(async () => import('./job.ts'), 'jobDuplicate')},
	{name: 'job delete', summary: 'deletes a job; its backups stay', load: from(async () => import('./job.ts'), 'jobDelete')},
	{name: 'job run', summary: 'runs a job now', load: from(async () => import('./job-run.ts'), 'jobRun')},
	{name: 'job enable', summary: 'switches the schedules of a job on', load: from(async () => import('./job.ts'), 'jobEnable')},
	{name: 'job disable', summary: 'switches them off', load: from(async () => import('./job.ts'), 'jobDisable')},
	{name: 'queue list', summary: 'what runs and what waits', load: from(async () => import('./queue-list.ts'), 'queueList')},
	{name: 'queue show', summary: 'one task, with its results', load: from(async () => import('./queue-show.ts'), 'queueShow')},
	{name: 'queue watch', summary: 'follows the queue until Ctrl-C', load: from(async () => import('./queue-watch.ts'), 'queueWatch')},
	{name: 'queue abort', summary: 'takes a task off the queue, or stops it', load: from(async () => import('./queue-abort.ts'), 'queueAbort')},
	{name: 'queue retry', summary: 'runs a task again that did not complete', load: from(async () => import('./queue-retry.ts'), 'queueRetry')},
	{name: 'queue clear', summary: 'forgets finished tasks', load: from(async () => import('./queue-clear.ts'), 'queueClear')},
	{name: 'destination list', summary: 'where backups live', load: from(async () => import('./destination.ts'), 'destinationList')},
	{name: 'destination show', summary: 'one destination, its space and its condition', load: from(async () => import('./destination.ts'), 'destinationShow')},
	{name: 'destination check', summary: 'whether a destination is there and is the right one', load: from(async () => import('./destination.ts'), 'destinationCheck')},
	{name: 'destination scan', summary: 'finds the backups at a destination again, and the state of a lost server', load: from(async () => import('./destination-scan.ts'), 'destinationScan')},
	{name: 'destination adopt', summary: 'makes what a scan found this server\'s own', load: from(async () => import('./destination-scan.ts'), 'destinationAdopt')},
	{name: 'cleanup', summary: 'frees what no backup needs any more', load: from(async () => import('./cleanup.ts'), 'cleanup')},
	{name: 'condition list', summary: 'what has to be accepted before a restore', load: from(async () => import('./condition.ts'), 'conditionList')},
	{name: 'condition create', summary: 'makes a restore condition', load: from(async () => import('./condition.ts'), 'conditionCreate')},
	{name: 'condition set', summary: 'changes the text of a condition', load: from(async () => import('./condition.ts'), 'conditionSet')},
	{name: 'condition delete', summary: 'deletes a condition', load: from(async () => import('./condition.ts'), 'conditionDelete')},
	{name: 'setting list', summary: 'all settings, with their default, unit and meaning', load: from(async () => import('./setting.ts'), 'settingList')},
	{name: 'setting get', summary: 'one setting', load: from(async () => import('./setting.ts'), 'settingGet')},
	{name: 'setting set', summary: 'changes a setting', load: from(async () => import('./setting.ts'), 'settingSet')},
	{name: 'user list', summary: 'who can sign in', load: from(async () => import('./user.ts'), 'userList')},
	{name: 'user create', summary: 'makes a user', load: from(async () => import('./user.ts'), 'userCreate')},
	{name: 'user set', summary: 'changes the role or the mail address of a user', load: from(async () => import('./user.ts'), 'userSet')},
	{name: 'user passwd', summary: 'changes a password', load: from(async () => import('./user-passwd.ts'), 'userPasswd')},
	{name: 'user delete', summary: 'deletes a user', load: from(async () => import('./user.ts'), 'userDelete')},
	{name: 'rights show', summary: 'what a user may see and restore', load: from(async () => import('./rights.ts'), 'rightsShow')},
	{name: 'rights default', summary: 'what holds where no exception does', load: from(async () => import('./rights.ts'), 'rightsDefault')},
	{name: 'rights allow', summary: 'allows a user a path', load: from(async () => import('./rights.ts'), 'rightsAllow')},
	{name: 'rights deny', summary: 'denies a user a path', load: from(async () => import('./rights.ts'), 'rightsDeny')},
	{name: 'rights flip', summary: 'turns an exception round', load: from(async () => import('./rights.ts'), 'rightsFlip')},
	{name: 'rights remove', summary: 'takes an exception away', load: from(async () => import('./rights.ts'), 'rightsRemove')},
	{name: 'rights explain', summary: 'whether a user may have a path, and why', load: from(async () => import('./rights.ts'), 'rightsExplain')},
	{name: 'audit', summary: 'who changed what, and when', load: from(async () => import('./audit.ts'), 'audit')},
	{name: 'daemon', summary: 'the runner in the foreground, for systemd', load: from(async () => import('./daemon.ts'), 'daemon')},
	{name: 'completion', summary: 'shell completion', load: from(async () => import('./completion.ts'), 'completion')},
];
