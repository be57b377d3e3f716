import process from 'node:process';
import {parseArgs} from 'node:util';
import type {Engine} from '../engine/engine.ts';
import {openStore} from '../state/open-store.ts';
import {systemClock} from '../system/clock.ts';
import {yieldToOthers} from './process-priority.ts';
import {createRunnerLog} from './runner-log.ts';
import {serveQueue} from './serve-queue.ts';

/** Carries out the queue of the state that the command line names; its log says what went wrong, and the exit code that something did. */
export const runRunner = async (engine: Engine): Promise<void> => {
	const {values} = parseArgs({options: {state: {type: 'string'}}});
	const directory = values.state!;
	const stop = new AbortController();

	process.umask(0o077);
	process.chdir('/');

	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.on(signal, () => {
			stop.abort();
		});
	}

	// It outlives the terminal that it was started from.
	process.on('SIGHUP', () => undefined);

	const store = await openStore({directory, isReadOnly: false});
	const log = createRunnerLog(directory);

	try {
		await yieldToOthers(store, log);
		await serveQueue({
			store, clock: systemClock, isDaemon: false, isCallerExpected: true, engine, log, signal: stop.signal,
		});
	} catch (error) {
		log((error as Error).stack ?? String(error));
		process.exitCode = 1;
	}
};
