import {once} from 'node:events';
import process from 'node:process';

/** Lines go out together: a write for each would cost more than making it. */
const gatherUpTo = 65_536;

/** Writes to standard output as fast as it is read, and no faster: for results too large to be held at once. */
export const writeOut = async (chunks: AsyncIterable<string | Uint8Array>): Promise<void> => {
	let gathered = '';

	for await (const chunk of chunks) {
		if (typeof chunk === 'string') {
			gathered += chunk;

			if (gathered.length < gatherUpTo) {
				continue;
			}
		}

		await write(gathered);
		gathered = '';

		if (typeof chunk !== 'string') {
			await write(chunk);
		}
	}

	await write(gathered);
};

const write = async (chunk: string | Uint8Array): Promise<void> => {
	if (chunk.length > 0 && !process.stdout.write(chunk)) {
		await once(process.stdout, 'drain');
	}
};

/**
The JSON document of a list.
@yields it item by item
*/
export const jsonList = async function * (key: string, items: AsyncIterable<object>): AsyncGenerator<string> {
	let separator = '\n';
	yield `{\n\t${JSON.stringify(key)}: [`;

	for await (const item of items) {
		yield `${separator}\t\t${JSON.stringify(item)}`;
		separator = ',\n';
	}

	yield '\n\t]\n}\n';
};
