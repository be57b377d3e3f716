/** The runner as a process of its own: `node runner.js --state DIR`. It holds no terminal, and ends by itself. */
import process from 'node:process';
import {parseArgs} from 'node:util';
import {openStore} from '../state/open-store.ts';
import {systemClock} from '../system/clock.ts';
import {yieldToOthers} from './process-priority.ts';
import {createRunnerLog} from './runner-log.ts';
import {serveQueue} from './serve-queue.ts';

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
		store, clock: systemClock, isDaemon: false, isCallerExpected: true, log, signal: stop.signal,
	});
} catch (error) {
	log((error as Error).stack ?? String(error));
	process.exitCode = 1;
}

// Nothing that is left, such as an engine's thread, may keep a runner alive that holds no lock any more.
// eslint-disable-next-line unicorn/no-process-exit -- this file is a program
process.exit();
