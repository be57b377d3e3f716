import type {Buffer} from 'node:buffer';
import {FormatError} from '../base/bytes.ts';
import type {Storage} from '../storage/storage.ts';
import {BlockReader} from './block-reader.ts';
import type {SegmentCopies} from './segment-copies.ts';
import type {SegmentIndex} from './segment-index.ts';

/** Reads segments by digest alone. */
export class SegmentReader {
	readonly #index: SegmentIndex;
	readonly #blocks: BlockReader;
	readonly #copies: SegmentCopies | undefined;

	/** `catalogCopies`: where segments that this server cannot open are looked up first. */
	constructor({storage, catalogCopies}: {readonly storage: Storage; readonly catalogCopies?: SegmentCopies | undefined}, index: SegmentIndex) {
		this.#index = index;
		this.#copies = catalogCopies;
		this.#blocks = new BlockReader(storage, index.keyRing);
	}

	#readNow(digest: Buffer): Buffer {
		const location = this.#index.find(digest);

		if (!location) {
			throw new FormatError(`segment ${digest.toString('hex', 0, 8)} is in no index`);
		}

		return this.#blocks.read(location, digest);
	}

	/**
	Reads the segment with this digest.
	@throws FormatError naming pack and place where the segment is missing or damaged; UserError `key`
	*/
	read(digest: Buffer): Buffer {
		const copy = this.#copies?.read(digest);

		if (copy) {
			return copy;
		}

		try {
			return this.#readNow(digest);
		} catch (error) {
			// A cleanup moved the block to another pack meanwhile: the index of now knows which.
			if (((error as Error).cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT') {
				throw error;
			}

			this.#index.reload();

			return this.#readNow(digest);
		}
	}
}
