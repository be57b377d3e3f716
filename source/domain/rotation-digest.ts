/** What retention asks of the backups of an account, short enough for hundreds of thousands. */
import type {Backup} from './backup.ts';

/** What decides whether a backup stays, and what tells it from others. */
export type RotatedBackup = Pick<Backup, 'id' | 'accountUuid' | 'account' | 'createdAt' | 'kind' | 'status' | 'job' | 'schedules' | 'locked' | 'lockedUntil' | 'sizeBytes' | 'storedBytes'>;

type Shared = Pick<Backup, 'accountUuid' | 'account' | 'job' | 'schedules'>;

export type RotationDigest = {
	/** What many backups have in common, each once. */
	readonly shared: readonly Shared[];
	/** Blank-separated fields of each backup, a `;` after each: id, time, kind, status, place of what it shares, lock, both sizes. */
	readonly rows: string;
};

export const digestRotation = (backups: readonly Backup[]): RotationDigest => {
	const places = new Map<string, number>();
	const shared: Shared[] = [];

	const placeOf = ({accountUuid, account, job, schedules}: Backup): number => {
		const common: Shared = {
			accountUuid, account, job, schedules,
		};
		const text = JSON.stringify(common);
		const known = places.get(text);

		if (known !== undefined) {
			return known;
		}

		shared.push(common);
		places.set(text, shared.length - 1);

		return shared.length - 1;
	};

	return {
		rows: backups.map(backup => `${[backup.id, backup.createdAt, backup.kind, backup.status, placeOf(backup), lockOf(backup), backup.sizeBytes, backup.storedBytes].join(' ')};`).join(''),
		shared,
	};
};

/** As `digestRotation` had them, in their order. */
export const backupsOfRotation = ({rows, shared}: RotationDigest): readonly RotatedBackup[] => rows.split(';').slice(0, -1).map(row => {
	const [id, createdAt, kind, status, place, lock, sizeBytes, storedBytes] = row.split(' ') as [string, string, Backup['kind'], Backup['status'], string, string, string, string];
	const {accountUuid, account, job, schedules} = shared[Number(place)]!;

	return {
		id,
		accountUuid,
		account,
		createdAt,
		kind,
		status,
		job,
		schedules,
		locked: lock !== unlocked,
		lockedUntil: lock === unlocked || lock === lockedForEver ? null : lock,
		sizeBytes: Number(sizeBytes),
		storedBytes: Number(storedBytes),
	};
});

/** Whether one of the backups has an id that begins so. */
export const hasIdLike = ({rows}: Pick<RotationDigest, 'rows'>, text: string): boolean => rows.startsWith(text) || rows.includes(`;${text}`);

const [unlocked, lockedForEver] = ['-', '*'];

const lockOf = ({locked, lockedUntil}: Backup): string => locked ? lockedUntil ?? lockedForEver : unlocked;
