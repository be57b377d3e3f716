import {renewBackupDigests} from '../state/backup-digests.ts';
import type {Store} from '../state/store.ts';
import {renewTaskDigests} from '../state/task-digests.ts';

/** As long as a night's work goes on, lists lag behind by no more. */
const pauseMs = 60_000;

/** Renews what lists tell of thousands of accounts while a runner changes it: who looks in the morning does not wait for what came in the night. */
export class DigestKeeper {
	readonly #store: Store;
	readonly #log: (text: string) => void;
	#renewedAt = performance.now();

	constructor({store, log}: {readonly store: Store; readonly log: (text: string) => void}) {
		this.#store = store;
		this.#log = log;
	}

	/** They are disposable: what is wrong with them is wrong with nothing else. */
	async renew(): Promise<void> {
		this.#renewedAt = performance.now();

		try {
			await renewBackupDigests(this.#store);
			await renewTaskDigests(this.#store);
		} catch (error) {
			this.#log(`What lists tell of the accounts could not be renewed: ${(error as Error).message}`);
		}
	}

	renewSometimes(): void {
		if (performance.now() - this.#renewedAt > pauseMs) {
			void this.renew();
		}
	}
}
