import type {AccountStatus, AccountType, Identity} from './account.ts';
import type {Backup} from './backup.ts';
import type {BackupDigest} from './backup-digest.ts';
import {leftOutOf, type Job} from './job.ts';
import {toText} from './raw-name.ts';
import type {SourceAccount} from './source-account.ts';

/** An account as it is shown; the field names are those of `--json`, some beside them. */
export type AccountView = Omit<Identity, 'homeInode' | 'homeBirthNs' | 'lastSeenAt' | 'inactiveSince' | 'hadBackupAt'> & {
	readonly type: AccountType;
	readonly backupCount: number;
	/** When the newest backup was made, whatever its status. */
	readonly lastBackupAt: string | null;
	/** What all its backups added to their destinations; `null` for those who may not have all of them. */
	readonly storedBytes: number | null;
	/** Status of the newest backup. */
	readonly lastBackupStatus: Backup['status'] | null;
	/** What is wrong with it: completes "alice: …". */
	readonly problem: string | null;
	/** Jobs that leave it out for its own wish, which completes "alice wants …". */
	readonly leftOutOf: ReturnType<typeof leftOutOf>;
	/** For a USER: nothing of the account's settings is told. */
	readonly isLimited: boolean;
};

export type AccountViewFacts = {
	readonly identity: Identity;
	/** `undefined` when the source does not have it. */
	readonly live: SourceAccount | undefined;
	/** Names of accounts that own others. */
	readonly owners: ReadonlySet<string>;
	readonly backups: Pick<BackupDigest, 'count' | 'storedBytes' | 'newest'>;
	readonly problem: string | undefined;
	readonly jobs: readonly Job[];
	readonly isLimited: boolean;
};

export const viewAccount = ({identity, live, owners, backups, problem, jobs, isLimited}: AccountViewFacts): AccountView => {
	const {homeInode, homeBirthNs, lastSeenAt, inactiveSince, hadBackupAt, ...shown} = identity;
	const {count, newest, storedBytes} = backups;

	return {
		...shown,
		type: accountType(identity, live, owners),
		backupCount: count,
		lastBackupAt: newest?.createdAt ?? null,
		lastBackupStatus: newest?.status ?? null,
		storedBytes: isLimited ? null : storedBytes,
		problem: problem ?? null,
		leftOutOf: isLimited ? [] : leftOutOf(identity, jobs),
		isLimited,
	};
};

/** Parents come back before their children: see `priority.ts`. */
export const accountType = ({name}: Pick<Identity, 'name'>, live: SourceAccount | undefined, owners: ReadonlySet<string>): AccountType => {
	if (live?.isAdministrator) {
		return 'administrator';
	}

	return owners.has(name) ? 'reseller' : 'user';
};

export const newestOf = <Known extends Pick<Backup, 'createdAt'>>(backups: readonly Known[]): Known | undefined => {
	let newest: Known | undefined;

	for (const backup of backups) {
		if (newest === undefined || backup.createdAt > newest.createdAt) {
			newest = backup;
		}
	}

	return newest;
};

export const accountSortKeys = ['name', 'lastBackup', 'backups', 'size', 'status', 'uid', 'tag'] as const;
export type AccountSortKey = (typeof accountSortKeys)[number];
export type AccountSort = {readonly key: AccountSortKey; readonly isReversed: boolean};

/** Sizes, counts and times begin with the largest or newest; names, ids and states with the first. Equal ones are in the order of their names. */
export const sortAccounts = (accounts: readonly AccountView[], {key, isReversed}: AccountSort): readonly AccountView[] => {
	const sign = isReversed ? -1 : 1;

	const byName = accounts.toSorted((a, b) => compare(a.name, b.name));

	return byName.toSorted((a, b) => sign * comparisons[key](a, b));
};

/** Words that must all be in a name or a tag; `!word` must not. */
export const isMatching = ({name, tags}: Pick<AccountView, 'name' | 'tags'>, filter: string): boolean => {
	const text = [toText(name), ...tags].join('\n').toLowerCase();

	return filter.toLowerCase().split(/\s+/v).filter(word => word !== '' && word !== '!').every(word =>
		word.startsWith('!') ? !text.includes(word.slice(1)) : text.includes(word));
};

const statusOrder: Readonly<Record<AccountStatus, number>> = {active: 0, suspended: 1, inactive: 2};

const compare = <Value extends string | number>(a: Value, b: Value): number => {
	if (a === b) {
		return 0;
	}

	return a < b ? -1 : 1;
};

const lastKey = '\u{10FFFF}';

const tagKey = ({tags}: AccountView): string => tags.length === 0 ? lastKey : tags.toSorted().join(' ');

const comparisons: Readonly<Record<AccountSortKey, (a: AccountView, b: AccountView) => number>> = {
	name: (a, b) => compare(a.name, b.name),
	uid: (a, b) => compare(a.uid, b.uid),
	// Those with the same tags stand together; those without any come last.
	tag: (a, b) => compare(tagKey(a), tagKey(b)),
	status: (a, b) => compare(statusOrder[a.status], statusOrder[b.status]),
	backups: (a, b) => compare(b.backupCount, a.backupCount),
	size: (a, b) => compare(b.storedBytes ?? 0, a.storedBytes ?? 0),
	lastBackup: (a, b) => compare(b.lastBackupAt ?? '', a.lastBackupAt ?? ''),
};
