/**
Puts new segments into blocks and blocks into packs; what exists already costs a hash and a look-up. Each thread has its own writer, and all share the table
of claims.
*/
import {hash} from 'node:crypto';
import {blockCapacity} from './block.ts';
import {type IndexedPack, recordLength} from './index-file.ts';
import type {DataKey} from './keys.ts';
import {
	digestLength,
	type FinishedPack,
	type PackedSegment,
	packTarget,
	PackWriter,
} from './pack.ts';
import type {SegmentIndex} from './segment-index.ts';
import type {SegmentTable} from './segment-table.ts';
import type {Storage} from './storage.ts';

export type SegmentWriterOptions = {
	readonly storage: Storage;
	readonly rootKey: Uint8Array;
	readonly dataKey: DataKey;
	readonly index: SegmentIndex;
	readonly table: SegmentTable;
	/** Bytes of segments in a block; small for the catalog, whose pages are read one by one. */
	readonly blockLength?: number | undefined;
};

/** A pack that was made durable, and index records of what it holds (pack number 0). */
export type WrittenPack = IndexedPack & {readonly records: Buffer};

export class SegmentWriter {
	readonly #options: SegmentWriterOptions;
	readonly #block = Buffer.allocUnsafeSlow(blockCapacity);
	readonly #blockLength: number;
	#length = 0;
	#segments: PackedSegment[] = [];
	#pack: PackWriter | undefined;
	readonly #finishing: Array<Promise<FinishedPack>> = [];

	constructor(options: SegmentWriterOptions) {
		this.#options = options;
		this.#blockLength = options.blockLength ?? blockCapacity;
	}

	/** Room for `length` bytes at the tail of the block; fill it, then call `addTail`. */
	tail(length: number): Buffer {
		if (this.#length + length > this.#blockLength && this.#length > 0) {
			this.#flushBlock();
		}

		return this.#block.subarray(this.#length, this.#length + length);
	}

	/** Adds the first `length` bytes of the tail as a segment, unless it exists. @returns its digest */
	addTail(length: number): Buffer {
		const digest = hash('sha256', this.#block.subarray(this.#length, this.#length + length), 'buffer');

		if (this.#isNew(digest)) {
			this.#segments.push({digest, length});
			this.#length += length;
		}

		return digest;
	}

	add(bytes: Uint8Array): Buffer {
		const digest = hash('sha256', bytes, 'buffer');

		if (this.#isNew(digest)) {
			this.tail(bytes.length).set(bytes);
			this.#segments.push({digest, length: bytes.length});
			this.#length += bytes.length;
		}

		return digest;
	}

	/** Makes everything durable. */
	async finish(): Promise<WrittenPack[]> {
		this.#flushBlock();
		this.#finishPack();

		return (await Promise.all(this.#finishing)).map(pack => toWrittenPack(pack));
	}

	/** Leaves the open pack unwritten. @returns the packs that were durable already. */
	async abort(): Promise<string[]> {
		this.#pack?.abort();
		this.#pack = undefined;
		const settled = await Promise.allSettled(this.#finishing);

		return settled.filter(result => result.status === 'fulfilled').map(({value}) => value.id);
	}

	#isNew(digest: Buffer): boolean {
		return !this.#options.index.has(digest) && this.#options.table.claim(digest);
	}

	#flushBlock(): void {
		if (this.#length === 0) {
			return;
		}

		const {storage, rootKey, dataKey} = this.#options;
		this.#pack ??= new PackWriter(storage, rootKey);
		this.#pack.addBlock(this.#block.subarray(0, this.#length), this.#segments, {dataKey, isCompressible: true});
		this.#length = 0;
		this.#segments = [];

		if (this.#pack.length >= packTarget) {
			this.#finishPack();
		}
	}

	#finishPack(): void {
		if (!this.#pack) {
			return;
		}

		const finishing = this.#pack.finish();
		// Its failure is thrown by `finish`, which awaits it; until then it must not count as unhandled.
		finishing.catch(() => undefined);
		this.#finishing.push(finishing);
		this.#pack = undefined;
	}
}

export const toWrittenPack = ({id, size, table}: FinishedPack): WrittenPack => {
	const count = table.blocks.reduce((sum, block) => sum + block.segments.length, 0);
	const records = Buffer.alloc(count * recordLength);
	let position = 0;

	for (const block of table.blocks) {
		let offset = 0;

		for (const {digest, length} of block.segments) {
			digest.copy(records, position);
			records.writeUInt32LE(block.offset, position + digestLength + 4);
			records.writeUInt32LE(block.storedLength, position + digestLength + 8);
			records.writeUInt32LE(offset, position + digestLength + 12);
			records.writeUInt32LE(length, position + digestLength + 16);
			offset += length;
			position += recordLength;
		}
	}

	return {id, size, records};
};
