import {createConnection, type Socket} from 'node:net';
import type {TaskView} from '../domain/task-view.ts';
import {receiveLines, sendLine} from './json-lines.ts';
import type {OwnerKey} from './owner-keys.ts';
import type {RunnerReply, RunnerRequest} from './protocol.ts';
import {openSocketPath} from './socket-path.ts';

export type OnTasks = (tasks: readonly TaskView[], isWhole: boolean) => void;

/** A connection to the runner that works now. */
export type RunnerConnection = {
	/** Resolves when the connection ends, from whichever side. */
	readonly closed: Promise<void>;
	/**
	Tells that tasks of these accounts (UUIDs) were queued or changed in the state.
	@returns whether the runner has seen them, and so will not end before them; false when the connection ended first.
	*/
	wake(accounts: readonly string[]): Promise<boolean>;
	/** @returns whether the task was running and is being stopped; `undefined` when the connection ended first. */
	abort(task: string): Promise<boolean | undefined>;
	/**
	Gives private keys of owners for a task, after `wake`.
	@returns whether the runner has them; false when the connection ended first.
	*/
	giveKeys(task: string, keys: readonly OwnerKey[]): Promise<boolean>;
	/** Everything at first, then what changed. */
	watch(onTasks: OnTasks): void;
	close(): void;
};

/** Connects to the runner that works now; `undefined` when none takes connections. */
export const connectRunner = async (stateDirectory: string): Promise<RunnerConnection | undefined> => {
	const socket = await connect(stateDirectory);

	return socket && openConnection(socket);
};

/** No socket; one that a dead runner left; one that is being closed at this moment. */
const noRunnerCodes: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET']);

const connect = async (stateDirectory: string): Promise<Socket | undefined> => {
	const location = openSocketPath(stateDirectory);
	const {promise, resolve, reject} = Promise.withResolvers<Socket | undefined>();
	const socket = createConnection(location.path);

	socket.once('connect', () => {
		resolve(socket);
	});
	socket.once('error', (error: NodeJS.ErrnoException) => {
		if (noRunnerCodes.has(error.code)) {
			resolve(undefined);
		} else {
			reject(error);
		}
	});

	try {
		return await promise;
	} finally {
		location.close();
	}
};

const openConnection = (socket: Socket): RunnerConnection => {
	const closed = Promise.withResolvers<void>();
	const awake: Array<(isAwake: boolean) => void> = [];
	const taken: Array<(isTaken: boolean) => void> = [];
	const aborting: Array<(isRunning: boolean | undefined) => void> = [];
	const watchers: OnTasks[] = [];

	const take = (reply: RunnerReply): void => {
		switch (reply.type) {
			case 'awake': {
				awake.shift()?.(true);
				break;
			}

			case 'keysTaken': {
				taken.shift()?.(true);
				break;
			}

			case 'aborting': {
				aborting.shift()?.(reply.isRunning);
				break;
			}

			case 'tasks': {
				for (const onTasks of watchers) {
					onTasks(reply.tasks, reply.isWhole);
				}

				break;
			}
		}
	};

	receiveLines(socket, message => {
		take(message as RunnerReply);
	});

	// A reset is an end like another: what was asked for and not answered is told so below.
	socket.on('error', () => {
		socket.destroy();
	});
	socket.on('close', () => {
		for (const answer of [...awake.splice(0), ...taken.splice(0)]) {
			answer(false);
		}

		for (const answer of aborting.splice(0)) {
			answer(undefined);
		}

		closed.resolve();
	});

	const isSent = (request: RunnerRequest): boolean => {
		if (socket.destroyed || !socket.writable) {
			return false;
		}

		sendLine(socket, request);

		return true;
	};

	return {
		closed: closed.promise,
		async wake(accounts) {
			return new Promise(resolve => {
				awake.push(resolve);

				if (!isSent({type: 'wake', accounts})) {
					resolve(false);
				}
			});
		},
		async abort(task) {
			return new Promise(resolve => {
				aborting.push(resolve);

				if (!isSent({type: 'abort', task})) {
					resolve(undefined);
				}
			});
		},
		async giveKeys(task, keys) {
			return new Promise(resolve => {
				taken.push(resolve);

				if (!isSent({type: 'giveKeys', task, keys})) {
					resolve(false);
				}
			});
		},
		watch(onTasks) {
			watchers.push(onTasks);
			isSent({type: 'watch'});
		},
		close() {
			socket.destroy();
		},
	};
};
