import {newestOf} from './account-view.ts';
import type {Backup} from './backup.ts';
import type {BackupView} from './backup-view.ts';

/** What lists of accounts tell of the backups of one. */
export type BackupDigest = {
	readonly count: number;
	/** What they added to their destinations. */
	readonly storedBytes: number;
	/** Content of regular files, summed. */
	readonly sizeBytes: number;
	/** Safety backups aside. */
	readonly newest: Pick<Backup, 'createdAt' | 'status'> | null;
	/** Where they were made, each place once. */
	readonly places: ReadonlyArray<Pick<Backup, 'machine' | 'home' | 'account'>>;
	/** When the first and the last of all kinds were made. */
	readonly span: {readonly oldestAt: string; readonly newestAt: string} | null;
	readonly oldestUnlockedAt: string | null;
	/** Of each that was locked, whether or not the lock has ended. */
	readonly locks: ReadonlyArray<{readonly createdAt: string; readonly until: string | null}>;
	/** Any of them. */
	readonly isEncrypted: boolean;
	/** Ids. */
	readonly destinations: readonly string[];
};

export const digestBackups = (backups: readonly BackupView[]): BackupDigest => {
	const newest = newestOf(backups.filter(({kind}) => kind !== 'safety'));
	const places = backups.map(({machine, home, account}) => ({machine, home, account}));
	const times = backups.map(({createdAt}) => createdAt).toSorted();

	return {
		count: backups.length,
		storedBytes: backups.reduce((sum, {storedBytes}) => sum + (storedBytes ?? 0), 0),
		sizeBytes: backups.reduce((sum, {sizeBytes}) => sum + (sizeBytes ?? 0), 0),
		newest: newest === undefined ? null : {createdAt: newest.createdAt, status: newest.status},
		places: new Map(places.map(place => [JSON.stringify(place), place])).values().toArray(),
		span: times.length === 0 ? null : {oldestAt: times[0]!, newestAt: times.at(-1)!},
		oldestUnlockedAt: backups.flatMap(({locked, createdAt}) => locked ? [] : createdAt).toSorted()[0] ?? null,
		locks: backups.flatMap(({locked, lockedUntil, createdAt}) => locked ? [{createdAt, until: lockedUntil}] : []),
		isEncrypted: backups.some(({encrypted}) => encrypted),
		destinations: [...new Set(backups.map(({destination}) => destination))],
	};
};
