import {newestOf} from './account-view.ts';
import type {Backup} from './backup.ts';
import type {BackupView} from './backup-view.ts';

/** What lists of accounts tell of the backups of one. */
export type BackupDigest = {
	readonly count: number;
	/** What they added to their destinations. */
	readonly storedBytes: number;
	/** Safety backups aside. */
	readonly newest: Pick<Backup, 'createdAt' | 'status'> | null;
	/** With blanks between them: hundreds of thousands are fewer texts so. */
	readonly ids: string;
	/** Where they were made, each place once. */
	readonly places: ReadonlyArray<Pick<Backup, 'machine' | 'home' | 'account'>>;
};

/** Whether one of them has an id that begins so. */
export const hasIdLike = ({ids}: Pick<BackupDigest, 'ids'>, text: string): boolean => ids.startsWith(text) || ids.includes(` ${text}`);

export const digestBackups = (backups: readonly BackupView[]): BackupDigest => {
	const newest = newestOf(backups.filter(({kind}) => kind !== 'safety'));
	const places = backups.map(({machine, home, account}) => ({machine, home, account}));

	return {
		count: backups.length,
		storedBytes: backups.reduce((sum, {storedBytes}) => sum + (storedBytes ?? 0), 0),
		newest: newest === undefined ? null : {createdAt: newest.createdAt, status: newest.status},
		ids: backups.map(({id}) => id).join(' '),
		places: new Map(places.map(place => [JSON.stringify(place), place])).values().toArray(),
	};
};
