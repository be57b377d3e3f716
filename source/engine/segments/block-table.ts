import type {SegmentIndex} from './segment-index.ts';
import {
	blockLengthOf,
	blockOffsetOf,
	packNumberOf,
	type IndexedPack,
} from './index-file.ts';

/** Nobody needs the block. */
export const nobody = 0;
/** More than one needs it. */
export const several = 0xFF_FF;

const emptyKey = -1;
const offsetSpan = 0x1_00_00_00_00;
const maxLoad = 0.6;

export type Block = {readonly pack: IndexedPack; readonly offset: number; readonly storedLength: number; readonly owner: number};

/**
Every block that an index knows and who needs it, in sixteen bytes a slot: a million blocks (a terabyte) in about 32 MiB. *Who* is a number the caller chose, from 1 on.
*/
export class BlockTable {
	readonly #packs: IndexedPack[] = [];
	readonly #numbers = new Map<string, number>();
	#count = 0;
	#keys = new Float64Array(1024).fill(emptyKey);
	#lengths = new Uint32Array(1024);
	#owners = new Uint16Array(1024);

	/** Reads all records of an index once. */
	constructor(index: SegmentIndex) {
		for (;;) {
			try {
				this.#addAll(index);
				return;
			} catch (error) {
				// A merge took a file away meanwhile; its successor holds the same records.
				if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
					throw error;
				}

				index.reload();
			}
		}
	}

	#addAll(index: SegmentIndex): void {
		for (const file of index.files) {
			const numbers = file.packs.map(pack => this.#addPack(pack));

			for (const record of file.records()) {
				this.#add((numbers[packNumberOf(record)]! * offsetSpan) + blockOffsetOf(record), blockLengthOf(record));
			}
		}
	}

	#addPack(pack: IndexedPack): number {
		const known = this.#numbers.get(pack.id);

		if (known !== undefined) {
			return known;
		}

		this.#numbers.set(pack.id, this.#packs.length);
		this.#packs.push(pack);

		return this.#packs.length - 1;
	}

	#slotOf(key: number): number {
		const mask = this.#keys.length - 1;
		// Offsets are spread by a multiplication: they have few low bits of their own.
		let slot = (Math.imul(key % offsetSpan, 0x9E_37_79_B1) ^ Math.imul(Math.floor(key / offsetSpan), 0x85_EB_CA_6B)) >>> 0;
		slot = (slot ^ (slot >>> 15)) & mask;

		while (this.#keys[slot] !== emptyKey && this.#keys[slot] !== key) {
			slot = (slot + 1) & mask;
		}

		return slot;
	}

	#add(key: number, storedLength: number): void {
		const slot = this.#slotOf(key);

		if (this.#keys[slot] === key) {
			return;
		}

		this.#keys[slot] = key;
		this.#lengths[slot] = storedLength;
		this.#count++;

		if (this.#count > this.#keys.length * maxLoad) {
			this.#grow();
		}
	}

	#grow(): void {
		const keys = this.#keys;
		const lengths = this.#lengths;
		this.#keys = new Float64Array(keys.length * 2).fill(emptyKey);
		this.#lengths = new Uint32Array(keys.length * 2);
		this.#owners = new Uint16Array(keys.length * 2);

		for (const [index, key] of keys.entries()) {
			if (key === emptyKey) {
				continue;
			}

			const slot = this.#slotOf(key);
			this.#keys[slot] = key;
			this.#lengths[slot] = lengths[index]!;
		}
	}

	/** Every pack that the index names, also those without a block. */
	get packs(): readonly IndexedPack[] {
		return this.#packs;
	}

	/**
	Notes that `owner` needs the block.
	@returns false for one that came after the table was made
	*/
	need({packId, blockOffset}: {readonly packId: string; readonly blockOffset: number}, owner: number): boolean {
		const number = this.#numbers.get(packId);
		const slot = number === undefined ? -1 : this.#slotOf((number * offsetSpan) + blockOffset);

		if (slot === -1 || this.#keys[slot] === emptyKey) {
			return false;
		}

		const known = this.#owners[slot]!;
		this.#owners[slot] = known === nobody || known === owner ? owner : several;

		return true;
	}

	ownerOf(packId: string, blockOffset: number): number {
		const number = this.#numbers.get(packId);

		return number === undefined ? nobody : this.#owners[this.#slotOf((number * offsetSpan) + blockOffset)]!;
	}

	/**
	Goes through all blocks.
	@yields them in no order
	*/
	* blocks(): Generator<Block> {
		for (const [slot, key] of this.#keys.entries()) {
			if (key !== emptyKey) {
				yield {
					pack: this.#packs[Math.floor(key / offsetSpan)]!, offset: key % offsetSpan, storedLength: this.#lengths[slot]!, owner: this.#owners[slot]!,
				};
			}
		}
	}
}
