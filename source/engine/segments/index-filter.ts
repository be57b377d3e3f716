/**
Tells nearly all digests that an index file does not hold without opening a page of it: what is new costs a look into memory. A Bloom filter in blocks of 64 bytes, eight bits a record; one absent digest in thirty passes.
*/
import type {Buffer} from 'node:buffer';

const blockLength = 64;
const bitsOfBlock = 9;
const bitMask = (1 << bitsOfBlock) - 1;

/** Bytes of the filter of so many records. */
export const filterLength = (recordCount: number): number => Math.ceil(Math.max(1, recordCount) / blockLength) * blockLength;

export class IndexFilter {
	readonly #blockCount: number;
	readonly bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
		this.#blockCount = bytes.length / blockLength;
	}

	#isSet(block: number, place: number): boolean {
		return (this.bytes[block + (place >>> 3)]! & (1 << (place & 7))) !== 0;
	}

	#set(block: number, place: number): void {
		this.bytes[block + (place >>> 3)]! |= 1 << (place & 7);
	}

	/** Where the block of a digest begins; the first eight bytes order the pages, these scatter. */
	#blockOf(digest: Buffer): number {
		return (digest.readUInt32LE(8) % this.#blockCount) * blockLength;
	}

	add(digest: Buffer): void {
		const block = this.#blockOf(digest);
		const places = digest.readUInt32LE(12);
		this.#set(block, places & bitMask);
		this.#set(block, (places >>> bitsOfBlock) & bitMask);
		this.#set(block, (places >>> (2 * bitsOfBlock)) & bitMask);
		this.#set(block, digest.readUInt32LE(16) & bitMask);
	}

	/** False: the file does not hold it. */
	mayHold(digest: Buffer): boolean {
		const block = this.#blockOf(digest);
		const places = digest.readUInt32LE(12);

		return this.#isSet(block, places & bitMask)
			&& this.#isSet(block, (places >>> bitsOfBlock) & bitMask)
			&& this.#isSet(block, (places >>> (2 * bitsOfBlock)) & bitMask)
			&& this.#isSet(block, digest.readUInt32LE(16) & bitMask);
	}
}
