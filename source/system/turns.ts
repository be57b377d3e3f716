import {setImmediate as nextTurn} from 'node:timers/promises';

/** Short enough that nobody notices between two keys. */
const sliceMs = 10;

/** To be awaited between the steps of long work: lets everything else have its turn whenever it went on for a while. */
export const createTurns = (): (() => Promise<void>) => {
	let end = performance.now() + sliceMs;

	return async () => {
		if (performance.now() < end) {
			return;
		}

		await nextTurn();
		end = performance.now() + sliceMs;
	};
};
