/** Memory that the engine's thread and the pack threads share: a stretch of an archive is made in it, and written from it. It is sent once; later its number stands for it. */
import {Buffer} from 'node:buffer';
import {roomFor} from './gzip-members.ts';

/** Plain bytes a slot holds. */
export const slotLength = 4 << 20;

export type Slot = {
	readonly number: number;
	/** Where plain bytes are put together. */
	readonly plain: Buffer;
	/** Where they are compressed to; empty in a plain archive. */
	readonly packed: Buffer;
	readonly memory: SharedArrayBuffer;
};

export const createSlots = (count: number, isCompressed: boolean): Slot[] => {
	const length = slotLength + (isCompressed ? roomFor(slotLength) : 0);

	return Array.from({length: count}, (_, number) => openSlot(new SharedArrayBuffer(length), number));
};

/** The same slot in another thread. */
export const openSlot = (memory: SharedArrayBuffer, number: number): Slot => ({
	number, plain: Buffer.from(memory, 0, slotLength), packed: Buffer.from(memory, slotLength), memory,
});

/** Slots that wait to be used, and whoever waits for one. */
export class SlotPool {
	readonly #free: Slot[];
	readonly #waiting: Array<(slot: Slot) => void> = [];

	constructor(slots: readonly Slot[]) {
		this.#free = [...slots];
	}

	async take(): Promise<Slot> {
		const free = this.#free.pop();

		if (free) {
			return free;
		}

		const {promise, resolve} = Promise.withResolvers<Slot>();
		this.#waiting.push(resolve);

		return promise;
	}

	/** Gives a slot back when what still reads it is over, which never rejects. */
	giveAfter(over: Promise<void>, slot: Slot): void {
		void over.then(() => {
			this.give(slot);
		});
	}

	give(slot: Slot): void {
		const next = this.#waiting.shift();

		if (next) {
			next(slot);
		} else {
			this.#free.push(slot);
		}
	}
}
