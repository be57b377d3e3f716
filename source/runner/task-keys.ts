import {OwnerKeys, type OwnerKey} from './owner-keys.ts';

/** Private keys that were given for tasks, by the tasks' ids: in the runner's memory until they end, and nowhere else. */
export class TaskKeys {
	readonly #keys = new Map<string, OwnerKeys>();

	/** Ids of the tasks that have theirs. */
	get held(): ReadonlySet<string> {
		return new Set(this.#keys.keys());
	}

	of(task: string): OwnerKeys | undefined {
		return this.#keys.get(task);
	}

	give(task: string, keys: readonly OwnerKey[]): void {
		const owners = this.#keys.get(task) ?? new OwnerKeys();
		this.#keys.set(task, owners);

		for (const key of keys) {
			owners.add(key);
		}
	}

	/** Forgets those of all other tasks. */
	keepOnly(tasks: ReadonlySet<string>): void {
		for (const task of this.held) {
			if (tasks.has(task)) {
				continue;
			}

			this.#keys.get(task)?.forget();
			this.#keys.delete(task);
		}
	}
}
