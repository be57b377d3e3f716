/**
Puts new segments into blocks and blocks into packs; what exists already costs a hash and a look-up. Each thread has its own writer, and all share the table
of claims.
*/
import {Buffer} from 'node:buffer';
import type {DataKey} from '../base/keys.ts';
import {digestLength, digestOf} from '../base/digest.ts';
import type {Storage} from '../storage/storage.ts';
import {blockCapacity} from './block.ts';
import {isLikelyPacked} from './entropy.ts';
import {type IndexedPack, recordLength} from './index-file.ts';
import {
	type FinishedPack,
	packTarget,
	PackWriter,
} from './pack.ts';
import type {SegmentIndex} from './segment-index.ts';
import {type SegmentList, SegmentListWriter} from './segment-list.ts';
import type {SegmentTable} from './segment-table.ts';

/** What is said of the segments must stay small beside what they hold, also where files are tiny. */
const maxBlockSegments = 4096;
const maxPackSegments = 32_768;

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

/** A block that is being filled. What is packed already has blocks of its own, which are stored as they are. */
class OpenBlock {
	readonly #bytes = Buffer.allocUnsafeSlow(blockCapacity);
	#length = 0;
	readonly #segments = new SegmentListWriter();
	readonly isCompressible: boolean;

	constructor(isCompressible: boolean) {
		this.isCompressible = isCompressible;
	}

	get length(): number {
		return this.#length;
	}

	get segmentCount(): number {
		return this.#segments.length;
	}

	get content(): Buffer {
		return this.#bytes.subarray(0, this.#length);
	}

	/** What lies in the block; to be taken once. */
	takeSegments(): SegmentList {
		return this.#segments.take();
	}

	tail(length: number): Buffer {
		return this.#bytes.subarray(this.#length, this.#length + length);
	}

	/** What was written to the tail becomes a segment. */
	advance(digest: Buffer, length: number): void {
		this.#segments.add({digest, length});
		this.#length += length;
	}

	clear(): void {
		this.#length = 0;
	}
}

export class SegmentWriter {
	readonly #options: SegmentWriterOptions;
	readonly #blockLength: number;
	readonly #plain = new OpenBlock(true);
	#packed: OpenBlock | undefined;
	#pack: PackWriter | undefined;
	#packSegments = 0;
	readonly #finishing: Array<Promise<WrittenPack>> = [];

	constructor(options: SegmentWriterOptions) {
		this.#options = options;
		this.#blockLength = options.blockLength ?? blockCapacity;
	}

	#isNew(digest: Buffer): boolean {
		return !this.#options.index.has(digest) && this.#options.table.claim(digest);
	}

	#packedBlock(): OpenBlock {
		this.#packed ??= new OpenBlock(false);

		return this.#packed;
	}

	#copyTo(block: OpenBlock, {digest, bytes}: {readonly digest: Buffer; readonly bytes: Buffer}): void {
		if (bytes.length > blockCapacity) {
			this.#storeAlone(bytes, {digest, isCompressible: block.isCompressible});
			return;
		}

		this.#tailOf(block, bytes.length).set(bytes);
		block.advance(digest, bytes.length);
	}

	#tailOf(block: OpenBlock, length: number): Buffer {
		if (block.length + length > this.#blockLength || block.segmentCount >= maxBlockSegments) {
			this.#flush(block);
		}

		return block.tail(length);
	}

	#flush(block: OpenBlock): void {
		if (block.length === 0) {
			return;
		}

		this.#addBlock(block.content, {segments: block.takeSegments(), isCompressible: block.isCompressible});
		block.clear();
	}

	/** What is longer than any block has one of its own: a page of the catalog that tells of gigabytes. */
	#storeAlone(bytes: Buffer, {digest, isCompressible}: {readonly digest: Buffer; readonly isCompressible: boolean}): void {
		const segments = new SegmentListWriter();
		segments.add({digest, length: bytes.length});
		this.#addBlock(bytes, {segments: segments.take(), isCompressible});
	}

	#addBlock(content: Buffer, {segments, isCompressible}: {readonly segments: SegmentList; readonly isCompressible: boolean}): void {
		const {storage, rootKey, dataKey} = this.#options;
		this.#pack ??= new PackWriter(storage, rootKey);
		this.#packSegments += segments.length;
		this.#pack.addBlock(content, segments, {dataKey, isCompressible});

		if (this.#pack.length >= packTarget || this.#packSegments >= maxPackSegments) {
			this.#finishPack();
		}
	}

	#finishPack(): void {
		if (!this.#pack) {
			return;
		}

		const finishing = finishAsRecords(this.#pack);
		// Its failure is thrown by `finish`, which awaits it; until then it must not count as unhandled.
		finishing.catch(() => undefined);
		this.#finishing.push(finishing);
		this.#pack = undefined;
		this.#packSegments = 0;
	}

	/** Room for `length` bytes to read a file into; then call `addTail`. */
	tail(length: number): Buffer {
		return this.#tailOf(this.#plain, length);
	}

	/**
	Adds the first `length` bytes of the tail as a segment, unless it exists.
	@returns its digest
	*/
	addTail(length: number): Buffer {
		const bytes = this.#plain.tail(length);
		const digest = digestOf(bytes);

		if (this.#isNew(digest)) {
			if (isLikelyPacked(bytes)) {
				this.#copyTo(this.#packedBlock(), {digest, bytes});
			} else {
				this.#plain.advance(digest, length);
			}
		}

		return digest;
	}

	/**
	Adds a segment of any length, unless it exists.
	@returns its digest
	*/
	add(bytes: Buffer): Buffer {
		const digest = digestOf(bytes);

		if (this.#isNew(digest)) {
			this.#copyTo(isLikelyPacked(bytes) ? this.#packedBlock() : this.#plain, {digest, bytes});
		}

		return digest;
	}

	/** Makes everything durable. */
	async finish(): Promise<WrittenPack[]> {
		for (const block of [this.#plain, this.#packed]) {
			if (block) {
				this.#flush(block);
			}
		}

		this.#finishPack();

		return Promise.all(this.#finishing);
	}

	/**
	Leaves the open pack unwritten.
	@returns the packs that were durable already.
	*/
	async abort(): Promise<string[]> {
		this.#pack?.abort();
		this.#pack = undefined;
		const settled = await Promise.allSettled(this.#finishing);

		return settled.filter(result => result.status === 'fulfilled').map(({value}) => value.id);
	}
}

/** The table's objects are let go as soon as the pack is durable; only compact records stay. */
const finishAsRecords = async (pack: PackWriter): Promise<WrittenPack> => toWrittenPack(await pack.finish());

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
