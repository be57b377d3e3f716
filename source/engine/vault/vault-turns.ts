/**
Who works on a vault in this process: any number of writers, which only add, side by side; or one alone that changes or removes what is there. Other processes are kept out by
the runner's lock. First come, first served.
*/

type Turn = {readonly isShared: boolean; readonly begin: () => void};

class VaultTurns {
	#sharing = 0;
	#isTaken = false;
	readonly #waiting: Turn[] = [];

	#next(): void {
		for (let turn = this.#waiting[0]; turn && !this.#isTaken && (turn.isShared || this.#sharing === 0); turn = this.#waiting[0]) {
			this.#waiting.shift();
			this.#isTaken = !turn.isShared;
			this.#sharing += turn.isShared ? 1 : 0;
			turn.begin();
		}
	}

	get isShared(): boolean {
		return this.#sharing > 0;
	}

	async take(isShared: boolean): Promise<() => void> {
		const {promise, resolve} = Promise.withResolvers<void>();
		this.#waiting.push({isShared, begin: resolve});
		this.#next();
		await promise;

		let isOver = false;

		return () => {
			if (isOver) {
				return;
			}

			isOver = true;
			this.#sharing -= isShared ? 1 : 0;
			this.#isTaken &&= isShared;
			this.#next();
		};
	}
}

const turns = new Map<string, VaultTurns>();

const turnsOf = (vaultId: string): VaultTurns => {
	const known = turns.get(vaultId) ?? new VaultTurns();
	turns.set(vaultId, known);

	return known;
};

/** Whether a writer is under way. */
export const isVaultWritten = (vaultId: string): boolean => turnsOf(vaultId).isShared;

/**
Waits until nobody works alone.
@returns what ends the turn
*/
export const beginWriting = async (vaultId: string): Promise<() => void> => turnsOf(vaultId).take(true);

/** Waits until no writer is under way, and keeps them out meanwhile. */
export const workAlone = async <Result>(vaultId: string, work: () => Promise<Result>): Promise<Result> => {
	const end = await turnsOf(vaultId).take(false);

	try {
		return await work();
	} finally {
		end();
	}
};
