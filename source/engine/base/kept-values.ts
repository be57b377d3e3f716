/** What is costly to make and asked for again soon: the last so many of it, by key. */
export class KeptValues<Key, Value extends object> {
	readonly #most: number;
	readonly #values = new Map<Key, Value>();

	/** `most`: how many are kept; the one that was made first goes first. */
	constructor(most: number) {
		this.#most = most;
	}

	/** The value of the key, made where it is not kept. Nothing is kept of a `make` that throws. */
	get(key: Key, make: () => Value): Value {
		const known = this.#values.get(key);

		if (known !== undefined) {
			return known;
		}

		const made = make();

		if (this.#values.size >= this.#most) {
			this.#values.delete(this.#values.keys().next().value!);
		}

		this.#values.set(key, made);

		return made;
	}
}
