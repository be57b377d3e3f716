import process from 'node:process';
import {yieldToOthers} from '../runner/process-priority.ts';
import {serveQueue} from '../runner/serve-queue.ts';
import {acquireLock} from '../system/lock.ts';
import {requirePermission} from './action.ts';
import type {Context} from './context.ts';
import {daemonLockPath} from './daemon-lock.ts';

export type RunDaemonOptions = {
	readonly log: (text: string) => void;
	/** Aborted to end it: what runs is interrupted and said so, what waits stays. */
	readonly signal: AbortSignal;
	readonly onReady: () => void;
};

/**
Carries out the queue in this process, and fills it as the schedules say, until it is told to end. A runner in the background that is at work finishes first.
@throws UserError `refused`, `busy` when there is a daemon already, or what makes the state unusable.
*/
export const runDaemon = async (context: Context, options: RunDaemonOptions): Promise<void> => {
	await requirePermission(context, 'runDaemon');
	process.umask(0o077);
	await yieldToOthers(context.store, options.log);
	const lock = await acquireLock(daemonLockPath(context.store.directory), {waitMs: 1000, purpose: 'the daemon'});

	try {
		await serveQueue({
			store: context.store, clock: context.clock, isDaemon: true, isCallerExpected: false, ...options,
		});
	} finally {
		lock.release();
	}
};
