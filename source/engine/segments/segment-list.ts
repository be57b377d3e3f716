import type {Buffer} from 'node:buffer';
import {ByteReader, ByteWriter} from '../base/bytes.ts';
import {digestLength} from '../base/digest.ts';

const entryLength = digestLength + 4;

export type PackedSegment = {readonly digest: Buffer; readonly length: number};

/** The segments of a block, in the order in which they lie in it, as one buffer: as objects, those of many small files would fill the memory. */
export class SegmentList implements Iterable<PackedSegment> {
	readonly bytes: Buffer;

	/** `bytes`: digest and length of each. */
	constructor(bytes: Buffer) {
		this.bytes = bytes;
	}

	get length(): number {
		return this.bytes.length / entryLength;
	}

	/**
	Reads from the first.
	@yields segment after segment
	*/
	* [Symbol.iterator](): Generator<PackedSegment> {
		const reader = new ByteReader(this.bytes);

		while (reader.remaining > 0) {
			yield {digest: reader.bytes(digestLength), length: reader.u32()};
		}
	}
}

/** Reads a list of so many segments. */
export const readSegmentList = (reader: ByteReader, length: number): SegmentList => new SegmentList(reader.bytes(length * entryLength));

/** Gathers the segments of one block after another. */
export class SegmentListWriter {
	readonly #writer = new ByteWriter();

	get length(): number {
		return this.#writer.length / entryLength;
	}

	add({digest, length}: PackedSegment): void {
		this.#writer.bytes(digest).u32(length);
	}

	/** What was added since the last time. */
	take(): SegmentList {
		const list = new SegmentList(this.#writer.take());
		this.#writer.clear();

		return list;
	}
}
