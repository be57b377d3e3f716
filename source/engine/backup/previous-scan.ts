/**
The previous backup as a walk meets it: a cursor over its shapes, in step with the cached rows of its scan. Facts are read only for pages in which something
changed.
*/
import type {BigIntStats} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import {KeptValues} from '../base/kept-values.ts';
import type {Catalog} from '../catalog/catalog.ts';
import {compareFolders, compareNames} from '../catalog/catalog-order.ts';
import type {Shape} from '../catalog/catalog-shape.ts';
import type {PageFacts} from '../catalog/page-facts.ts';
import type {PackedSegment} from '../segments/segment-list.ts';
import {field, fieldCount, toMilliseconds} from './folder-listing.ts';
import {fieldsPerRow, type ScanCache} from './scan-cache.ts';

/** A page of the previous catalog, with the cached rows of its entries. */
export type PreviousPage = {
	readonly number: number;
	readonly shape: Shape;
	/** `undefined`: nothing is known of this host's files, so that all of them are read. */
	readonly rows: Float64Array | undefined;
	readonly entryCount: number;
};

/** Entries of the previous backup that follow each other in a page, all of one folder. */
export type PreviousRun = {readonly page: PreviousPage; readonly folder: RawPath; readonly index: number; readonly count: number};

/** Names of a folder in catalog order, `fieldCount` facts each, from `position` on. */
export type ListedNames = {
	readonly folder: RawPath;
	readonly names: readonly RawPath[];
	readonly facts: Float64Array;
	readonly position: number;
	/** How many of them are asked about. */
	readonly limit: number;
};

/** Times of files come from a coarser clock than ours: what changed this close to the start of a scan may look unchanged. */
const clockMarginMs = 20;

/** The walk is ahead of the catalog that is written by about as many pages. */
const maxKeptFacts = 32;

/** Positions in a row, after those of a listing that it repeats. */
const rowInode = 0;
const rowSize = 1;
const rowModified = 2;
const rowChanged = 3;
const rowGroup = 4;

/** The row that a scan keeps of an entry. */
export const rowOf = ({ino, size, mtimeNs, ctimeNs}: Pick<BigIntStats, 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>, linkGroup?: string): Float64Array =>
	Float64Array.of(Number(ino), Number(size), toMilliseconds(mtimeNs), toMilliseconds(ctimeNs), shortGroup(linkGroup));

/** A row that no state of any file can equal: it will be read again. */
export const unknownRow = (): Float64Array => new Float64Array(fieldsPerRow);

/** Enough of a group of hard links to compare it by. */
export const shortGroup = (linkGroup: string | undefined): number => linkGroup === undefined ? 0 : Number.parseInt(linkGroup.slice(0, 12), 16);

export class PreviousScan {
	readonly #cache: ScanCache | undefined;
	/** Milliseconds: what changed after this may look unchanged. */
	readonly #trustedUntilMs: number;
	#isCacheGood: boolean;
	#page: PreviousPage | undefined;
	/** Position in `#page`: a run, and an entry in it. */
	#run = 0;
	#index = 0;
	readonly #facts = new KeptValues<number, PageFacts>(maxKeptFacts);
	readonly catalog: Catalog;

	constructor(catalog: Catalog, cache: ScanCache | undefined) {
		this.catalog = catalog;
		this.#cache = cache;
		this.#trustedUntilMs = Number((cache?.facts.startedNs ?? 0n) / 1_000_000n) - clockMarginMs;
		this.#isCacheGood = cache !== undefined;
		this.#turnTo(0);
	}

	/**
	Moves to the entry.
	@returns false where the previous backup does not have it
	*/
	#seek(folder: RawPath, name: RawPath): boolean {
		while (this.#page) {
			const run = this.#page.shape.runs[this.#run];

			if (!run) {
				this.#turnTo(this.#page.number + 1);
				continue;
			}

			const end = run.start + run.count;
			const order = run.folder === folder ? this.#compareRest(end, name) : compareFolders(run.folder, folder);

			if (order >= 0) {
				return order === 0;
			}

			this.#run++;
			this.#index = end;
		}

		return false;
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

	#isSame(rows: Float64Array, index: number, {facts, start}: {readonly facts: Float64Array; readonly start: number}): boolean {
		const row = index * fieldsPerRow;

		return rows[row + rowChanged] === facts[start + field.changedMs]
			&& rows[row + rowInode] === facts[start + field.inode]
			&& rows[row + rowModified] === facts[start + field.modifiedMs]
			&& rows[row + rowSize] === facts[start + field.size]
			&& facts[start + field.changedMs]! < this.#trustedUntilMs;
	}

	/**
	The entries, as many in a row as are still the same by name, inode, size and both times; whole folders, where nothing changed. Must be asked in catalog order.
	@returns `undefined` where the first is not
	*/
	findUnchanged({folder, names, facts, position, limit}: ListedNames): PreviousRun | undefined {
		if (!this.#seek(folder, names[position]!)) {
			return undefined;
		}

		const page = this.#page!;
		const index = this.#index;
		const run = page.shape.runs[this.#run]!;
		const most = Math.min(limit, run.start + run.count - index);
		const {rows, shape} = page;

		if (rows === undefined) {
			return undefined;
		}

		let count = 0;

		while (count < most && shape.names[index + count] === names[position + count] && this.#isSame(rows, index + count, {facts, start: (position + count) * fieldCount})) {
			count++;
		}

		return count === 0
			? undefined
			: {
				page, folder, index, count,
			};
	}

	/**
	The segment that an entry's content began with; `undefined` where the previous backup has no such entry, or nothing in it. Must be asked in catalog order, as the others.
	@throws FormatError, and what keeps the page from being read
	*/
	firstSegmentOf(folder: RawPath, name: RawPath): PackedSegment | undefined {
		return this.#seek(folder, name) ? this.factsOf(this.#page!.number).firstSegmentOf(this.#index) : undefined;
	}

	/** The facts of a page; those of the last few stay in memory. */
	factsOf(page: number): PageFacts {
		return this.#facts.get(page, () => this.catalog.factsOf(page));
	}

	/** The same of one entry, from exact stats. */
	isUnchanged(folder: RawPath, name: RawPath, stats: BigIntStats): boolean {
		const facts = Float64Array.of(0, 0, Number(stats.ino), 0, Number(stats.size), toMilliseconds(stats.mtimeNs), toMilliseconds(stats.ctimeNs));

		return this.findUnchanged({
			folder, names: [name], facts, position: 0, limit: 1,
		}) !== undefined;
	}
}

/** The group of hard links that an entry was stored with, in its short form. */
export const storedGroupOf = ({rows}: PreviousPage, index: number): number => rows![(index * fieldsPerRow) + rowGroup]!;
