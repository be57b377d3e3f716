import type {Entry, EntryType} from '../../../domain/entry.ts';
import {joinRaw, type RawPath} from '../../../domain/raw-name.ts';

const types: readonly EntryType[] = ['file', 'directory', 'symlink', 'fifo', 'characterDevice', 'blockDevice', 'socket'];

const emptyColumns = (capacity: number) => ({
	types: new Uint8Array(capacity),
	sizes: new Float64Array(capacity),
	modes: new Uint16Array(capacity),
	uids: new Uint32Array(capacity),
	gids: new Uint32Array(capacity),
	modified: new BigInt64Array(capacity),
});

type Columns = ReturnType<typeof emptyColumns>;

const firstCapacity = 64;

/** The entries of a folder in the order of their names, packed: a folder may have hundreds of thousands. */
export class FolderListing {
	readonly #names: RawPath[] = [];
	readonly #links = new Map<number, RawPath>();
	#columns = emptyColumns(firstCapacity);
	readonly folder: RawPath;

	constructor(folder: RawPath) {
		this.folder = folder;
	}

	get count(): number {
		return this.#names.length;
	}

	/** Names must come in their order. */
	add({name, type, sizeBytes, mode, uid, gid, modifiedNs, linkTarget}: Entry): void {
		const index = this.count;

		if (index === this.#columns.types.length) {
			this.#columns = doubled(this.#columns);
		}

		this.#names.push(name);
		this.#columns.types[index] = types.indexOf(type);
		this.#columns.sizes[index] = sizeBytes;
		this.#columns.modes[index] = mode;
		this.#columns.uids[index] = uid;
		this.#columns.gids[index] = gid;
		this.#columns.modified[index] = modifiedNs;

		if (linkTarget !== null) {
			this.#links.set(index, linkTarget);
		}
	}

	at(index: number): Entry {
		return {
			path: this.pathAt(index),
			name: this.#names[index]!,
			type: this.typeAt(index),
			sizeBytes: this.sizeAt(index),
			mode: this.#columns.modes[index]!,
			uid: this.#columns.uids[index]!,
			gid: this.#columns.gids[index]!,
			modifiedNs: this.modifiedAt(index),
			linkTarget: this.#links.get(index) ?? null,
		};
	}

	pathAt(index: number): RawPath {
		return joinRaw(this.folder, this.#names[index]!);
	}

	typeAt(index: number): EntryType {
		return types[this.#columns.types[index]!]!;
	}

	sizeAt(index: number): number {
		return this.#columns.sizes[index]!;
	}

	modifiedAt(index: number): bigint {
		return this.#columns.modified[index]!;
	}

	/** -1 when there is none of the name. */
	indexOf(name: RawPath): number {
		let [low, high] = [0, this.count - 1];

		while (low <= high) {
			const middle = Math.floor((low + high) / 2);
			const found = this.#names[middle]!;

			if (found === name) {
				return middle;
			}

			[low, high] = found < name ? [middle + 1, high] : [low, middle - 1];
		}

		return -1;
	}

	* paths(): Generator<RawPath> {
		for (let index = 0; index < this.count; index++) {
			yield this.pathAt(index);
		}
	}

	* entries(): Generator<Entry> {
		for (let index = 0; index < this.count; index++) {
			yield this.at(index);
		}
	}
}

const doubled = (columns: Columns): Columns => {
	const larger = emptyColumns(columns.types.length * 2);
	larger.types.set(columns.types);
	larger.sizes.set(columns.sizes);
	larger.modes.set(columns.modes);
	larger.uids.set(columns.uids);
	larger.gids.set(columns.gids);
	larger.modified.set(columns.modified);

	return larger;
};
