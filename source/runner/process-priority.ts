import {readdirSync} from 'node:fs';
import {getPriority, setPriority} from 'node:os';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import {native} from '../system/native.ts';

/**
Lets this process, and with it the engine, yield processor and disk to what the server is there for. Linux keeps both for each thread; those that start later
inherit them. `log` is told what could not be had.
*/
export const yieldToOthers = async (store: Store, log: (text: string) => void): Promise<void> => {
	const nice = await readSetting(store, 'engine.nice');
	const isIdle = await readSetting(store, 'engine.ioClass') === 'idle';

	if (isIdle && native === undefined) {
		log('The disk is not yielded to others: koffi does not load here.');
	}

	const done = new Set<number>();

	// A thread may have been started meanwhile by one whose turn had not come.
	for (let threads = otherThreads(done); threads.length > 0; threads = otherThreads(done)) {
		for (const thread of threads) {
			done.add(thread);
			yieldThread(thread, {nice, isIdle});
		}
	}
};

const otherThreads = (done: ReadonlySet<number>): readonly number[] => readdirSync('/proc/self/task').map(Number).filter(thread => !done.has(thread));

const yieldThread = (thread: number, {nice, isIdle}: {readonly nice: number; readonly isIdle: boolean}): void => {
	try {
		// What was started to yield even more may go on so; asking for less would be refused.
		if (nice > getPriority(thread)) {
			setPriority(thread, nice);
		}

		if (isIdle) {
			native?.setIoClassIdle(thread);
		}
	} catch (error) {
		// It has ended meanwhile.
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH' && (error as {readonly info?: {readonly code?: string}}).info?.code !== 'ESRCH') {
			throw error;
		}
	}
};
