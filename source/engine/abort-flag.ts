import {UserError} from '../errors.ts';

/** A flag that all threads of a run see at once, also those that never come back to their event loop. */
export class AbortFlag {
	readonly #word: Int32Array;
	readonly buffer: SharedArrayBuffer;

	constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
		this.buffer = buffer;
		this.#word = new Int32Array(buffer);
	}

	get isRaised(): boolean {
		return Atomics.load(this.#word, 0) !== 0;
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
