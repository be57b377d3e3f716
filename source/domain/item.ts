/** The items a backup is made of, in the order in which they are restored. */
export const itemNames = ['config', 'homedir', 'database-users', 'databases', 'zones', 'certificates', 'emails', 'ftp', 'cron'] as const;

export type ItemName = (typeof itemNames)[number];

/** `absent`: nothing of the kind exists, no error. `skipped`: not chosen. */
export type ItemStatus = 'complete' | 'partial' | 'failed' | 'absent' | 'skipped';

export type PartResult = {
	readonly name: string;
	readonly status: ItemStatus;
	readonly sizeBytes: number;
	readonly error: string | null;
};

export type ItemResult = {
	readonly name: ItemName;
	readonly status: ItemStatus;
	readonly parts: readonly PartResult[];
	readonly sizeBytes: number;
	readonly fileCount: number;
	readonly error: string | null;
};

/** What was noticed about one thing while it was read or written. A `note` changes no status; a `problem` makes the item partial. */
export type Finding = {
	readonly level: 'note' | 'problem';
	/** Raw path below the item's root; empty for the item itself. */
	readonly path: string;
	readonly message: string;
};
