import {withLockOf} from '../domain/backup-lock.ts';
import type {Backup, BackupKind} from '../domain/backup.ts';
import type {BackupView} from '../domain/backup-view.ts';
import {newestOf} from '../domain/account-view.ts';
import {matchIdentifiers} from '../domain/identifier.ts';
import {toScreen} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {
	readAccountsOfBackups,
	readSeenBackups,
	readSeenBackupsOf,
	type SeenBackup,
	type SeenBackups,
} from './limits.ts';

export type ListBackupsInput = {
	/** Name (as text) or UUID. */
	readonly account?: string | undefined;
	readonly job?: string | undefined;
	readonly kind?: BackupKind | undefined;
	readonly isLocked?: boolean | undefined;
};

/**
The backups that fit, the newest first.
@throws UserError `notFound`, `usage` when several removed accounts had the name, `damaged` when the backups of an account cannot be told.
*/
export const listBackups = action('listBackups', async (context: Context, input: ListBackupsInput = {}): Promise<readonly BackupView[]> => {
	const {backups, problems} = await listIntactBackups(context, input);

	if (problems.length > 0) {
		throw problems[0]!;
	}

	return backups;
});

export type IntactBackupViews = {
	readonly backups: readonly BackupView[];
	/** Why those of other accounts cannot be told. */
	readonly problems: readonly UserError[];
};

/** As `listBackups`, but an account whose file is damaged hides no other. */
export const listIntactBackups = action('listIntactBackups', async (context: Context, {account, job, kind, isLocked}: ListBackupsInput = {}): Promise<IntactBackupViews> => {
	const {backups: seen, problems} = account === undefined ? await readAllBackups(context) : {backups: await readBackupsOf(context, account), problems: []};
	const backups = seen.map(({view}) => view);

	if (job !== undefined && context.actor.role !== 'user' && backups.every(backup => backup.job !== job)) {
		await requireJob(context, job);
	}

	return {
		backups: backups
			.filter(backup => (job === undefined || backup.job === job) && (kind === undefined || backup.kind === kind) && (isLocked === undefined || backup.locked === isLocked))
			.toSorted((left, right) => compareNewest(left, right)),
		problems,
	};
});

/** Backups may be older than the removal of their job: only a name that nobody knows is a mistake. */
const requireJob = async ({store}: Context, name: string): Promise<void> => {
	const {jobs} = await store.read('jobs');

	if (jobs.every(job => job.name !== name)) {
		throw new UserError(`There is no job "${name}".`, {code: 'notFound', hint: 'See all with "holdfast job list".'});
	}
};

/**
The backup that an id, its beginning, or `latest:NAME` means: the newest complete one of an account, safety backups aside.
@throws UserError `notFound`, or `usage` listing the backups when there are several.
*/
export const showBackup = action('showBackup', async (context: Context, text: string): Promise<BackupView> => {
	const {view} = await findSeenBackup(context, text);

	return view;
});

/** As `showBackup`, as it is kept: for actions alone. */
export const findBackup = async (context: Context, text: string): Promise<Backup> => {
	const {backup} = await findSeenBackup(context, text);

	return backup;
};

const findSeenBackup = async (context: Context, text: string): Promise<SeenBackup> => {
	if (text.startsWith('latest:')) {
		return findLatest(context, text.slice('latest:'.length));
	}

	const {backups, problems} = await readBackupsLike(context, text);
	const [id, ...others] = matchIdentifiers(backups.map(({backup}) => backup.id), text);

	if (id === undefined) {
		throw problems[0] ?? new UserError(`There is no backup "${text}".`, {
			code: 'notFound',
			hint: 'See all with "holdfast backup list"; an id may be cut to its first 6 characters, and latest:NAME is the newest complete one of an account.',
		});
	}

	if (others.length > 0) {
		throw new UserError(`Several backups begin with "${text}".`, {code: 'usage', hint: `Type more of the one you mean: ${[id, ...others].join(', ')}.`});
	}

	return backups.find(({backup}) => backup.id === id)!;
};

const findLatest = async (context: Context, name: string): Promise<SeenBackup> => {
	const backups = await readBackupsOf(context, name);
	const newest = newestOf(backups.map(({view}) => view).filter(({status, kind}) => status === 'complete' && kind !== 'safety'));
	const latest = backups.find(({view}) => view === newest);

	if (latest === undefined) {
		throw new UserError(`There is no complete backup of ${toScreen(name)}.`, {code: 'notFound', hint: `Make one with "holdfast backup create ${toScreen(name)}".`});
	}

	return latest;
};

const readBackupsOf = async (context: Context, account: string): Promise<readonly SeenBackup[]> => {
	const {uuid} = await resolveAccount(context, account);

	return locked(await readSeenBackupsOf(context, uuid), context.clock.now());
};

/** Those of the accounts of which one begins so. */
const readBackupsLike = async (context: Context, text: string): Promise<SeenBackups> => {
	const {accounts, problems} = await readAccountsOfBackups(context, text);
	const read = await Promise.all(accounts.map(async uuid => readSeenBackupsOf(context, uuid)));

	return {backups: locked(read.flat(), context.clock.now()), problems};
};

const readAllBackups = async (context: Context) => {
	const {backups, problems} = await readSeenBackups(context);

	return {backups: locked(backups, context.clock.now()), problems};
};

const locked = (seen: readonly SeenBackup[], now: Date): readonly SeenBackup[] => seen.map(({backup, view}) => ({backup: withLockOf(backup, now), view: withLockOf(view, now)}));

const compareNewest = (left: BackupView, right: BackupView): number => {
	if (left.createdAt === right.createdAt) {
		return left.id < right.id ? -1 : 1;
	}

	return left.createdAt < right.createdAt ? 1 : -1;
};
