/**
Writes a catalog from entries in catalog order. Pages are cut at places that the names decide, so a new file moves no page but its own; a page in which nothing
changed is taken over from the previous catalog as it is.
*/
import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import type {RawPath} from '../../domain/raw-name.ts';
import {encodeTable, type PageRef} from '../catalog/catalog.ts';
import {folderOf} from '../catalog/catalog-order.ts';
import {encodeFacts, type StoredEntry} from '../catalog/catalog-page.ts';
import {encodeShape} from '../catalog/catalog-shape.ts';
import type {CatalogRoot} from '../catalog/manifest.ts';
import type {PreviousPage, PreviousRun, PreviousScan} from './previous-scan.ts';
import {fieldsPerRow, type ScanCacheWriter} from './scan-cache.ts';

const minPageEntries = 512;
const maxPageEntries = 2048;
/** One name in so many ends a page, once the minimum is reached. */
const cutMask = 511;
const tableSegmentLength = 256 << 10;

/** A new entry with its row for the scan cache. */
export type NewItem = {readonly entry: StoredEntry; readonly row: Float64Array};

/** Entries taken over from the previous catalog, or a new one. */
export type CatalogItem = PreviousRun | NewItem;

export type CatalogWriterOptions = {
	readonly previous: PreviousScan | undefined;
	/** Of the home alone. */
	readonly cache: ScanCacheWriter | undefined;
	/**
	Stores a segment.
	@returns its digest
	*/
	readonly store: (bytes: Buffer) => Buffer;
};

export class CatalogWriter {
	readonly #options: CatalogWriterOptions;
	readonly #pages: PageRef[] = [];
	#items: NewItem[] = [];
	/** The first `count` entries of a previous page, and nothing else so far, are in this page: as long as that lasts, none of them is looked at. */
	#whole: {readonly page: PreviousPage; count: number} | undefined;

	constructor(options: CatalogWriterOptions) {
		this.#options = options;
	}

	#endPage(): void {
		const items = this.#items;
		this.#items = [];
		this.#pages.push(this.#newPage(items.map(({entry}) => entry)));
		this.#options.cache?.addPage(rowsOf(items));
	}

	/** Ends a page that is the previous one as it was. */
	#endWhole({number, rows}: PreviousPage): void {
		this.#whole = undefined;
		this.#pages.push(this.#options.previous!.catalog.pages[number]!);
		this.#options.cache?.addPage(rows!);
	}

	/** Something else follows what was taken over whole so far. No entry in it ends a page: there the previous page would have ended. */
	#unfold(): void {
		const whole = this.#whole;
		this.#whole = undefined;

		if (whole) {
			this.#items = this.#itemsOf({page: whole.page, index: 0, count: whole.count});
		}
	}

	#itemsOf({page, index, count}: PreviousRun): NewItem[] {
		const entries = this.#options.previous!.catalog.entriesOf(page.number);

		return entries.slice(index, index + count).map((entry, offset) => {
			const row = (index + offset) * fieldsPerRow;

			return {entry, row: page.rows!.subarray(row, row + fieldsPerRow)};
		});
	}

	/**
	Takes over a run without a look at its entries.
	@returns false where it does not go on where the page stands, with nothing but that previous page in it
	*/
	#addWhole({page, index, count}: PreviousRun): boolean {
		const isNext = this.#whole ? this.#whole.page === page && this.#whole.count === index : index === 0 && this.#items.length === 0;

		if (!isNext) {
			return false;
		}

		this.#whole = {page, count: index + count};

		// Where the last one ends, the names did not decide.
		if (this.#whole.count === page.entryCount && page.number < this.#options.previous!.catalog.pages.length - 1) {
			this.#endWhole(page);
		}

		return true;
	}

	#addNew(item: NewItem): void {
		this.#items.push(item);

		if (this.#items.length >= maxPageEntries || (this.#items.length >= minPageEntries && isCut(item.entry))) {
			this.#endPage();
		}
	}

	#newPage(entries: readonly StoredEntry[]): PageRef {
		const [first] = entries;
		const files = entries.filter(entry => entry.type === 'file');

		return {
			folder: folderOf(first!.path),
			name: first!.name,
			shape: kept(this.#options.store(encodeShape(entries))),
			facts: kept(this.#options.store(encodeFacts(entries))),
			entryCount: entries.length,
			fileCount: files.length,
			sizeBytes: files.reduce((sum, entry) => sum + (isFirstLink(entry) ? entry.sizeBytes : 0), 0),
		};
	}

	#sum(field: 'entryCount' | 'fileCount' | 'sizeBytes'): number {
		let total = 0;

		for (const page of this.#pages) {
			total += page[field];
		}

		return total;
	}

	add(item: CatalogItem): void {
		if ('entry' in item) {
			this.#unfold();
			this.#addNew(item);
			return;
		}

		if (this.#addWhole(item)) {
			return;
		}

		this.#unfold();

		for (const one of this.#itemsOf(item)) {
			this.#addNew(one);
		}
	}

	/**
	Ends the last page and stores the table of pages.
	@returns where the catalog begins, and the sums of its pages
	*/
	finish(): CatalogRoot & {readonly fileCount: number; readonly sizeBytes: number} {
		if (this.#whole && this.#whole.count === this.#whole.page.entryCount) {
			this.#endWhole(this.#whole.page);
		}

		this.#unfold();

		if (this.#items.length > 0) {
			this.#endPage();
		}

		const table = encodeTable(this.#pages);
		const digests: string[] = [];

		for (let offset = 0; offset < table.length; offset += tableSegmentLength) {
			const digest = this.#options.store(table.subarray(offset, offset + tableSegmentLength));
			digests.push(digest.toString('hex'));
		}

		return {
			table: digests, entryCount: this.#sum('entryCount'), fileCount: this.#sum('fileCount'), sizeBytes: this.#sum('sizeBytes'),
		};
	}
}

/** A copy that holds no slab of others in memory: it stays until the catalog is finished. */
const kept = (digest: Buffer): Buffer => {
	const copy = Buffer.allocUnsafeSlow(digest.length);
	digest.copy(copy);

	return copy;
};

const rowsOf = (items: readonly NewItem[]): Float64Array => {
	const rows = new Float64Array(items.length * fieldsPerRow);

	for (const [index, {row}] of items.entries()) {
		rows.set(row, index * fieldsPerRow);
	}

	return rows;
};

/** The group a set of hard links gets from the path that was met first. */
export const linkGroupOf = (path: RawPath): string => hash('sha256', Buffer.from(path, 'latin1')).slice(0, 16);

/** A file with several links counts where its first path stands. */
const isFirstLink = ({linkGroup, path}: StoredEntry): boolean => linkGroup === undefined || linkGroup === linkGroupOf(path);

const isCut = ({path, name}: StoredEntry): boolean => (mix(mix(0x81_1C_9D_C5, folderOf(path)), name) & cutMask) === 0;

/** FNV-1a: cheap, and it only has to scatter. */
const mix = (seed: number, text: string): number => {
	let value = seed;

	for (let index = 0; index < text.length; index++) {
		value = Math.imul(value ^ text.codePointAt(index)!, 0x01_00_01_93);
	}

	return value ^ (value >>> 15);
};
