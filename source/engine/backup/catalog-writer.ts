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
import type {PreviousEntry, PreviousScan} from './previous-scan.ts';
import {fieldsPerRow, type ScanCacheWriter} from './scan-cache.ts';

const minPageEntries = 512;
const maxPageEntries = 2048;
/** One name in so many ends a page, once the minimum is reached. */
const cutMask = 511;
const tableSegmentLength = 256 << 10;

/** An entry taken over from the previous catalog, or a new one with its row for the scan cache. */
export type CatalogItem =
	| (PreviousEntry & {readonly folder: RawPath; readonly name: RawPath})
	| {readonly entry: StoredEntry; readonly row: Float64Array};

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
	#items: CatalogItem[] = [];

	constructor(options: CatalogWriterOptions) {
		this.#options = options;
	}

	#endPage(): void {
		const items = this.#items;
		this.#items = [];
		this.#pages.push(this.#unchangedPage(items) ?? this.#newPage(items));
		this.#options.cache?.addPage(this.#rowsOf(items));
	}

	#unchangedPage(items: readonly CatalogItem[]): PageRef | undefined {
		const [first] = items;

		if (!first || 'entry' in first || first.page.entryCount !== items.length) {
			return undefined;
		}

		const {page} = first;
		const isWhole = items.every((item, index) => !('entry' in item) && item.page === page && item.index === index);

		return isWhole ? this.#options.previous!.catalog.pages[page.number] : undefined;
	}

	#newPage(items: readonly CatalogItem[]): PageRef {
		const entries = items.map(item => 'entry' in item ? item.entry : this.#options.previous!.entryOf(item));
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

	#rowsOf(items: readonly CatalogItem[]): Float64Array {
		const rows = new Float64Array(items.length * fieldsPerRow);

		for (const [index, item] of items.entries()) {
			const start = index * fieldsPerRow;

			if ('entry' in item) {
				rows.set(item.row, start);
				continue;
			}

			const from = item.index * fieldsPerRow;

			for (let offset = 0; offset < fieldsPerRow; offset++) {
				rows[start + offset] = item.page.rows![from + offset]!;
			}
		}

		return rows;
	}

	#sum(field: 'entryCount' | 'fileCount' | 'sizeBytes'): number {
		let total = 0;

		for (const page of this.#pages) {
			total += page[field];
		}

		return total;
	}

	add(item: CatalogItem): void {
		this.#items.push(item);

		if (this.#items.length >= maxPageEntries || (this.#items.length >= minPageEntries && isCut(item))) {
			this.#endPage();
		}
	}

	/**
	Ends the last page and stores the table of pages.
	@returns where the catalog begins, and the sums of its pages
	*/
	finish(): CatalogRoot & {readonly fileCount: number; readonly sizeBytes: number} {
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

/** The group a set of hard links gets from the path that was met first. */
export const linkGroupOf = (path: RawPath): string => hash('sha256', Buffer.from(path, 'latin1')).slice(0, 16);

/** A file with several links counts where its first path stands. */
const isFirstLink = ({linkGroup, path}: StoredEntry): boolean => linkGroup === undefined || linkGroup === linkGroupOf(path);

const isCut = (item: CatalogItem): boolean => {
	const folder = 'entry' in item ? folderOf(item.entry.path) : item.folder;
	const name = 'entry' in item ? item.entry.name : item.name;

	return (mix(mix(0x81_1C_9D_C5, folder), name) & cutMask) === 0;
};

/** FNV-1a: cheap, and it only has to scatter. */
const mix = (seed: number, text: string): number => {
	let value = seed;

	for (let index = 0; index < text.length; index++) {
		value = Math.imul(value ^ text.codePointAt(index)!, 0x01_00_01_93);
	}

	return value ^ (value >>> 15);
};
