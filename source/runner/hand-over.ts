import type {ChildProcess} from 'node:child_process';
import {setTimeout as delay} from 'node:timers/promises';
import {UserError} from '../errors.ts';
import {connectRunner, type RunnerConnection} from './runner-client.ts';
import {runnerLogPath} from './runner-log.ts';
import {startRunner} from './start-runner.ts';

/** A runner that begins has a dead one's tasks to look after first. */
const patienceMs = 60_000;
const pauseMs = 10;
const mostAttempts = 5;

/**
Connects to the runner that works, or starts one. Use it early: a runner starts while the tasks it is for are still being saved.
@throws UserError `failed` when none can be started.
*/
export const reachRunner = async (stateDirectory: string): Promise<RunnerConnection> => await connectRunner(stateDirectory) ?? startAndConnect(stateDirectory);

/**
Makes sure that a runner carries out what is saved in the state. A runner that was just about to end does not answer, and the next one is started.
@param stateDirectory The absolute path of the state.
@param accounts UUIDs of the accounts whose tasks were queued or changed.
@param reached A runner that was reached before; its connection is used or closed.
@throws UserError `failed` when no runner can be started.
*/
export const handOver = async (stateDirectory: string, accounts: readonly string[], reached?: RunnerConnection): Promise<RunnerConnection> => {
	let connection = reached;

	for (let attempt = 0; attempt < mostAttempts; attempt++) {
		connection ??= await reachRunner(stateDirectory);

		if (await connection.wake(accounts)) {
			return connection;
		}

		connection.close();
		connection = undefined;
	}

	throw cannotStart(stateDirectory, 'it ended again each time');
};

const startAndConnect = async (stateDirectory: string): Promise<RunnerConnection> => {
	const failure = watchFailure(startRunner(stateDirectory));
	const deadline = performance.now() + patienceMs;

	while (performance.now() < deadline) {
		const connection = await connectRunner(stateDirectory);

		if (connection !== undefined) {
			return connection;
		}

		if (failure.reason !== undefined) {
			throw cannotStart(stateDirectory, failure.reason);
		}

		await delay(pauseMs);
	}

	throw cannotStart(stateDirectory, 'it takes no connections');
};

/** A runner that leaves the queue to another one ends with 0, which is no failure. */
const watchFailure = (child: ChildProcess): {reason: string | undefined} => {
	const failure: {reason: string | undefined} = {reason: undefined};

	child.once('error', error => {
		failure.reason = error.message;
	});
	child.once('exit', (code, signal) => {
		failure.reason = code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`;
	});

	return failure;
};

const cannotStart = (stateDirectory: string, reason: string): UserError => new UserError(`The runner, which does the work in the background, could not be started: ${reason}.`, {
	code: 'failed',
	hint: `What is queued stays queued. ${runnerLogPath(stateDirectory)} says more; "holdfast daemon" runs it before your eyes.`,
});
