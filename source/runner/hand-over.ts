import {setTimeout as delay} from 'node:timers/promises';
import {UserError} from '../errors.ts';
import type {OwnerKey} from './owner-keys.ts';
import {connectRunner, type RunnerConnection} from './runner-client.ts';
import {runnerLogPath} from './runner-log.ts';
import {startRunner, type StartedRunner} from './start-runner.ts';

/** A runner that begins may have to wait for the end of another one. */
const patienceMs = 20_000;
const pauseMs = 10;
const mostAttempts = 5;

/**
Connects to the runner that works, or starts one. Use it early: a runner starts while the tasks it is for are still being saved.
@throws UserError `failed` when none can be started.
*/
export const reachRunner = async (stateDirectory: string): Promise<RunnerConnection> => {
	for (let attempt = 0; attempt < mostAttempts; attempt++) {
		const connection = await connectRunner(stateDirectory) ?? await startAndConnect(stateDirectory);

		if (connection !== undefined) {
			return connection;
		}
	}

	throw cannotStart(stateDirectory, 'it takes no connections');
};

export type HandOverOptions = {
	/** A runner that was reached before; its connection is used or closed. */
	readonly reached?: RunnerConnection | undefined;
	/** Private keys of owners, by the id of the task that reads with them. */
	readonly keys?: ReadonlyMap<string, readonly OwnerKey[]> | undefined;
};

/**
Makes sure that a runner carries out what is saved in the state (named by its absolute path) for these accounts, by their UUIDs. A runner that was just about to end does not answer, and the next one is started.
@throws UserError `failed` when no runner can be started.
*/
export const handOver = async (stateDirectory: string, accounts: readonly string[], {reached, keys = new Map()}: HandOverOptions = {}): Promise<RunnerConnection> => {
	let connection = reached;

	for (let attempt = 0; attempt < mostAttempts; attempt++) {
		connection ??= await reachRunner(stateDirectory);

		if (await connection.wake(accounts) && await areKeysGiven(connection, keys)) {
			return connection;
		}

		connection.close();
		connection = undefined;
	}

	throw cannotStart(stateDirectory, 'it ended again each time');
};

const areKeysGiven = async (connection: RunnerConnection, keys: NonNullable<HandOverOptions['keys']>): Promise<boolean> => {
	for (const [task, given] of keys) {
		if (!await connection.giveKeys(task, given)) {
			return false;
		}
	}

	return true;
};

/** `undefined` when the runner that was started is not there any more, or is awaited in vain. */
const startAndConnect = async (stateDirectory: string): Promise<RunnerConnection | undefined> => {
	const started = startRunner(stateDirectory);
	const end = watchEnd(started);
	const deadline = performance.now() + patienceMs;

	while (performance.now() < deadline) {
		const connection = await connectRunner(stateDirectory);

		if (connection !== undefined) {
			return connection;
		}

		if (end.failure !== undefined) {
			throw cannotStart(stateDirectory, end.failure);
		}

		if (end.isOver) {
			return undefined;
		}

		await delay(pauseMs);
	}

	return undefined;
};

type End = {
	/** Why it could not be started. */
	failure: string | undefined;
	/** It had nothing to do, or left the queue to another one. */
	isOver: boolean;
};

const watchEnd = ({process: child, isRunner}: StartedRunner): End => {
	const end: End = {failure: undefined, isOver: false};

	child.once('error', error => {
		end.failure = error.message;
	});
	child.once('exit', (code, signal) => {
		end.failure = code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`;
		end.isOver = isRunner;
	});

	return end;
};

const cannotStart = (stateDirectory: string, reason: string): UserError => new UserError(`The runner, which does the work in the background, could not be started: ${reason}.`, {
	code: 'failed',
	hint: `What is queued stays queued. ${runnerLogPath(stateDirectory)} says more; "holdfast daemon" runs it before your eyes.`,
});
