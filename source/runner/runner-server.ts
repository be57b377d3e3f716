import {chmodSync, rmSync} from 'node:fs';
import {createServer, type Server, type Socket} from 'node:net';
import type {Publisher, Subscriber} from './publisher.ts';
import {receiveLines, sendLine} from './json-lines.ts';
import type {RunnerReply, RunnerRequest} from './protocol.ts';
import type {OwnerKey} from './owner-keys.ts';
import {openSocketPath} from './socket-path.ts';
import {Watcher} from './watcher.ts';

export type RunnerServerOptions = {
	readonly stateDirectory: string;
	readonly publisher: Publisher;
	/** Reads the tasks of these accounts from the state; false when the runner ends without them. */
	readonly wake: (accounts: readonly string[]) => Promise<boolean>;
	/** @returns whether the task runs and is being stopped. */
	readonly abort: (task: string) => boolean;
	/** False when the runner ends without the task. */
	readonly giveKeys: (task: string, keys: readonly OwnerKey[]) => boolean;
	readonly onDisconnected: () => void;
};

export type RunnerServer = {
	readonly connectionCount: number;
	/** Whether anybody has connected so far. */
	readonly wasCalled: boolean;
	/** Begins to take connections. The caller holds the runner's lock: a socket that lies there is a dead runner's. */
	listen(): Promise<void>;
	/** Takes no new connections and removes the socket; those that exist stay. */
	pause(): void;
	/** Ends all connections. */
	disconnect(): void;
};

export const createRunnerServer = (options: RunnerServerOptions): RunnerServer => {
	const sockets = new Set<Socket>();
	let wasCalled = false;
	let stopListening: (() => void) | undefined;

	const onConnection = (socket: Socket): void => {
		wasCalled = true;
		sockets.add(socket);

		serveConnection(socket, options, () => {
			sockets.delete(socket);
			options.onDisconnected();
		});
	};

	return {
		get connectionCount() {
			return sockets.size;
		},
		get wasCalled() {
			return wasCalled;
		},
		async listen() {
			const location = openSocketPath(options.stateDirectory);
			rmSync(location.path, {force: true});
			const server = createServer(onConnection);
			await listenOn(server, location.path);
			chmodSync(location.path, 0o600);

			stopListening = () => {
				// Its callback would come with the end of the last connection; the socket is removed at once.
				server.close();
				location.close();
			};
		},
		pause() {
			stopListening?.();
			stopListening = undefined;
		},
		disconnect() {
			for (const socket of sockets) {
				socket.destroySoon();
			}
		},
	};
};

const listenOn = async (server: Server, path: string): Promise<void> => {
	const {promise, resolve, reject} = Promise.withResolvers<void>();

	server.once('error', reject);
	server.listen(path, () => {
		server.off('error', reject);
		resolve();
	});

	return promise;
};

const serveConnection = (socket: Socket, {publisher, wake, abort, giveKeys}: RunnerServerOptions, onClosed: () => void): void => {
	let subscriber: Subscriber | undefined;
	const reply = (message: RunnerReply): void => {
		sendLine(socket, message);
	};

	const serve = async (request: RunnerRequest): Promise<void> => {
		switch (request.type) {
			case 'watch': {
				subscriber ??= subscribe(socket, publisher, reply);
				break;
			}

			case 'wake': {
				if (await wake(request.accounts)) {
					reply({type: 'awake'});
				} else {
					socket.end();
				}

				break;
			}

			case 'giveKeys': {
				if (giveKeys(request.task, request.keys)) {
					reply({type: 'keysTaken'});
				} else {
					socket.end();
				}

				break;
			}

			case 'abort': {
				reply({type: 'aborting', isRunning: abort(request.task)});
				break;
			}
		}
	};

	// One request after another, so that replies are in order.
	let last = Promise.resolve();
	receiveLines(socket, message => {
		last = last.then(async () => serve(message as RunnerRequest));
	});

	// The other side went away: nothing is owed to it.
	socket.on('error', () => {
		socket.destroy();
	});
	socket.on('close', () => {
		if (subscriber !== undefined) {
			publisher.remove(subscriber);
		}

		onClosed();
	});
};

const subscribe = (socket: Socket, publisher: Publisher, reply: (message: RunnerReply) => void): Subscriber => {
	const watcher = new Watcher(reply);
	const subscriber: Subscriber = {
		isReady: () => !socket.destroyed && !socket.writableNeedDrain,
		update(views) {
			if (!watcher.update(views)) {
				socket.destroySoon();
			}
		},
	};

	socket.on('drain', () => {
		void publisher.publish();
	});
	publisher.add(subscriber);

	return subscriber;
};
