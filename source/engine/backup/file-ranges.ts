/** Reading an open file: its holes, and stretches of it. */
import type {Buffer} from 'node:buffer';
import {readSync} from 'node:fs';
import {native} from '../../system/native.ts';

type Range = {readonly start: number; readonly end: number; readonly isHole: boolean};

/**
Finds the holes of a file. Without the system call, the whole file is data and its zeros are found by looking.
@yields stretches of data and holes, in order
*/
export const rangesOf = function * (fd: number, size: number): Generator<Range> {
	if (!native) {
		yield {start: 0, end: size, isHole: false};
		return;
	}

	for (let position = 0; position < size;) {
		const data = native.seekData(fd, position);
		const start = data === -1 ? size : Math.min(data, size);

		if (start > position) {
			yield {start: position, end: start, isHole: true};
		}

		const hole = start === size ? size : native.seekHole(fd, start);
		// No hole and no data either: the file became shorter meanwhile, which reading it will show.
		const end = hole === -1 ? size : Math.min(hole, size);

		if (end > start) {
			yield {start, end, isHole: false};
		}

		position = end;
	}
};

/**
Fills `target` from `position` on.
@returns how many bytes there were; fewer than asked for where the file ends
*/
export const readInto = (fd: number, target: Buffer, position: number): number => {
	let done = 0;

	while (done < target.length) {
		const count = readSync(fd, target, done, target.length - done, position + done);

		if (count === 0) {
			break;
		}

		done += count;
	}

	return done;
};
