import type {Directory} from '../../system/directory.ts';

/** An open folder that a walk and batches of files in other threads share; the last one to let go closes it. */
export class HeldFolder {
	#holders = 1;
	readonly directory: Directory;

	constructor(directory: Directory) {
		this.directory = directory;
	}

	hold(): this {
		this.#holders++;
		return this;
	}

	release(): void {
		this.#holders--;

		if (this.#holders === 0) {
			this.directory.close();
		}
	}
}
