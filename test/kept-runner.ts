import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {connectRunner, type RunnerConnection} from '../source/runner/runner-client.ts';
import {acquireLock} from '../source/system/lock.ts';
import {hasOwnProcesses} from './run-line.ts';

const pauseMs = 20;

/**
Stays connected to the runner of a state, as an open terminal does, so that it waits some seconds for the next task of a test instead of ending: starting one takes longer
than what most tests ask of it. With OWN_PROCESSES set each task starts its own.
*/
export class KeptRunner {
	readonly #state: string;
	#connection: Promise<RunnerConnection | undefined> | undefined;

	constructor(state: string) {
		this.#state = state;
	}

	async #watch(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			this.#connection ??= this.#connect();
			await this.#connection;
			// The end of what is done ends the pause.
			await delay(pauseMs, undefined, {signal}).catch(() => undefined);
		}
	}

	async #connect(): Promise<RunnerConnection | undefined> {
		const connection = await connectRunner(this.#state);
		const forget = (): void => {
			this.#connection = undefined;
		};

		if (connection === undefined) {
			forget();
		} else {
			void connection.closed.then(forget);
		}

		return connection;
	}

	/** While something is done that may start a runner. */
	async during<Returned>(act: () => Promise<Returned>): Promise<Returned> {
		if (hasOwnProcesses) {
			return act();
		}

		const done = new AbortController();
		const watching = this.#watch(done.signal);

		try {
			return await act();
		} finally {
			done.abort();
			await watching;
		}
	}

	/** Lets it end, and waits until it has. */
	async release(): Promise<void> {
		const connection = await this.#connection;
		connection?.close();
		const lock = await acquireLock(join(this.#state, 'runner.lock'), {waitMs: 20_000, purpose: 'the end of a runner'});
		lock.release();
	}
}
