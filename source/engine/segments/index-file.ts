/**
An index file says where segments lie: fixed-width records in digest order, in pages sealed one by one, looked up where they lie. In memory are only the packs it speaks of and a fence
of eight digest bytes a page (2.4 MB for a hundred million segments).
*/
import {Buffer} from 'node:buffer';
import {zstdDecompressSync} from 'node:zlib';
import {ByteReader, FormatError} from '../base/bytes.ts';
import {
	deriveKey,
	idLength,
	open,
	openWithNonce,
	tagLength,
} from '../base/keys.ts';
import {digestLength} from '../base/digest.ts';
import type {Storage} from '../storage/storage.ts';
import type {PackTable} from './pack.ts';
import {filterLength, IndexFilter} from './index-filter.ts';

/** Where a segment lies. */
export type SegmentLocation = {
	readonly packId: string;
	readonly blockOffset: number;
	readonly blockStoredLength: number;
	/** Of the segment, in the unpacked block. */
	readonly offset: number;
	readonly length: number;
};

export type IndexedPack = {readonly id: string; readonly size: number};

/** One record: digest ‖ pack number ‖ block offset ‖ block stored length ‖ offset ‖ length. */
export const recordLength = digestLength + 20;
export const pageLength = 16_384;
export const recordsPerPage = Math.floor((pageLength - tagLength) / recordLength);
export const indexMagic = 'HFINDX01';
export const headerLength = 32;
export const footerLength = 24;

/** Digest bytes a page is found by. */
const fenceLength = 8;
/** Records of the largest file whose filter is kept in memory: a byte each, in each thread. */
const maxFiltered = 8 << 20;

export const indexName = (id: string): string => `index/${id}`;

/** Reads one index file; holds its fence and facts, and pages only in the cache it is given. */
export class IndexFile {
	/**
	Reads facts and fence.
	@throws FormatError, SealError, ENOENT
	*/
	static open(storage: Storage, rootKey: Uint8Array, {id, size}: {readonly id: string; readonly size: number}): IndexFile {
		if (size < headerLength + footerLength) {
			throw new FormatError(`index ${id} is cut short`);
		}

		const footer = new ByteReader(storage.readRange(indexName(id), size - footerLength, footerLength));
		const offset = footer.u64();
		const length = footer.u32();
		footer.u32();

		if (footer.raw(8) !== indexMagic || offset + length + footerLength !== size) {
			throw new FormatError(`index ${id} is cut short or damaged at its end`);
		}

		const sealed = storage.readRange(indexName(id), offset, length);
		const facts = zstdDecompressSync(open(factsKey(rootKey, id), sealed, Buffer.from(id, 'hex')));

		return new IndexFile(storage, {id, key: pageKey(rootKey, id), filterKey: filterKey(rootKey, id)}, new ByteReader(facts));
	}

	readonly #storage: Storage;
	readonly #key: Buffer;
	readonly #filterKey: Buffer;
	#filter: IndexFilter | undefined;
	/** The first eight digest bytes of each page, as two numbers a page. */
	readonly #fence: Uint32Array;
	readonly id: string;
	readonly packs: readonly IndexedPack[];
	readonly dataKeys: PackTable['dataKeys'];
	readonly replaces: readonly string[];
	readonly recordCount: number;
	readonly pageCount: number;

	private constructor(storage: Storage, {id, key, filterKey}: {readonly id: string; readonly key: Buffer; readonly filterKey: Buffer}, facts: ByteReader) {
		this.#storage = storage;
		this.#key = key;
		this.#filterKey = filterKey;
		this.id = id;
		this.packs = Array.from({length: facts.u32()}, () => ({id: facts.bytes(idLength).toString('hex'), size: facts.u64()}));
		this.dataKeys = Array.from({length: facts.u32()}, () => ({id: facts.bytes(idLength), wrapped: facts.bytes(facts.u16())}));
		this.replaces = Array.from({length: facts.u32()}, () => facts.bytes(idLength).toString('hex'));
		this.recordCount = facts.u64();
		this.pageCount = Math.ceil(this.recordCount / recordsPerPage);
		this.#fence = new Uint32Array(this.pageCount * fenceLength / 4);
		const bytes = Buffer.from(this.#fence.buffer, this.#fence.byteOffset, this.#fence.byteLength);
		facts.bytes(bytes.length).copy(bytes);
		// Written high byte first, as digests compare.
		bytes.swap32();
	}

	#readFilter(): IndexFilter {
		const offset = headerLength + (this.recordCount * recordLength) + (this.pageCount * tagLength);
		const sealed = this.#storage.readRange(indexName(this.id), offset, filterLength(this.recordCount) + tagLength);

		return new IndexFilter(openWithNonce({
			key: this.#filterKey, nonce: pageNonce(0), sealed, context: Buffer.alloc(0),
		}));
	}

	/**
	False: it holds no such digest. Large files have no filter in memory and may hold any.
	@throws FormatError, SealError
	*/
	mayHold(digest: Buffer): boolean {
		if (this.recordCount > maxFiltered) {
			return true;
		}

		this.#filter ??= this.#readFilter();

		return this.#filter.mayHold(digest);
	}

	/** The number of the only page that can hold a digest, or -1. */
	pageOf(digest: Buffer): number {
		const first = digest.readUInt32BE(0);
		const second = digest.readUInt32BE(4);
		let low = 0;
		let high = this.pageCount;

		while (low < high) {
			const middle = (low + high) >>> 1;

			if (this.#fence[middle * 2]! > first || (this.#fence[middle * 2] === first && this.#fence[(middle * 2) + 1]! > second)) {
				high = middle;
			} else {
				low = middle + 1;
			}
		}

		return low - 1;
	}

	/**
	The opened records of a page.
	@throws FormatError, SealError
	*/
	readPage(number: number): Buffer {
		const records = number === this.pageCount - 1 ? this.recordCount - (number * recordsPerPage) : recordsPerPage;
		const stored = this.#storage.readRange(indexName(this.id), headerLength + (number * ((recordsPerPage * recordLength) + tagLength)), (records * recordLength) + tagLength);

		return openWithNonce({
			key: this.#key, nonce: pageNonce(number), sealed: stored, context: Buffer.alloc(0),
		});
	}

	locationOf(record: Buffer): SegmentLocation {
		const pack = this.packs[packNumberOf(record)];

		if (!pack) {
			throw new FormatError(`index ${this.id} names a pack it does not know`);
		}

		return {
			packId: pack.id,
			blockOffset: blockOffsetOf(record),
			blockStoredLength: blockLengthOf(record),
			offset: record.readUInt32LE(digestLength + 12),
			length: record.readUInt32LE(digestLength + 16),
		};
	}

	/**
	Reads page after page.
	@yields all records in digest order
	*/
	* records(): Generator<Buffer> {
		for (let number = 0; number < this.pageCount; number++) {
			const page = this.readPage(number);

			for (let offset = 0; offset < page.length; offset += recordLength) {
				yield page.subarray(offset, offset + recordLength);
			}
		}
	}
}

export const packNumberOf = (record: Buffer): number => record.readUInt32LE(digestLength);

export const blockOffsetOf = (record: Buffer): number => record.readUInt32LE(digestLength + 4);

export const blockLengthOf = (record: Buffer): number => record.readUInt32LE(digestLength + 8);

/** The record of `digest` in an opened page, or `undefined`. */
export const findRecord = (page: Buffer, digest: Buffer): Buffer | undefined => {
	const first = digest.readUInt32BE(0);
	let low = 0;
	let high = page.length / recordLength;

	while (low < high) {
		const middle = (low + high) >>> 1;
		const start = middle * recordLength;
		const difference = page.readUInt32BE(start) - first;
		// Whole digests are compared only where their first four bytes are equal, which is ten times as fast.
		const order = difference === 0 ? page.compare(digest, 0, digestLength, start, start + digestLength) : difference;

		if (order === 0) {
			return page.subarray(start, start + recordLength);
		}

		if (order > 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}

	return undefined;
};

export const pageKey = (rootKey: Uint8Array, id: string): Buffer => deriveKey(rootKey, 'index', Buffer.from(id, 'hex'));

export const filterKey = (rootKey: Uint8Array, id: string): Buffer => deriveKey(rootKey, 'index filter', Buffer.from(id, 'hex'));

export const factsKey = (rootKey: Uint8Array, id: string): Buffer => deriveKey(rootKey, 'index facts', Buffer.from(id, 'hex'));

/** Each file has its own key, so a page's number is nonce enough. */
export const pageNonce = (number: number): Buffer => {
	const nonce = Buffer.alloc(12);
	nonce.writeUInt32LE(number, 0);
	return nonce;
};
