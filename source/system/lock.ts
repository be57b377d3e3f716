import {
	closeSync,
	constants,
	ftruncateSync,
	openSync,
	readFileSync,
	writeSync,
} from 'node:fs';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {UserError} from '../errors.ts';
import {isLockedByProgram} from './flock-program.ts';

/** Held until `release`, or until the process ends, however it ends. */
export type Lock = {release(): void};

export type LockOptions = {
	/** How long to wait for whoever holds it; 0: not at all. */
	readonly waitMs: number;
	/** What it is held for, shown to whoever waits in vain: `changing the state`. */
	readonly purpose: string;
};

const shortestPauseMs = 2;
const longestPauseMs = 50;

/**
Takes an exclusive lock on an open file description (`flock`), so that a dead process never holds it. Each call is a holder of its own, within one process too.
The lock file is made (0600) and stays.
@throws UserError `busy`, naming the holder.
*/
export const acquireLock = async (path: string, {waitMs, purpose}: LockOptions): Promise<Lock> => {
	const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);

	try {
		// Loaded when a lock is wanted: most commands only read.
		const {native} = await import('./native.ts');
		const isLocked = native?.tryLockExclusive ?? isLockedByProgram;
		await waitForLock(() => isLocked(descriptor), {path, waitMs});
		describeHolder(descriptor, purpose);
	} catch (error) {
		closeSync(descriptor);
		throw error;
	}

	return {
		release() {
			closeSync(descriptor);
		},
	};
};

/** Whether another open file description holds the lock at this moment; one that was never made is held by nobody. */
export const isLockHeld = async (path: string): Promise<boolean> => {
	let descriptor: number;

	try {
		descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return false;
		}

		throw error;
	}

	try {
		const {native} = await import('./native.ts');
		const isLocked = native?.tryLockExclusive ?? isLockedByProgram;

		return !isLocked(descriptor);
	} finally {
		closeSync(descriptor);
	}
};

const waitForLock = async (isLocked: () => boolean, {path, waitMs}: {readonly path: string; readonly waitMs: number}): Promise<void> => {
	const deadline = performance.now() + waitMs;
	let pauseMs = shortestPauseMs;

	while (!isLocked()) {
		if (performance.now() >= deadline) {
			throw new UserError(`Another process holds the lock ${path}${readHolder(path)}.`, {
				code: 'busy',
				hint: 'Wait until it has finished, then try again.',
			});
		}

		await delay(pauseMs * (0.5 + Math.random()));
		pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
	}
};

const describeHolder = (descriptor: number, purpose: string): void => {
	try {
		ftruncateSync(descriptor);
		writeSync(descriptor, `${process.pid} ${purpose}\n`, 0);
	} catch (error) {
		// On a full disk the lock is held all the same; who waits is only told less.
		if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') {
			throw error;
		}
	}
};

/** `: process 123 (changing the state)`, or nothing when the file does not say. */
const readHolder = (path: string): string => {
	const match = /^(?<pid>\d+) (?<purpose>[^\n]+)\n$/v.exec(readFileSync(path, 'utf8'));

	return match?.groups ? `: process ${match.groups.pid} (${match.groups.purpose})` : '';
};
