import type {Socket} from 'node:net';
import {createInterface} from 'node:readline';

/** Calls `onMessage` with each line's document. */
export const receiveLines = (socket: Socket, onMessage: (message: unknown) => void): void => {
	const lines = createInterface({input: socket, crlfDelay: Infinity});

	lines.on('line', line => {
		onMessage(JSON.parse(line));
	});
};

/** What the other side has not read yet is kept: see `writableNeedDrain`. */
export const sendLine = (socket: Socket, message: object): void => {
	socket.write(`${JSON.stringify(message)}\n`);
};
