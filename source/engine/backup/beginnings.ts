/**
What changed files began with in the last backup, on its way to another thread. Logs and mailboxes are written to at their end: where a file that is small enough to be one segment still begins with that
one, only the rest becomes a new segment.
*/
import {Buffer} from 'node:buffer';
import {digestLength} from '../base/digest.ts';
import type {PendingFile} from './capture-queue.ts';
import {wholeFileLimit} from './file-capture.ts';
import type {Segment} from './found-file.ts';

/** Less is not worth a segment of its own. */
const minLength = 8 << 10;
const recordLength = 4 + digestLength;

/** A length and a digest for each file; a length of 0 where nothing is known. `undefined`: of none is anything known. */
export type Beginnings = Uint8Array | undefined;

/** Whether a file that has grown to `size` is worth comparing: when the rest is the larger part, it is one segment again. */
export const isBeginning = ({length}: Segment, size: number): boolean => length >= minLength && length < size && size <= wholeFileLimit && size - length <= length;

export const packBeginnings = (files: ReadonlyArray<Pick<PendingFile, 'beginning'>>): Beginnings => {
	if (files.every(({beginning}) => beginning === undefined)) {
		return undefined;
	}

	const records = Buffer.alloc(files.length * recordLength);

	for (const [index, {beginning}] of files.entries()) {
		if (!beginning) {
			continue;
		}

		records.writeUInt32LE(beginning.length, index * recordLength);
		beginning.digest.copy(records, (index * recordLength) + 4);
	}

	return records;
};

export const unpackBeginning = (beginnings: Beginnings, index: number): Segment | undefined => {
	if (!beginnings) {
		return undefined;
	}

	const record = Buffer.from(beginnings.buffer, beginnings.byteOffset + (index * recordLength), recordLength);
	const length = record.readUInt32LE(0);

	return length === 0 ? undefined : {length, digest: record.subarray(4)};
};
