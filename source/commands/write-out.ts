import {once} from 'node:events';
import process from 'node:process';

/** Writes to standard output as fast as it is read, and no faster: for results too large to be held at once. */
export const writeOut = async (chunks: AsyncIterable<string | Uint8Array>): Promise<void> => {
	for await (const chunk of chunks) {
		if (!process.stdout.write(chunk)) {
			await once(process.stdout, 'drain');
		}
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
