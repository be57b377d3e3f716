import process from 'node:process';
import {yieldToOthers} from '../runner/process-priority.ts';
import {serveQueue} from '../runner/serve-queue.ts';
import type {Context} from './context.ts';
import {requireAdministrator} from './require-role.ts';

export type RunDaemonOptions = {
	readonly log: (text: string) => void;
	/** Aborted to end it: what runs is interrupted and said so, what waits stays. */
	readonly signal: AbortSignal;
	readonly onReady: () => void;
};

/**
Carries out the queue in this process until it is told to end. A runner in the background that is at work finishes first.
@throws UserError `refused`, or what makes the state unusable.
*/
export const runDaemon = async (context: Context, options: RunDaemonOptions): Promise<void> => {
	requireAdministrator(context);
	process.umask(0o077);
	await yieldToOthers(context.store, options.log);
	await serveQueue({
		store: context.store, clock: context.clock, isDaemon: true, isCallerExpected: false, ...options,
	});
};
