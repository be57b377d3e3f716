/** All index files of a vault as one: where does a segment lie? */
import type {Buffer} from 'node:buffer';
import {FormatError} from '../base/bytes.ts';
import {KeptValues} from '../base/kept-values.ts';
import type {Storage} from '../storage/storage.ts';
import {findRecord, IndexFile, type SegmentLocation} from './index-file.ts';
import {DataKeyRing, type VaultKeys} from './pack.ts';

/** Opened pages kept in memory where whole backups are read: 16 MiB. */
const manyPages = 1024;
/** Where nearly everything that is looked up is new: 1 MiB. */
const fewPages = 64;

type IndexSource = VaultKeys & {readonly storage: Storage};

export class SegmentIndex {
	/**
	Opens what the vault holds now; a file whose successor exists is passed over.
	@throws FormatError, SealError naming the file
	*/
	static open(source: IndexSource): SegmentIndex {
		return new SegmentIndex(source, manyPages);
	}

	/** The same for those who look up what is new. */
	static openSmall(source: IndexSource): SegmentIndex {
		return new SegmentIndex(source, fewPages);
	}

	readonly #storage: Storage;
	readonly #rootKey: Uint8Array;
	readonly #pages: KeptValues<string, Buffer>;
	#files: readonly IndexFile[] = [];
	readonly keyRing: DataKeyRing;

	private constructor(source: IndexSource, maxCachedPages: number) {
		this.#pages = new KeptValues(maxCachedPages);
		this.#storage = source.storage;
		this.#rootKey = source.rootKey;
		this.keyRing = new DataKeyRing(source);
		this.reload();
	}

	#findNow(digest: Buffer): SegmentLocation | undefined {
		for (const file of this.#files) {
			const number = file.mayHold(digest) ? file.pageOf(digest) : -1;
			const record = number === -1 ? undefined : findRecord(this.#page(file, number), digest);

			if (record) {
				return file.locationOf(record);
			}
		}

		return undefined;
	}

	#page(file: IndexFile, number: number): Buffer {
		return this.#pages.get(`${file.id}/${number}`, () => file.readPage(number));
	}

	get files(): readonly IndexFile[] {
		return this.#files;
	}

	get recordCount(): number {
		return this.#files.reduce((sum, file) => sum + file.recordCount, 0);
	}

	/** Looks again at what the vault holds. */
	reload(): void {
		const opened = openAll(this.#storage, this.#rootKey);
		const replaced = new Set(opened.flatMap(file => file.replaces));
		this.#files = opened.filter(file => !replaced.has(file.id));

		for (const file of this.#files) {
			this.keyRing.add(file.dataKeys);
		}
	}

	find(digest: Buffer): SegmentLocation | undefined {
		for (;;) {
			try {
				return this.#findNow(digest);
			} catch (error) {
				// A merge took the file away meanwhile; its successor holds the same records.
				if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
					throw error;
				}

				this.reload();
			}
		}
	}

	has(digest: Buffer): boolean {
		return this.find(digest) !== undefined;
	}
}

/** A file that goes away between listing and opening was merged into one that the next listing holds. */
const openAll = (storage: Storage, rootKey: Uint8Array): IndexFile[] => {
	for (;;) {
		const opened = storage.list('index').map(({name, size}) => openFile(storage, rootKey, {id: name.slice('index/'.length), size}));

		if (opened.every(file => file !== undefined)) {
			return opened;
		}
	}
};

const openFile = (storage: Storage, rootKey: Uint8Array, stored: {readonly id: string; readonly size: number}): IndexFile | undefined => {
	try {
		return IndexFile.open(storage, rootKey, stored);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw new FormatError(`index ${stored.id}: ${(error as Error).message}`, {cause: error});
	}
};
