/** The entries of an archive in catalog order, as a restore walks them. In the archive a folder comes right before its content; here it is among the names of the folder above. */
import type {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import type {RawPath} from '../../domain/raw-name.ts';
import {FormatError} from '../base/bytes.ts';
import {
	compareFolders,
	compareNames,
	folderOf,
	isWithin,
	nameOf,
} from '../catalog/catalog-order.ts';
import {
	type Content,
	type Extent,
	maxExtentLength,
	type StoredEntry,
} from '../catalog/catalog-page.ts';
import {linkGroupOf} from '../backup/catalog-writer.ts';
import type {ContentPiece} from '../segments/content-piece.ts';
import type {ArchiveBlocks} from './archive-blocks.ts';
import type {TarEntry} from './tar-entry.ts';
import {type FoundEntry, readEntry} from './tar-reader.ts';

/** So that long files can be aborted, and show how far they are. */
const maxPieceLength = 16 << 20;

/** Content that lies in an archive. Its digest is found by reading it, where somebody asks. */
export class ArchivedContent implements Content {
	readonly #blocks: ArchiveBlocks;
	readonly #offset: number;
	readonly #entry: TarEntry;
	readonly extents: readonly Extent[] = [];

	constructor(blocks: ArchiveBlocks, {entry, contentOffset}: FoundEntry) {
		this.#blocks = blocks;
		this.#offset = contentOffset;
		this.#entry = entry;
	}

	get sha256(): Buffer {
		const whole = createHash('sha256');

		for (const piece of this.#blocks.pieces(this.#offset, this.#entry.sizeBytes)) {
			whole.update(piece);
		}

		return whole.digest();
	}

	/** What a restore writes; holes are left out. */
	pieces(): ContentPiece[] {
		const {sizeBytes, holes} = this.#entry;
		const pieces: ContentPiece[] = [];
		let position = 0;

		for (const {offset, length} of [...holes, {offset: sizeBytes, length: 0}]) {
			for (; position < offset; position += maxPieceLength) {
				pieces.push({type: 'archived', offset: this.#offset + position, length: Math.min(maxPieceLength, offset - position)});
			}

			for (let left = length; left > 0; left -= maxExtentLength) {
				pieces.push({type: 'hole', length: Math.min(left, maxExtentLength)});
			}

			position = offset + length;
		}

		return pieces;
	}
}

export class ArchivedHome {
	readonly #blocks: ArchiveBlocks;
	/** The folders in a folder, by its path, in order. */
	readonly #folders = new Map<RawPath, StoredEntry[]>();
	/** Files and other things that later entries may be links to. */
	readonly #linked = new Map<RawPath, StoredEntry>();

	constructor(blocks: ArchiveBlocks) {
		this.#blocks = blocks;
		this.#findFolders();
	}

	/** Goes through all headers once. */
	#findFolders(): void {
		let last: RawPath | undefined;

		for (let offset = 0, found = readEntry(this.#blocks, 0); found; offset = found.end, found = readEntry(this.#blocks, offset)) {
			const {path, type} = found.entry;

			if (type !== 'directory') {
				continue;
			}

			if (last === undefined ? path !== '' : compareFolders(last, path) >= 0) {
				throw new FormatError('the folders of the archive are out of order');
			}

			last = path;

			if (path === '') {
				continue;
			}

			const siblings = this.#folders.get(folderOf(path));

			if (siblings) {
				siblings.push(this.#toStored(found));
			} else {
				this.#folders.set(folderOf(path), [this.#toStored(found)]);
			}
		}
	}

	#toStored(found: FoundEntry): StoredEntry {
		const {entry} = found;
		const {path, hardLinkOf} = entry;

		if (hardLinkOf !== undefined) {
			const first = this.#linked.get(hardLinkOf);

			if (!first) {
				throw new FormatError('the archive holds a link to what it does not hold');
			}

			return {...first, path, name: nameOf(path)};
		}

		const stored: StoredEntry = {
			path,
			name: entry.name,
			type: entry.type,
			sizeBytes: entry.sizeBytes,
			mode: entry.mode,
			uid: entry.uid,
			gid: entry.gid,
			modifiedNs: entry.modifiedNs,
			linkTarget: entry.linkTarget,
			content: entry.sizeBytes > 0 ? new ArchivedContent(this.#blocks, found) : undefined,
			linkGroup: entry.isLinked ? linkGroupOf(path) : undefined,
			device: entry.device,
			attributes: entry.attributes,
		};

		if (entry.isLinked) {
			this.#linked.set(path, stored);
		}

		return stored;
	}

	/**
	Goes through everything else in a folder, from where it begins.
	@yields entries
	@returns where they end
	*/
	* #leavesFrom(folder: RawPath, offset: number): Generator<StoredEntry, number> {
		let position = offset;
		let last: RawPath | undefined;

		for (let found = readEntry(this.#blocks, position); found && found.entry.type !== 'directory'; found = readEntry(this.#blocks, position)) {
			const {path, name} = found.entry;

			if (folderOf(path) !== folder || (last !== undefined && compareNames(last, name) >= 0)) {
				throw new FormatError('the entries of the archive are out of order');
			}

			yield this.#toStored(found);
			position = found.end;
			last = name;
		}

		return position;
	}

	* #walkAll(): Generator<StoredEntry> {
		let offset = 0;
		this.#linked.clear();

		for (let folder = readEntry(this.#blocks, offset); folder; folder = readEntry(this.#blocks, offset)) {
			const {path} = folder.entry;

			if (path === '') {
				yield this.#toStored(folder);
			}

			offset = yield * mergeByName(this.#folders.get(path) ?? [], this.#leavesFrom(path, folder.end));
		}
	}

	/**
	Goes through the entry at `path` and all below it, reading all headers.
	@yields entries in catalog order
	*/
	* walk(path: RawPath = ''): Generator<StoredEntry> {
		for (const entry of this.#walkAll()) {
			if (isWithin(entry.path, path)) {
				yield entry;
			}
		}
	}

	/** The entry at a path, found by going through all. */
	find(path: RawPath): StoredEntry | undefined {
		for (const entry of this.walk()) {
			if (entry.path === path) {
				return entry;
			}
		}

		return undefined;
	}
}

/**
Merges two runs of entries, each in order of names.
@yields both
*/
const mergeByName = function * (folders: readonly StoredEntry[], leaves: Generator<StoredEntry, number>): Generator<StoredEntry, number> {
	let next = 0;
	let leaf = leaves.next();

	for (; !leaf.done; leaf = leaves.next()) {
		for (; next < folders.length && compareNames(folders[next]!.name, leaf.value.name) < 0; next++) {
			yield folders[next]!;
		}

		yield leaf.value;
	}

	yield * folders.slice(next);

	return leaf.value;
};
