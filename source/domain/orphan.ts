import type {Identity} from './account.ts';
import {isLocked} from './backup-lock.ts';
import type {BackupDigest} from './backup-digest.ts';
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
export const viewOrphan = (identity: Identity, backups: BackupDigest, {ttlDays, now}: {readonly ttlDays: number; readonly now: Date}): OrphanView | undefined => {
	const {count, span, sizeBytes, isEncrypted, locks} = backups;

	if (span === null || identity.status !== 'inactive') {
		return undefined;
	}

	return {
		uuid: identity.uuid,
		name: identity.name,
		lastSeenAt: identity.lastSeenAt,
		backupCount: count,
		...span,
		sizeBytes,
		reclaimableBytes: null,
		encrypted: isEncrypted,
		lockedCount: locks.filter(({until}) => isLocked({locked: true, lockedUntil: until}, now)).length,
		expiresAt: expiriesOf(backups, identity, ttlDays).toSorted()[0] ?? null,
	};
};

/** When each of those expires of which one can be the first: of the unlocked ones that is the oldest. A lock holds one longer, or for ever. */
const expiriesOf = ({oldestUnlockedAt, locks}: BackupDigest, {inactiveSince}: Identity, ttlDays: number): readonly string[] => {
	const expiryOf = (createdAt: string): string | undefined => orphanExpiry({createdAt}, inactiveSince, ttlDays)?.toISOString();

	return [
		...oldestUnlockedAt === null ? [] : [expiryOf(oldestUnlockedAt)],
		...locks.flatMap(({createdAt, until}) => until === null ? [] : [later(expiryOf(createdAt), until)]),
	].filter(expiry => expiry !== undefined);
};

/** What never expires does so with a lock, too. */
const later = (expiry: string | undefined, until: string): string | undefined => {
	if (expiry === undefined) {
		return undefined;
	}

	return until > expiry ? until : expiry;
};
