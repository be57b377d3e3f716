import {closeSync, constants, openSync} from 'node:fs';

/** A way to the runner's socket that stays short, however long the path of the state directory is: a socket's address holds 107 bytes. */
export type SocketPath = {
	readonly path: string;
	/** Not before the server was closed: closing removes the socket by this path. */
	close(): void;
};

export const socketName = 'runner.sock';

export const openSocketPath = (stateDirectory: string): SocketPath => {
	const descriptor = openSync(stateDirectory, constants.O_RDONLY | constants.O_DIRECTORY);

	return {
		path: `/proc/self/fd/${descriptor}/${socketName}`,
		close() {
			closeSync(descriptor);
		},
	};
};
