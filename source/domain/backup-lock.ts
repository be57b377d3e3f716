import type {Backup} from './backup.ts';

/** Whether a lock holds now: one until a date ends by itself. */
export const isLocked = ({locked, lockedUntil}: Pick<Backup, 'locked' | 'lockedUntil'>, now: Date): boolean =>
	locked && (lockedUntil === null || lockedUntil > now.toISOString());

/** The backup as it is now, without a lock that has ended. */
export const withLockOf = <Known extends Pick<Backup, 'locked' | 'lockedUntil'>>(backup: Known, now: Date): Known => backup.locked && !isLocked(backup, now) ? {...backup, locked: false, lockedUntil: null} : backup;
