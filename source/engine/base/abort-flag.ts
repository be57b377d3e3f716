import {UserError} from '../../errors.ts';

/** Whether an error says that the work was aborted: see `AbortFlag.check`. */
export const isAbortion = (error: unknown): boolean => error instanceof UserError && error.code === 'interrupted';

/** What all threads of a run share, also those that never come back to their event loop: the wish to end it, and how far large files have come. */
export class AbortFlag {
	readonly #word: Int32Array;
	readonly #bytes: BigInt64Array;
	readonly buffer: SharedArrayBuffer;

	constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(16)) {
		this.buffer = buffer;
		this.#word = new Int32Array(buffer, 0, 1);
		this.#bytes = new BigInt64Array(buffer, 8, 1);
	}

	get isRaised(): boolean {
		return Atomics.load(this.#word, 0) !== 0;
	}

	/** Bytes read or written of files that are not finished. */
	get bytesUnderWay(): number {
		return Number(Atomics.load(this.#bytes, 0));
	}

	/** Counts bytes of a file that is not finished; negative when it is. */
	addBytesUnderWay(count: number): void {
		Atomics.add(this.#bytes, 0, BigInt(count));
	}

	raise(): void {
		Atomics.store(this.#word, 0, 1);
	}

	/**
	Ends work that was aborted.
	@throws UserError `interrupted` when it is raised
	*/
	check(): void {
		if (this.isRaised) {
			throw new UserError('The task was aborted.', {code: 'interrupted', hint: 'Run it again with "holdfast queue retry ID".'});
		}
	}
}
