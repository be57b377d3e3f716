import type {TaskView} from '../domain/task-view.ts';
import type {TableChange} from './task-table.ts';

/** Progress is told at most four times a second; that a task began or ended, at once. */
const progressPauseMs = 250;

export type Subscriber = {
	/** Whether it takes more now; when it does again, it asks with `publish`. */
	readonly isReady: () => boolean;
	readonly update: (views: readonly TaskView[]) => void;
};

/** Brings every change to all who watch, computing what is shown once for all of them. */
export class Publisher {
	readonly #subscribers = new Set<Subscriber>();
	readonly #readViews: () => Promise<readonly TaskView[]>;
	readonly #onBroken: (error: unknown) => void;
	#isProgressDue = false;
	#isPublishing = false;
	#isToPublishAgain = false;

	constructor(readViews: () => Promise<readonly TaskView[]>, onBroken: (error: unknown) => void) {
		this.#readViews = readViews;
		this.#onBroken = onBroken;
	}

	add(subscriber: Subscriber): void {
		this.#subscribers.add(subscriber);
		void this.publish();
	}

	remove(subscriber: Subscriber): void {
		this.#subscribers.delete(subscriber);
	}

	changed(change: TableChange): void {
		if (this.#subscribers.size === 0) {
			return;
		}

		if (change === 'tasks') {
			void this.publish();
			return;
		}

		if (this.#isProgressDue) {
			return;
		}

		this.#isProgressDue = true;
		setTimeout(() => {
			this.#isProgressDue = false;
			void this.publish();
		}, progressPauseMs);
	}

	async publish(): Promise<void> {
		if (this.#isPublishing) {
			this.#isToPublishAgain = true;
			return;
		}

		this.#isPublishing = true;

		try {
			do {
				this.#isToPublishAgain = false;
				const views = await this.#readViews();

				for (const subscriber of this.#subscribers) {
					if (subscriber.isReady()) {
						subscriber.update(views);
					}
				}
			} while (this.#isToPublishAgain);
		} catch (error) {
			this.#onBroken(error);
		} finally {
			this.#isPublishing = false;
		}
	}
}
