import {hash} from 'node:crypto';
import {openBlock} from './block.ts';
import {FormatError} from './bytes.ts';
import type {SegmentLocation} from './index-file.ts';
import {packName} from './pack.ts';
import type {SegmentIndex} from './segment-index.ts';
import type {Storage} from './storage.ts';

/** Unpacked blocks kept: what browsing and chunked files come back to. */
const maxCachedBlocks = 12;

/** Reads segments by digest; each is checked against its digest before anyone sees it. */
export class SegmentReader {
	readonly #storage: Storage;
	readonly #index: SegmentIndex;
	readonly #blocks = new Map<string, Buffer>();

	constructor(storage: Storage, index: SegmentIndex) {
		this.#storage = storage;
		this.#index = index;
	}

	/** @throws FormatError naming pack and offset where the segment is missing or damaged. */
	read(digest: Buffer): Buffer {
		const location = this.#index.find(digest);

		if (!location) {
			throw new FormatError(`segment ${digest.toString('hex', 0, 8)} is in no index`);
		}

		return this.readAt(location, digest);
	}

	readAt(location: SegmentLocation, digest: Buffer): Buffer {
		const segment = this.#block(location).subarray(location.offset, location.offset + location.length);

		if (segment.length !== location.length || !hash('sha256', segment, 'buffer').equals(digest)) {
			throw new FormatError(`pack ${location.packId} does not hold at ${location.blockOffset} what the index says`);
		}

		return segment;
	}

	/** @throws FormatError naming the pack */
	#block(location: SegmentLocation): Buffer {
		const name = `${location.packId}/${location.blockOffset}`;
		const cached = this.#blocks.get(name);

		if (cached) {
			this.#blocks.delete(name);
			this.#blocks.set(name, cached);
			return cached;
		}

		const block = this.#readBlock(location);

		if (this.#blocks.size >= maxCachedBlocks) {
			this.#blocks.delete(this.#blocks.keys().next().value!);
		}

		this.#blocks.set(name, block);
		return block;
	}

	#readBlock({packId, blockOffset, blockStoredLength}: SegmentLocation): Buffer {
		try {
			return openBlock(this.#storage.readRange(packName(packId), blockOffset, blockStoredLength), this.#index.keyRing.keyOf);
		} catch (error) {
			throw new FormatError(`pack ${packId}, block at ${blockOffset}: ${(error as Error).message}`, {cause: error});
		}
	}
}
