/** The words about accounts. Field names are those of `--json`; the rules are in `identity.ts` and `account-source.ts`. */
import type {KeyKind} from './backup.ts';

export type AccountStatus = 'active' | 'suspended' | 'inactive';
export type AccountType = 'administrator' | 'reseller' | 'user';
export const encryptionPreferences = ['any', 'encrypted-only', 'none'] as const;
export type EncryptionPreference = (typeof encryptionPreferences)[number];

type AccountEncryption = {
	readonly preference: EncryptionPreference;
	/** The kind of its current key. */
	readonly key: 'none' | KeyKind;
};

/** What the operator set for an account. */
export type AccountSettings = {
	readonly owner: string | null;
	readonly email: string | null;
	readonly tags: readonly string[];
	/** Override of the queue priority group. */
	readonly priorityGroup: string | null;
	/** Backups on demand: `global`, or 0–99 (0: not allowed). */
	readonly maxOnDemand: 'global' | number;
	/** Globs relative to the home, as `glob.ts` reads them. */
	readonly excludes: readonly string[];
	readonly domains: readonly string[];
	/** `mysql:NAME` or `postgresql:NAME`. */
	readonly databases: readonly string[];
	/** `ADDRESS=DIR`. */
	readonly mailboxes: readonly string[];
	readonly encryption: AccountEncryption;
};

/**
An account as the state knows it: a UUID bound to a name, a UID and the inode and birth time of a home. A name that was removed and made again is
another identity. The device number is never part of it: it changes at reboot.
*/
export type Identity = AccountSettings & {
	readonly uuid: string;
	readonly name: string;
	readonly uid: number;
	readonly gid: number;
	/** Raw absolute path. */
	readonly home: string;
	/** Decimal; `null` until the home was seen. */
	readonly homeInode: string | null;
	/** Decimal nanoseconds since 1970; `null` until seen, or where the file system keeps none. */
	readonly homeBirthNs: string | null;
	/** ISO 8601, UTC, milliseconds; so are all times below. */
	readonly firstSeenAt: string;
	/** When the account source last had it; refreshed hourly, not at every look. */
	readonly lastSeenAt: string;
	readonly inactiveSince: string | null;
	/** When it was last known to have a backup; refreshed hourly while it is inactive. */
	readonly hadBackupAt: string | null;
	readonly status: AccountStatus;
};

export const defaultAccountSettings: AccountSettings = {
	owner: null,
	email: null,
	tags: [],
	priorityGroup: null,
	maxOnDemand: 'global',
	excludes: [],
	domains: [],
	databases: [],
	mailboxes: [],
	encryption: {preference: 'any', key: 'none'},
};
