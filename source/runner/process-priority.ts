import {getPriority, setPriority} from 'node:os';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import {native} from '../system/native.ts';

/**
Lets this process, and with it the engine, yield processor and disk to what the server is there for. The threads it starts later inherit it.
`log` is told what could not be had.
*/
export const yieldToOthers = async (store: Store, log: (text: string) => void): Promise<void> => {
	const nice = await readSetting(store, 'engine.nice');

	// What was started to yield even more may go on so; asking for less would be refused.
	if (nice > getPriority()) {
		setPriority(nice);
	}

	if (await readSetting(store, 'engine.ioClass') !== 'idle') {
		return;
	}

	if (native === undefined) {
		log('The disk is not yielded to others: koffi does not load here.');
		return;
	}

	native.setIoClassIdle();
};
