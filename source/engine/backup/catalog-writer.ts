/**
Writes a catalog from entries in catalog order. Pages are cut at places that the names decide, so a new file moves no page but its own; a page in which nothing
changed is taken over from the previous catalog as it is.
*/
import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {joinRaw, type RawPath} from '../../domain/raw-name.ts';
import {encodeTable, type PageRef} from '../catalog/catalog.ts';
import {folderOf} from '../catalog/catalog-order.ts';
import {encodeFacts, type StoredEntry} from '../catalog/catalog-page.ts';
import {encodeShape, type Shape, ShapeMaker} from '../catalog/catalog-shape.ts';
import type {CatalogRoot} from '../catalog/manifest.ts';
import {type FactsPiece, joinFacts, PageFacts} from '../catalog/page-facts.ts';
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

/** New entries that follow each other. */
type NewPiece = {readonly items: NewItem[]};
type Piece = PreviousRun | NewPiece;

export class CatalogWriter {
	readonly #options: CatalogWriterOptions;
	readonly #pages: PageRef[] = [];
	/** What the page holds that is being made. */
	#pieces: Piece[] = [];
	#count = 0;
	/** The first `count` entries of a previous page, and nothing else so far, are in this page: as long as that lasts, none of them is looked at. */
	#whole: {readonly page: PreviousPage; count: number} | undefined;

	constructor(options: CatalogWriterOptions) {
		this.#options = options;
	}

	#endPage(): void {
		const pieces = this.#pieces;
		const count = this.#count;
		this.#pieces = [];
		this.#count = 0;
		this.#pages.push(this.#newPage(pieces));
		this.#options.cache?.addPage(rowsOf(pieces, count));
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

		if (!whole) {
			return;
		}

		const {page, count} = whole;
		this.#pieces = page.shape.runs.filter(({start}) => start < count).map(run => ({
			page, folder: run.folder, index: run.start, count: Math.min(run.count, count - run.start),
		}));
		this.#count = count;
	}

	/**
	Takes over a run without a look at its entries.
	@returns false where it does not go on where the page stands, with nothing but that previous page in it
	*/
	#addWhole({page, index, count}: PreviousRun): boolean {
		const isNext = this.#whole ? this.#whole.page === page && this.#whole.count === index : index === 0 && this.#count === 0;

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

	/** Takes over a run name by name: pages may end within it. */
	#addRun(run: PreviousRun): void {
		const {page, folder, index} = run;
		const {names} = page.shape;
		const end = index + run.count;
		const seed = folderSeed(folder);
		let start = index;

		for (let next = index; next < end; next++) {
			this.#count++;

			if (!this.#isFull(seed, names[next]!)) {
				continue;
			}

			this.#pieces.push({...run, index: start, count: next + 1 - start});
			start = next + 1;
			this.#endPage();
		}

		if (start < end) {
			this.#pieces.push({...run, index: start, count: end - start});
		}
	}

	#addNew(item: NewItem): void {
		const last = this.#pieces.at(-1);

		if (last && 'items' in last) {
			last.items.push(item);
		} else {
			this.#pieces.push({items: [item]});
		}

		this.#count++;

		if (this.#isFull(folderSeed(folderOf(item.entry.path)), item.entry.name)) {
			this.#endPage();
		}
	}

	/** Whether the page ends after an entry of this name. */
	#isFull(seed: number, name: RawPath): boolean {
		return this.#count >= maxPageEntries || (this.#count >= minPageEntries && (mix(seed, name) & cutMask) === 0);
	}

	#factsPieceOf(piece: Piece): FactsPiece {
		return 'items' in piece
			? {facts: new PageFacts(encodeFacts(piece.items.map(({entry}) => entry))), index: 0, count: piece.items.length}
			: {facts: this.#options.previous!.factsOf(piece.page.number), index: piece.index, count: piece.count};
	}

	#newPage(pieces: readonly Piece[]): PageRef {
		const shape = new ShapeMaker();
		const facts: FactsPiece[] = [];

		for (const piece of pieces) {
			addShape(shape, piece);
			facts.push(this.#factsPieceOf(piece));
		}

		const {fileCount, sizeBytes} = sumFiles(shape, facts);

		return {
			folder: shape.runs[0]!.folder,
			name: shape.names[0]!,
			shape: kept(this.#options.store(encodeShape(shape))),
			facts: kept(this.#options.store(joinFacts(facts))),
			entryCount: shape.names.length,
			fileCount,
			sizeBytes,
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
		this.#addRun(item);
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

		if (this.#count > 0) {
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

const addShape = (shape: ShapeMaker, piece: Piece): void => {
	if (!('items' in piece)) {
		shape.add(piece.folder, {...piece.page.shape, start: piece.index, count: piece.count});
		return;
	}

	for (const {entry: {path, name, type}} of piece.items) {
		shape.add(folderOf(path), {
			names: [name], types: [type], start: 0, count: 1,
		});
	}
};

const rowsOf = (pieces: readonly Piece[], count: number): Float64Array => {
	const rows = new Float64Array(count * fieldsPerRow);
	let position = 0;

	for (const piece of pieces) {
		for (const row of 'items' in piece ? piece.items.map(item => item.row) : [rowsOfRun(piece)]) {
			rows.set(row, position);
			position += row.length;
		}
	}

	return rows;
};

const rowsOfRun = ({page, index, count}: PreviousRun): Float64Array => page.rows!.subarray(index * fieldsPerRow, (index + count) * fieldsPerRow);

/** Regular files of a page and their content; one with several links counts where its first path stands. */
const sumFiles = ({runs, names, types}: Shape, pieces: readonly FactsPiece[]): Pick<PageRef, 'fileCount' | 'sizeBytes'> => {
	let position = 0;
	let fileCount = 0;
	let sizeBytes = 0;
	let run = 0;

	for (const {facts, index, count} of pieces) {
		for (let next = index; next < index + count; next++, position++) {
			run += position === runs[run]!.start + runs[run]!.count ? 1 : 0;
			const isFile = types[position] === 'file';
			fileCount += isFile ? 1 : 0;
			sizeBytes += isFile && isFirstLink(facts.linkGroupOf(next), runs[run]!.folder, names[position]!) ? facts.sizeOf(next) : 0;
		}
	}

	return {fileCount, sizeBytes};
};

/** The group a set of hard links gets from the path that was met first. */
export const linkGroupOf = (path: RawPath): string => hash('sha256', Buffer.from(path, 'latin1')).slice(0, 16);

const isFirstLink = (group: string | undefined, folder: RawPath, name: RawPath): boolean => group === undefined || group === linkGroupOf(joinRaw(folder, name));

const folderSeed = (folder: RawPath): number => mix(0x81_1C_9D_C5, folder);

/** FNV-1a: cheap, and it only has to scatter. */
const mix = (seed: number, text: string): number => {
	let value = seed;

	for (let index = 0; index < text.length; index++) {
		value = Math.imul(value ^ text.codePointAt(index)!, 0x01_00_01_93);
	}

	return value ^ (value >>> 15);
};
