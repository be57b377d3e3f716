import {Buffer} from 'node:buffer';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Random numbers that are the same in every run (xorshift). */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed;
	}

	#next(): number {
		this.#state ^= this.#state << 13;
		this.#state ^= this.#state >>> 17;
		this.#state ^= this.#state << 5;
		return this.#state >>> 0;
	}

	/** A whole number from 0 to `limit` − 1. */
	below(limit: number): number {
		return this.#next() % limit;
	}

	word(): string {
		let word = '';

		for (let length = 4 + this.below(7); length > 0; length--) {
			word += letters[this.below(letters.length)];
		}

		return word;
	}

	/** Bytes that do not compress. */
	bytes(length: number): Buffer {
		const numbers = new Uint32Array(Math.ceil(length / 4));

		for (let index = 0; index < numbers.length; index++) {
			numbers[index] = this.#next();
		}

		return Buffer.from(numbers.buffer, numbers.byteOffset, length);
	}
}
