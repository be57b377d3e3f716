import {withLockOf} from '../domain/backup-lock.ts';
import type {Backup, BackupKind} from '../domain/backup.ts';
import {newestOf} from '../domain/account-view.ts';
import {matchIdentifiers} from '../domain/identifier.ts';
import {toScreen} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {resolveAccount} from './accounts.ts';
import type {Context} from './context.ts';

export type ListBackupsInput = {
	/** Name (as text) or UUID. */
	readonly account?: string | undefined;
	readonly job?: string | undefined;
	readonly kind?: BackupKind | undefined;
	readonly isLocked?: boolean | undefined;
};

/**
The backups that fit, the newest first.
@throws UserError `notFound`, or `usage` when several removed accounts had the name.
*/
export const listBackups = async (context: Context, {account, job, kind, isLocked}: ListBackupsInput = {}): Promise<readonly Backup[]> => {
	const backups = account === undefined ? await readAllBackups(context) : await readBackupsOf(context, account);

	return backups
		.filter(backup => (job === undefined || backup.job === job) && (kind === undefined || backup.kind === kind) && (isLocked === undefined || backup.locked === isLocked))
		.toSorted((left, right) => compareNewest(left, right));
};

/**
The backup that an id, its beginning, or `latest:NAME` means: the newest complete one of an account, safety backups aside.
@throws UserError `notFound`, or `usage` listing the backups when there are several.
*/
export const showBackup = async (context: Context, text: string): Promise<Backup> => {
	if (text.startsWith('latest:')) {
		return findLatest(context, text.slice('latest:'.length));
	}

	const backups = await readAllBackups(context);
	const [id, ...others] = matchIdentifiers(backups.map(backup => backup.id), text);

	if (id === undefined) {
		throw new UserError(`There is no backup "${text}".`, {
			code: 'notFound',
			hint: 'See all with "holdfast backup list"; an id may be cut to its first 6 characters, and latest:NAME is the newest complete one of an account.',
		});
	}

	if (others.length > 0) {
		throw new UserError(`Several backups begin with "${text}".`, {code: 'usage', hint: `Type more of the one you mean: ${[id, ...others].join(', ')}.`});
	}

	return backups.find(backup => backup.id === id)!;
};

const findLatest = async (context: Context, name: string): Promise<Backup> => {
	const backups = await readBackupsOf(context, name);
	const latest = newestOf(backups.filter(({status, kind}) => status === 'complete' && kind !== 'safety'));

	if (latest === undefined) {
		throw new UserError(`There is no complete backup of ${toScreen(name)}.`, {code: 'notFound', hint: `Make one with "holdfast backup create ${toScreen(name)}".`});
	}

	return latest;
};

const readBackupsOf = async (context: Context, account: string): Promise<readonly Backup[]> => {
	const {uuid} = await resolveAccount(context, account);
	const {backups} = await context.store.read('backups', uuid);
	const now = context.clock.now();

	return backups.map(backup => withLockOf(backup, now));
};

const readAllBackups = async ({store, clock}: Pick<Context, 'store' | 'clock'>): Promise<readonly Backup[]> => {
	const keys = await store.keys('backups');
	const lists = await Promise.all(keys.map(async key => store.read('backups', key)));

	const now = clock.now();

	return lists.flatMap(({backups}) => backups.map(backup => withLockOf(backup, now)));
};

const compareNewest = (left: Backup, right: Backup): number => {
	if (left.createdAt === right.createdAt) {
		return left.id < right.id ? -1 : 1;
	}

	return left.createdAt < right.createdAt ? 1 : -1;
};
