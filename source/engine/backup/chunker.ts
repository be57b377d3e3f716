/**
Content-defined chunks of large files: a gear hash over bytes cuts where its top bits are zero, so an insertion moves only the chunks around it. The table is secret (derived from the root key): chunk sizes
tell an onlooker nothing about known files.
*/
import {deriveKey} from '../base/keys.ts';

export const minChunk = 16 << 10;
export const averageChunk = 64 << 10;
export const maxChunk = 256 << 10;

/** Harder before the average length and easier after it: sizes stay close to the average. */
const maskBefore = ~0x7F_FF;
const maskAfter = ~0x3_FF_FF;
/** The hash forgets a byte after this many. */
const window = 32;

// eslint-disable-next-line unicorn/prefer-math-trunc -- the hash wraps at 32 bits, which Math.trunc does not do
const roll = (hash: number, value: number): number => ((hash << 1) + value) | 0;

export class Chunker {
	readonly #gear = new Int32Array(256);

	constructor(rootKey: Uint8Array) {
		for (let part = 0; part < 32; part++) {
			const bytes = deriveKey(rootKey, `gear ${part}`);

			for (let word = 0; word < 8; word++) {
				this.#gear[(part * 8) + word] = bytes.readInt32LE(word * 4);
			}
		}
	}

	/**
	Where the chunk that begins at `start` ends.
	`isLast`: nothing follows `bytes`; otherwise at least `maxChunk` bytes must follow `start`.
	*/
	next(bytes: Uint8Array, start: number, isLast: boolean): number {
		const available = bytes.length - start;

		if (available <= minChunk) {
			return isLast ? bytes.length : start;
		}

		const gear = this.#gear;
		const soft = Math.min(bytes.length, start + averageChunk);
		const hard = Math.min(bytes.length, start + maxChunk);
		let index = start + minChunk - window;
		let hash = 0;

		for (const warm = start + minChunk; index < warm; index++) {
			hash = roll(hash, gear[bytes[index]!]!);
		}

		for (; index < soft; index++) {
			hash = roll(hash, gear[bytes[index]!]!);

			if ((hash & maskBefore) === 0) {
				return index + 1;
			}
		}

		for (; index < hard; index++) {
			hash = roll(hash, gear[bytes[index]!]!);

			if ((hash & maskAfter) === 0) {
				return index + 1;
			}
		}

		return hard;
	}
}
