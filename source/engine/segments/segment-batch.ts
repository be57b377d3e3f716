import {Buffer} from 'node:buffer';
import {digestLength} from '../base/digest.ts';
import type {SegmentLocation} from './index-file.ts';
import type {SegmentIndex} from './segment-index.ts';

const capacity = 256 << 10;

export type OnLocated = (location: SegmentLocation | undefined, owner: number, digest: Buffer) => void;

/** Looks up many segments in the order in which an index holds them, so that each of its pages is read about once for every batch, not once for every segment. */
export class SegmentBatch {
	readonly #index: SegmentIndex;
	readonly #onLocated: OnLocated;
	readonly #digests = Buffer.allocUnsafeSlow(capacity * digestLength);
	readonly #owners = new Uint16Array(capacity);
	#count = 0;

	constructor(index: SegmentIndex, onLocated: OnLocated) {
		this.#index = index;
		this.#onLocated = onLocated;
	}

	#at(position: number): Buffer {
		return this.#digests.subarray(position * digestLength, (position + 1) * digestLength);
	}

	/** Its location is told by the next `flush`, or before. */
	add(digest: Buffer, owner: number): void {
		digest.copy(this.#digests, this.#count * digestLength);
		this.#owners[this.#count] = owner;
		this.#count++;

		if (this.#count === capacity) {
			this.flush();
		}
	}

	flush(): void {
		const order = new Float64Array(this.#count);

		for (let position = 0; position < this.#count; position++) {
			order[position] = (this.#digests.readUInt32BE(position * digestLength) * capacity) + position;
		}

		order.sort();

		for (const key of order) {
			const position = key % capacity;
			const digest = this.#at(position);
			this.#onLocated(this.#index.find(digest), this.#owners[position]!, digest);
		}

		this.#count = 0;
	}
}
