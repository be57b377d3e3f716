import type {Store} from '../../state/store.ts';
import type {ItemContext} from '../item.ts';
import {openServer} from './find-databases.ts';
import {openSwapJournal, type Swap, type SwapJournal} from './swap-journal.ts';

/** Brings to its end, or undoes, what a process that died had begun to exchange. What cannot be done now, because the server is down, is tried again by the next runner and before the next restore. */
export const recoverSwaps = async (store: Store, log: (text: string) => void): Promise<void> => {
	const journal = openSwapJournal(store.directory);
	const {signal} = new AbortController();

	for (const swap of await journal.read()) {
		try {
			log(`The database ${swap.name}: ${await mendSwap(journal, swap, {store, signal})}.`);
		} catch (error) {
			log(`The database ${swap.name} was being exchanged when a runner died, and cannot be mended yet: ${(error as Error).message}.`);
		}
	}
};

/**
Mends one of them.
@returns what was done, in words
@throws Error where it cannot be done now; it stays noted
*/
export const mendSwap = async (journal: SwapJournal, swap: Swap, context: Pick<ItemContext, 'store' | 'signal'>): Promise<string> => {
	const server = await openServer(swap.kind, context);

	if (server === undefined) {
		throw new Error(`there is no server for ${swap.kind} databases; is it running?`);
	}

	return server.mend(swap, journal);
};
