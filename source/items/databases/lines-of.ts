import {createReadStream} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import {systemPath} from '../../system/directory.ts';

/**
The lines of a file of any size.
@yields each raw, without its end
*/
export const linesOf = async function * (path: RawPath): AsyncGenerator<string> {
	let rest = '';

	for await (const chunk of createReadStream(systemPath(path), {encoding: 'latin1', highWaterMark: 1 << 20}) as AsyncIterable<string>) {
		const lines = (rest + chunk).split('\n');
		rest = lines.pop()!;
		yield * lines;
	}

	if (rest !== '') {
		yield rest;
	}
};
