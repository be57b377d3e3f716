import {setPriority} from 'node:os';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import {native} from '../system/native.ts';

/**
Lets the engine yield processor and disk to what the server is there for. The threads it starts later inherit it.
@returns what could not be had, as a sentence.
*/
export const yieldToOthers = async (store: Store): Promise<string | undefined> => {
	setPriority(await readSetting(store, 'engine.nice'));

	if (await readSetting(store, 'engine.ioClass') !== 'idle') {
		return undefined;
	}

	if (native === undefined) {
		return 'The disk is not yielded to others: koffi does not load here.';
	}

	native.setIoClassIdle();

	return undefined;
};
