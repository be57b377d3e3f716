import type {Socket} from 'node:net';

/** Calls `onMessage` with each line's document. A line that is none ends the connection. */
export const receiveLines = (socket: Socket, onMessage: (message: unknown) => void): void => {
	let pieces: string[] = [];

	socket.setEncoding('utf8');
	socket.on('data', (chunk: string) => {
		const [first, ...rest] = chunk.split('\n');
		pieces.push(first!);

		for (const next of rest) {
			const message = parse(pieces.join(''));
			pieces = [next];

			if (message === undefined) {
				socket.destroy();
				return;
			}

			onMessage(message);
		}
	});
};

const parse = (line: string): unknown => {
	try {
		return JSON.parse(line) as unknown;
	} catch {
		// Whoever says this is no runner and no command of ours: the connection ends, which both sides can live with.
		return undefined;
	}
};

/** What the other side has not read yet is kept: see `writableNeedDrain`. */
export const sendLine = (socket: Socket, message: object): void => {
	socket.write(`${JSON.stringify(message)}\n`);
};
