/**
The segments that exist or are being written, shared by all threads: open addressing over a SharedArrayBuffer, a whole digest a slot. A thread *claims* a
digest before it writes the segment, so that each is written once.
*/
import type {Buffer} from 'node:buffer';
import {digestLength} from '../base/digest.ts';

const wordsPerSlot = digestLength / 4;
const busy = -1;
const empty = 0;
const maxLoad = 0.75;

export class SegmentTable {
	/** Slots, and behind them one word that counts the claims. */
	readonly #words: Int32Array;
	readonly #mask: number;
	readonly #counter: number;
	readonly buffer: SharedArrayBuffer;

	/** With a buffer: another thread's table. */
	constructor(bufferOrCapacity: SharedArrayBuffer | number) {
		this.buffer = typeof bufferOrCapacity === 'number' ? new SharedArrayBuffer((slotsFor(bufferOrCapacity) * digestLength) + 4) : bufferOrCapacity;
		this.#words = new Int32Array(this.buffer);
		this.#counter = this.#words.length - 1;
		this.#mask = (this.#counter / wordsPerSlot) - 1;
	}

	#fill(base: number, digest: Buffer): void {
		for (let word = 1; word < wordsPerSlot; word++) {
			this.#words[base + word] = digest.readInt32LE(word * 4);
		}
	}

	/** Another thread fills a slot within a microsecond; nothing else is ever done meanwhile. */
	#settled(base: number, found: number): number {
		let word = found;

		while (word === busy) {
			word = Atomics.load(this.#words, base);
		}

		return word;
	}

	#matches(base: number, digest: Buffer): boolean {
		for (let word = 1; word < wordsPerSlot; word++) {
			if (this.#words[base + word] !== digest.readInt32LE(word * 4)) {
				return false;
			}
		}

		return true;
	}

	/** How many digests fit before look-ups slow down. */
	get capacity(): number {
		return Math.floor((this.#mask + 1) * maxLoad);
	}

	/** Forgets all claims; nobody else may be at work on it. */
	clear(): void {
		this.#words.fill(empty);
	}

	get claimCount(): number {
		return Atomics.load(this.#words, this.#counter);
	}

	/**
	Claims a digest for the calling thread.
	@returns true when the digest was not there: it is the caller's to write now.
	*/
	claim(digest: Buffer): boolean {
		const first = firstWord(digest);

		for (let slot = digest.readUInt32LE(4) & this.#mask; ; slot = (slot + 1) & this.#mask) {
			const base = slot * wordsPerSlot;
			const found = Atomics.compareExchange(this.#words, base, empty, busy);

			if (found === empty) {
				this.#fill(base, digest);
				Atomics.store(this.#words, base, first);
				Atomics.add(this.#words, this.#counter, 1);
				return true;
			}

			if (this.#settled(base, found) === first && this.#matches(base, digest)) {
				return false;
			}
		}
	}
}

/** The two values with a meaning of their own stand for their neighbours. */
const firstWord = (digest: Buffer): number => {
	const word = digest.readInt32LE(0);

	return word === empty || word === busy ? 1 : word;
};

const slotsFor = (capacity: number): number => 2 ** Math.ceil(Math.log2(Math.max(1024, capacity / maxLoad)));
