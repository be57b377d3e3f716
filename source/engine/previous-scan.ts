/**
The previous backup as a walk meets it: a cursor over its shapes, in step with the cached rows of its scan. Facts are read only for pages in which something
changed.
*/
import type {BigIntStats} from 'node:fs';
import type {EntryType} from '../domain/entry.ts';
import type {RawPath} from '../domain/raw-name.ts';
import type {Catalog} from './catalog.ts';
import {compareFolders, compareNames} from './catalog-order.ts';
import type {Shape, StoredEntry} from './catalog-page.ts';
import {fieldsPerRow, type ScanCache} from './scan-cache.ts';

/** A page of the previous catalog, with the cached rows of its entries. */
export type PreviousPage = {
	readonly number: number;
	readonly shape: Shape;
	/** `undefined`: nothing is known of this host's files, so that all of them are read. */
	readonly rows: BigInt64Array | undefined;
	readonly entryCount: number;
};

export type PreviousEntry = {readonly page: PreviousPage; readonly index: number; readonly type: EntryType};

/** Times of files come from a coarser clock than ours: what changed this close to the start of a scan may look unchanged. */
export const clockMarginNs = 20_000_000n;

/** Inode, size and both times are those of the row, and older than anything that may have been missed. */
export const isUnchangedSince = (row: BigInt64Array | undefined, stats: BigIntStats, before: bigint): boolean => row !== undefined
	&& row[0] === BigInt.asIntN(64, stats.ino)
	&& row[1] === stats.size
	&& row[2] === BigInt.asIntN(64, stats.mtimeNs)
	&& row[3] === BigInt.asIntN(64, stats.ctimeNs)
	&& stats.ctimeNs < before;

export class PreviousScan {
	readonly catalog: Catalog;
	readonly #cache: ScanCache | undefined;
	#isCacheGood: boolean;
	#page: PreviousPage | undefined;
	/** Position in `#page`: a run, and an entry in it. */
	#run = 0;
	#index = 0;

	constructor(catalog: Catalog, cache: ScanCache | undefined) {
		this.catalog = catalog;
		this.#cache = cache;
		this.#isCacheGood = cache !== undefined;
		this.#turnTo(0);
	}

	/** The entry `name` of `folder`, if it was there. Must be asked in catalog order. */
	find(folder: RawPath, name: RawPath): PreviousEntry | undefined {
		while (this.#page) {
			const run = this.#page.shape.runs[this.#run];

			if (!run) {
				this.#turnTo(this.#page.number + 1);
				continue;
			}

			const order = compareFolders(run.folder, folder) || this.#compareRest(run.start + run.count, name);

			if (order > 0) {
				return undefined;
			}

			if (order === 0 && this.#index < run.start + run.count) {
				return {page: this.#page, index: this.#index, type: this.#page.shape.types[this.#index]!};
			}

			this.#run++;
			this.#index = run.start + run.count;
		}

		return undefined;
	}

	/** Nanoseconds: what changed after this may look unchanged. */
	get startedNs(): bigint {
		return this.#cache?.facts.startedNs ?? 0n;
	}

	entryOf({page, index}: PreviousEntry): StoredEntry {
		return this.catalog.entriesOf(page.number)[index]!;
	}

	rowOf({page, index}: PreviousEntry): BigInt64Array | undefined {
		return page.rows?.subarray(index * fieldsPerRow, (index + 1) * fieldsPerRow);
	}

	/** Moves on to `name` within the run; negative when the run ends before it. */
	#compareRest(end: number, name: RawPath): number {
		const {names} = this.#page!.shape;

		while (this.#index < end) {
			const order = compareNames(names[this.#index]!, name);

			if (order >= 0) {
				return order;
			}

			this.#index++;
		}

		return -1;
	}

	#turnTo(number: number): void {
		const ref = this.catalog.pages[number];
		this.#run = 0;
		this.#index = 0;

		if (!ref) {
			this.#page = undefined;
			return;
		}

		const rows = this.#isCacheGood ? this.#cache!.nextPage(ref.entryCount) : undefined;
		this.#isCacheGood = rows !== undefined;
		this.#page = {
			number, shape: this.catalog.shapeOf(ref), rows, entryCount: ref.entryCount,
		};
	}
}
