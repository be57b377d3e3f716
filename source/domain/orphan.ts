import type {Identity} from './account.ts';
import {isLocked} from './backup-lock.ts';
import type {Backup} from './backup.ts';
import {orphanExpiry} from './retention.ts';

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

/** Whether an identity is an orphan is a fact of each moment, never something that is remembered. */
export const viewOrphan = (identity: Identity, backups: readonly Backup[], {ttlDays, now}: {readonly ttlDays: number; readonly now: Date}): OrphanView | undefined => {
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
		lockedCount: backups.filter(backup => isLocked(backup, now)).length,
		expiresAt: backups.flatMap(backup => expiryOfOrphan(backup, identity, ttlDays) ?? []).toSorted()[0] ?? null,
	};
};

/** A lock holds it longer, or for ever. */
const expiryOfOrphan = (backup: Backup, {inactiveSince}: Identity, ttlDays: number): string | undefined => {
	const {locked, lockedUntil} = backup;
	const expiry = orphanExpiry(backup, inactiveSince, ttlDays)?.toISOString();

	if (expiry === undefined || (locked && lockedUntil === null)) {
		return undefined;
	}

	return locked && lockedUntil !== null && lockedUntil > expiry ? lockedUntil : expiry;
};
