/**
What changed files began with in the last backup, on its way to another thread. Logs and mailboxes are written to at their end: where a file that is small enough to be one segment still begins with that
one, only the rest becomes a new segment.
*/
import {Buffer} from 'node:buffer';
import {digestLength} from '../base/digest.ts';
import {type PackedSegment, SegmentList, SegmentListWriter} from '../segments/segment-list.ts';
import type {PendingFile} from './capture-queue.ts';
import {wholeFileLimit} from './file-capture.ts';

/** Less is not worth a segment of its own. */
const minLength = 8 << 10;
const unknown: PackedSegment = {digest: Buffer.alloc(digestLength), length: 0};

/** A segment list with one for each file, of length 0 where nothing is known. `undefined`: of none is anything known. */
export type Beginnings = Uint8Array | undefined;

/** Whether a file that has grown to `size` is worth comparing: when the rest is the larger part, it is one segment again. */
export const isBeginning = ({length}: PackedSegment, size: number): boolean => length >= minLength && length < size && size <= wholeFileLimit && size - length <= length;

export const packBeginnings = (files: ReadonlyArray<Pick<PendingFile, 'beginning'>>): Beginnings => {
	if (files.every(({beginning}) => beginning === undefined)) {
		return undefined;
	}

	const list = new SegmentListWriter();

	for (const {beginning} of files) {
		list.add(beginning ?? unknown);
	}

	return list.take().bytes;
};

/** Of each file, in order; none where nothing is known of any. */
export const unpackBeginnings = (beginnings: Beginnings): ReadonlyArray<PackedSegment | undefined> => beginnings
	? Array.from(new SegmentList(Buffer.from(beginnings.buffer, beginnings.byteOffset, beginnings.length)), segment => segment.length === 0 ? undefined : segment)
	: [];
