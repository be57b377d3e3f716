import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {UserError} from '../errors.ts';
import {acquireLock, type Lock} from '../system/lock.ts';
import {whenAborted} from '../system/when-aborted.ts';
import {connectRunner} from './runner-client.ts';

export type TakeOverOptions = {
	readonly stateDirectory: string;
	/** Waits until the runner that works now has ended, instead of leaving the queue to it. */
	readonly isDaemon: boolean;
	readonly signal: AbortSignal;
	readonly log: (text: string) => void;
};

/** A runner holds the lock for moments without taking connections: while it starts and while it ends. */
const patienceMs = 30_000;
const pauseMs = 20;

/**
Becomes the one process that carries out the queue.
@returns `undefined` when another does and takes connections, or when told to end.
@throws UserError `busy` when another holds the lock and cannot be reached.
*/
export const takeOver = async ({stateDirectory, isDaemon, signal, log}: TakeOverOptions): Promise<Lock | undefined> => {
	let deadline = performance.now() + patienceMs;

	while (!signal.aborted) {
		const lock = await tryLock(stateDirectory, performance.now() < deadline);

		if (lock !== undefined) {
			return lock;
		}

		const other = await connectRunner(stateDirectory);

		if (other !== undefined && !isDaemon) {
			other.close();
			return undefined;
		}

		if (other === undefined) {
			await delay(pauseMs);
			continue;
		}

		log('Another runner works: this one begins when that has ended.');
		await Promise.race([other.closed, whenAborted(signal)]);
		other.close();
		deadline = performance.now() + patienceMs;
	}

	return undefined;
};

const tryLock = async (stateDirectory: string, isPatient: boolean): Promise<Lock | undefined> => {
	try {
		return await acquireLock(join(stateDirectory, 'runner.lock'), {waitMs: 0, purpose: 'carrying out the queue'});
	} catch (error) {
		if (isPatient && error instanceof UserError && error.code === 'busy') {
			return undefined;
		}

		throw error;
	}
};
