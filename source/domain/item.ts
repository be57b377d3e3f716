import type {DatabaseKind} from './owned-names.ts';

/** The items a backup is made of, in the order in which they are restored. */
export const itemNames = ['config', 'homedir', 'database-users', 'databases', 'zones', 'certificates', 'emails', 'ftp', 'cron'] as const;

export type ItemName = (typeof itemNames)[number];

/** `absent`: nothing of the kind exists, no error. `skipped`: not chosen. */
export type ItemStatus = 'complete' | 'partial' | 'failed' | 'absent' | 'skipped';

export type PartResult = {
	readonly name: string;
	/** Of a database: which server it is of. */
	readonly kind?: DatabaseKind | undefined;
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

/** What an item has come to by its parts. Without any, there is nothing of the kind. */
export const decideItemStatus = (parts: readonly PartResult[]): ItemStatus => {
	const statuses = parts.map(({status}) => status).filter(status => status !== 'skipped');

	if (statuses.length === 0) {
		return 'absent';
	}

	if (statuses.every(status => status === statuses[0])) {
		return statuses[0]!;
	}

	return statuses.every(status => status === 'complete' || status === 'absent') ? 'complete' : 'partial';
};

/** What was noticed about one thing while it was read or written. A `note` changes no status; a `problem` makes the item partial. */
export type Finding = {
	readonly level: 'note' | 'problem';
	/** Raw path below the item's root; empty for the item itself. */
	readonly path: string;
	readonly message: string;
};
