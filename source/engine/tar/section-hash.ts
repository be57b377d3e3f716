/** The SHA-256 of an archive as `sha256sum` prints it, made while its sections are written: here, or in a pack thread, as hashing is half of the work of a plain archive. */
import {Buffer} from 'node:buffer';
import {createHash, type Hash} from 'node:crypto';
import type {PackThread} from '../pack-pool.ts';
import type {Slot} from './slot.ts';

/** Sections cut from it become holes of the object. */
export const zeros = Buffer.alloc(1 << 20);

export type SectionHash = {
	/** Takes the next section, which stays as it is until `done` resolves; resolves when it takes another. */
	update(section: Buffer): Promise<void>;
	/** Resolves when all sections so far are hashed. */
	done(): Promise<void>;
	/** Makes this the place that `rewind` comes back to. */
	mark(): void;
	/** Takes back what came after the last mark. */
	rewind(): void;
	/** In hex. */
	digest(): Promise<string>;
};

/** Part of an archive, as it comes to the thread that hashes it. */
export type SectionToHash =
	| {readonly type: 'slot'; readonly slot: number; readonly start: number; readonly length: number}
	| {readonly type: 'bytes'; readonly bytes: Uint8Array}
	| {readonly type: 'zeros'; readonly length: number}
	| {readonly type: 'mark'}
	| {readonly type: 'rewind'};

/** Hashes sections in the thread that calls it. */
export class OwnHash implements SectionHash {
	#hash = createHash('sha256');
	#marked: Hash | undefined;

	async update(section: Uint8Array): Promise<void> {
		this.#hash.update(section);
	}

	async done(): Promise<void> {
		// Nothing is ever under way.
	}

	mark(): void {
		this.#marked = this.#hash.copy();
	}

	rewind(): void {
		this.#hash = this.#marked!.copy();
	}

	async digest(): Promise<string> {
		return this.#hash.digest('hex');
	}
}

/** The thread's side: knows the slots. */
export class ThreadHash {
	readonly #slots: readonly SharedArrayBuffer[];
	readonly #hash = new OwnHash();

	constructor(slots: readonly SharedArrayBuffer[]) {
		this.#slots = slots;
	}

	async take(section: SectionToHash): Promise<void> {
		switch (section.type) {
			case 'slot': {
				return this.#hash.update(Buffer.from(this.#slots[section.slot]!, section.start, section.length));
			}

			case 'bytes': {
				return this.#hash.update(section.bytes);
			}

			case 'zeros': {
				return this.#hash.update(zeros.subarray(0, section.length));
			}

			case 'mark': {
				this.#hash.mark();
				return;
			}

			case 'rewind': {
				this.#hash.rewind();
			}
		}
	}

	async digest(): Promise<string> {
		return this.#hash.digest();
	}
}

/** Sections on their way to the other thread that take no slot. */
const maxUnderWay = 16;

/** Has a pack thread hash sections, between what it does otherwise. */
export class RemoteHash implements SectionHash {
	readonly #thread: PackThread;
	readonly #run: number;
	readonly #numbers: ReadonlyMap<ArrayBufferLike, number>;
	readonly #underWay: Array<Promise<void>> = [];
	#failure: {readonly error: unknown} | undefined;

	constructor(thread: PackThread, run: number, slots: readonly Slot[]) {
		this.#thread = thread;
		this.#run = run;
		this.#numbers = new Map(slots.map(({memory, number}) => [memory, number]));
	}

	#send(section: SectionToHash): void {
		this.#underWay.push(this.#ask(section));
	}

	async #ask(section: SectionToHash): Promise<void> {
		try {
			await this.#thread.call({type: 'hashSection', run: this.#run, section}, 'hashedSection');
		} catch (error) {
			this.#failure ??= {error};
		}
	}

	#check(): void {
		if (this.#failure) {
			throw this.#failure.error as Error;
		}
	}

	#describe(section: Buffer): SectionToHash {
		const {buffer, byteOffset: start, length} = section;
		const slot = this.#numbers.get(buffer);

		if (slot !== undefined) {
			return {
				type: 'slot', slot, start, length,
			};
		}

		return buffer === zeros.buffer ? {type: 'zeros', length} : {type: 'bytes', bytes: Uint8Array.from(section)};
	}

	async update(section: Buffer): Promise<void> {
		this.#send(this.#describe(section));

		while (this.#underWay.length > maxUnderWay) {
			await this.#underWay.shift();
		}

		this.#check();
	}

	async done(): Promise<void> {
		await Promise.all(this.#underWay);
	}

	mark(): void {
		this.#send({type: 'mark'});
	}

	rewind(): void {
		this.#send({type: 'rewind'});
	}

	async digest(): Promise<string> {
		const {sha256} = await this.#thread.call({type: 'finishHash', run: this.#run}, 'finishedHash');
		this.#check();

		return sha256;
	}
}
