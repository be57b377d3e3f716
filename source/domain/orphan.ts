import type {Identity} from './account.ts';
import type {Backup} from './backup.ts';

/** A removed account that still has backups, one per UUID. Field names are those of `--json`. */
export type OrphanView = {
	readonly uuid: string;
	/** Raw. */
	readonly name: string;
	readonly lastSeenAt: string;
	readonly backupCount: number;
	readonly oldestAt: string;
	readonly newestAt: string;
	/** Content of regular files, summed over its backups. */
	readonly sizeBytes: number;
	/** What deleting it really frees; `null`: not measured. */
	readonly reclaimableBytes: number | null;
	readonly encrypted: boolean;
	readonly lockedCount: number;
	/** When its first backup expires; `null`: never. */
	readonly expiresAt: string | null;
};

const dayMs = 86_400_000;

/** Whether an identity is an orphan is a fact of each moment, never something that is remembered. */
export const viewOrphan = (identity: Identity, backups: readonly Backup[], ttlDays: number): OrphanView | undefined => {
	if (identity.status !== 'inactive' || backups.length === 0) {
		return undefined;
	}

	const times = backups.map(({createdAt}) => createdAt).toSorted();

	return {
		uuid: identity.uuid,
		name: identity.name,
		lastSeenAt: identity.lastSeenAt,
		backupCount: backups.length,
		oldestAt: times[0]!,
		newestAt: times.at(-1)!,
		sizeBytes: backups.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0),
		reclaimableBytes: null,
		encrypted: backups.some(({encrypted}) => encrypted),
		lockedCount: backups.filter(({locked}) => locked).length,
		expiresAt: backups.map(backup => orphanExpiry(backup, identity.inactiveSince, ttlDays)).filter(time => time !== null).toSorted()[0] ?? null,
	};
};

/** The later of the backup's creation and the day its account became an orphan, plus the days; a lock holds it longer, or for ever. */
const orphanExpiry = ({createdAt, locked, lockedUntil}: Backup, inactiveSince: string | null, ttlDays: number): string | null => {
	if (ttlDays === 0 || (locked && lockedUntil === null)) {
		return null;
	}

	const start = inactiveSince !== null && inactiveSince > createdAt ? inactiveSince : createdAt;
	const expiry = new Date(Date.parse(start) + (ttlDays * dayMs)).toISOString();

	return locked && lockedUntil !== null && lockedUntil > expiry ? lockedUntil : expiry;
};
