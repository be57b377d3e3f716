/** Memory that the engine's thread and a pack thread share: a stretch of an archive is made in it, and written from it. */
import {Buffer} from 'node:buffer';
import {roomFor} from './gzip-members.ts';

/** Plain bytes a slot holds. */
export const slotLength = 4 << 20;

export const createSlot = (isCompressed: boolean): SharedArrayBuffer => new SharedArrayBuffer(slotLength + (isCompressed ? roomFor(slotLength) : 0));

/** Where plain bytes are put together. */
export const plainPart = (slot: SharedArrayBuffer): Buffer => Buffer.from(slot, 0, slotLength);

/** Where they are compressed to. */
export const packedPart = (slot: SharedArrayBuffer): Buffer => Buffer.from(slot, slotLength);

/** Slots that wait to be used, and whoever waits for one. */
export class SlotPool {
	readonly #free: SharedArrayBuffer[] = [];
	readonly #waiting: Array<(slot: SharedArrayBuffer) => void> = [];
	readonly #isCompressed: boolean;
	#left: number;

	constructor(count: number, isCompressed: boolean) {
		this.#left = count;
		this.#isCompressed = isCompressed;
	}

	async take(): Promise<SharedArrayBuffer> {
		const free = this.#free.pop();

		if (free) {
			return free;
		}

		if (this.#left > 0) {
			this.#left--;
			return createSlot(this.#isCompressed);
		}

		const {promise, resolve} = Promise.withResolvers<SharedArrayBuffer>();
		this.#waiting.push(resolve);

		return promise;
	}

	give(slot: SharedArrayBuffer): void {
		const next = this.#waiting.shift();

		if (next) {
			next(slot);
		} else {
			this.#free.push(slot);
		}
	}
}
