import type {Buffer} from 'node:buffer';
import {UserError} from '../../errors.ts';
import {FormatError} from '../base/bytes.ts';
import {digestOf} from '../base/digest.ts';
import {release} from '../base/release.ts';
import type {Storage} from '../storage/storage.ts';
import {openBlock} from './block.ts';
import type {SegmentLocation} from './index-file.ts';
import type {LostBlock} from './losses.ts';
import {type DataKeyRing, packName} from './pack.ts';

/** A block cannot be opened, or holds something else than the index says. */
export class BlockError extends FormatError {
	readonly block: LostBlock;

	constructor(message: string, {packId, blockOffset}: LostBlock, cause?: unknown) {
		super(message, {cause});
		this.block = {packId, blockOffset};
	}
}

/** Unpacked blocks kept: what browsing and chunked files come back to. */
const maxCachedBlocks = 12;
/** Where segments are read in the order in which they lie. */
const maxHeldBlocks = 4;

/** Reads segments where an index says they lie; each is checked against its digest before anyone sees it. */
export class BlockReader {
	readonly #storage: Storage;
	readonly #keyRing: DataKeyRing;
	readonly #isReleasing: boolean;
	readonly #blocks = new Map<string, Buffer>();

	/** `isReleasing`: nobody keeps a segment beyond the next `read`, so that blocks give their memory back at once. */
	constructor(storage: Storage, keyRing: DataKeyRing, isReleasing = false) {
		this.#isReleasing = isReleasing;
		this.#storage = storage;
		this.#keyRing = keyRing;
	}

	#block(location: SegmentLocation): Buffer {
		const name = `${location.packId}/${location.blockOffset}`;
		const cached = this.#blocks.get(name);

		if (cached) {
			// Back to the newest end.
			this.#blocks.delete(name);
			this.#blocks.set(name, cached);
			return cached;
		}

		const block = this.#readBlock(location);

		if (this.#blocks.size >= (this.#isReleasing ? maxHeldBlocks : maxCachedBlocks)) {
			this.#forgetOldest();
		}

		this.#blocks.set(name, block);
		return block;
	}

	#forgetOldest(): void {
		const [name, block] = this.#blocks.entries().next().value!;
		this.#blocks.delete(name);

		if (this.#isReleasing) {
			release(block);
		}
	}

	#readBlock({packId, blockOffset, blockStoredLength}: SegmentLocation): Buffer {
		try {
			const stored = this.#storage.readRange(packName(packId), blockOffset, blockStoredLength);
			const block = openBlock(stored, this.#keyRing.keyOf);
			release(stored);

			return block;
		} catch (error) {
			// Nothing is damaged where a key is needed.
			if (error instanceof UserError) {
				throw error;
			}

			throw new BlockError(`pack ${packId}, block at ${blockOffset}: ${(error as Error).message}`, {packId, blockOffset}, error);
		}
	}

	/**
	Reads the segment that an index says lies there.
	@throws FormatError naming pack and place where the segment is missing or damaged.
	*/
	read(location: SegmentLocation, digest: Uint8Array): Buffer {
		const segment = this.#block(location).subarray(location.offset, location.offset + location.length);

		if (segment.length !== location.length || digestOf(segment).compare(digest) !== 0) {
			throw new BlockError(`pack ${location.packId} does not hold at ${location.blockOffset} what the index says`, location);
		}

		return segment;
	}
}
