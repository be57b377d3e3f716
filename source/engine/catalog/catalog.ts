/**
Reads a catalog: a table of pages in catalog order, each page in two parts stored as segments of their own. Opening one reads the table alone; a folder
reads the pages that hold it.
*/
import {Buffer} from 'node:buffer';
import type {Entry} from '../../domain/entry.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {ByteReader, ByteWriter} from '../base/bytes.ts';
import {digestLength} from '../base/digest.ts';
import {KeptValues} from '../base/kept-values.ts';
import {
	compareFolders,
	compareNames,
	folderOf,
	isWithin,
	nameOf,
} from './catalog-order.ts';
import {decodeListed, decodePage, type StoredEntry} from './catalog-page.ts';
import {decodeShape, type Shape} from './catalog-shape.ts';
import {PageFacts} from './page-facts.ts';
import type {CatalogRoot} from './manifest.ts';

export type PageRef = {
	/** Folder and name of its first entry. */
	readonly folder: RawPath;
	readonly name: RawPath;
	readonly shape: Buffer;
	readonly facts: Buffer;
	readonly entryCount: number;
	/** Regular files, a hard link once, and their content. */
	readonly fileCount: number;
	readonly sizeBytes: number;
};

export type ReadSegment = (digest: Buffer) => Buffer;

/** Walks go forwards; more decoded pages would only be kept in memory, a megabyte or more each. */
const maxCachedPages = 4;

export const encodeTable = (pages: readonly PageRef[]): Buffer => {
	const writer = new ByteWriter().u32(pages.length);

	for (const page of pages) {
		writer.text(page.folder).text(page.name).bytes(page.shape).bytes(page.facts).u32(page.entryCount).u32(page.fileCount).u64(page.sizeBytes);
	}

	return writer.take();
};

const decodeTable = (bytes: Buffer): PageRef[] => {
	const reader = new ByteReader(bytes);

	return Array.from({length: reader.u32()}, () => ({
		folder: reader.text(),
		name: reader.text(),
		shape: reader.bytes(digestLength),
		facts: reader.bytes(digestLength),
		entryCount: reader.u32(),
		fileCount: reader.u32(),
		sizeBytes: reader.u64(),
	}));
};

export class Catalog {
	/**
	Reads the table of pages.
	@throws FormatError where a segment is missing or damaged
	*/
	static open(root: CatalogRoot, read: ReadSegment): Catalog {
		const segments = root.table.map(digest => read(Buffer.from(digest, 'hex')));

		return new Catalog(decodeTable(Buffer.concat(segments)), read);
	}

	readonly #read: ReadSegment;
	readonly #decoded = new KeptValues<number, readonly StoredEntry[]>(maxCachedPages);
	readonly pages: readonly PageRef[];

	private constructor(pages: readonly PageRef[], read: ReadSegment) {
		this.pages = pages;
		this.#read = read;
	}

	/**
	Goes through the pages from the one that holds (folder, name) on.
	@yields their entries
	*/
	* #from<Some extends Entry>(folder: RawPath, name: RawPath, entriesOf: (page: number) => readonly Some[]): Generator<Some> {
		for (let page = Math.max(0, this.#pageOf(folder, name)); page < this.pages.length; page++) {
			yield * entriesOf(page);
		}
	}

	* #walk<Some extends Entry>(path: RawPath, entriesOf: (page: number) => readonly Some[]): Generator<Some> {
		const page = this.#pageOf(folderOf(path), nameOf(path));
		const top = page === -1 ? undefined : entriesOf(page).find(entry => entry.path === path);

		if (!top) {
			return;
		}

		yield top;

		if (top.type !== 'directory') {
			return;
		}

		for (const entry of this.#from(path, '', entriesOf)) {
			const folder = folderOf(entry.path);

			if (!isWithin(folder, path)) {
				if (compareFolders(folder, path) > 0) {
					return;
				}

				continue;
			}

			if (entry.path !== '') {
				yield entry;
			}
		}
	}

	/** The last page that begins at or before (folder, name), or -1. */
	#pageOf(folder: RawPath, name: RawPath): number {
		let low = 0;
		let high = this.pages.length;

		while (low < high) {
			const middle = (low + high) >>> 1;
			const page = this.pages[middle]!;
			const folderOrder = compareFolders(page.folder, folder);
			const order = folderOrder === 0 ? compareNames(page.name, name) : folderOrder;

			if (order > 0) {
				high = middle;
			} else {
				low = middle + 1;
			}
		}

		return low - 1;
	}

	shapeOf(page: PageRef): Shape {
		return decodeShape(this.#read(page.shape));
	}

	entriesOf(number: number): readonly StoredEntry[] {
		return this.#decoded.get(number, () => {
			const page = this.pages[number]!;

			return decodePage(this.shapeOf(page), this.#read(page.facts));
		});
	}

	/** The facts of a page as they are stored. */
	factsOf(number: number): PageFacts {
		return new PageFacts(this.#read(this.pages[number]!.facts));
	}

	/** The entries of one folder, by name. Empty where there is no such folder. */
	listFolder(folder: RawPath): StoredEntry[] {
		const found: StoredEntry[] = [];

		for (const entry of this.#from(folder, '', page => this.entriesOf(page))) {
			const order = compareFolders(folderOf(entry.path), folder);

			if (order > 0) {
				break;
			}

			if (order === 0 && entry.path !== '') {
				found.push(entry);
			}
		}

		return found;
	}

	find(path: RawPath): StoredEntry | undefined {
		const folder = folderOf(path);
		const name = nameOf(path);
		const page = this.#pageOf(folder, name);

		return page === -1 ? undefined : this.entriesOf(page).find(entry => entry.path === path);
	}

	/**
	Goes through the entry at `path` and all below it; the empty path is everything.
	@yields entries in catalog order
	*/
	* walk(path: RawPath = ''): Generator<StoredEntry> {
		yield * this.#walk(path, page => this.entriesOf(page));
	}

	/**
	The same for lists.
	@yields entries in catalog order
	*/
	* walkListed(path: RawPath = ''): Generator<Entry> {
		yield * this.#walk(path, number => {
			const page = this.pages[number]!;

			return decodeListed(this.shapeOf(page), this.#read(page.facts));
		});
	}
}
