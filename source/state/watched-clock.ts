import {lookAtClock, provenTime, type ClockMemory} from '../domain/clock-trust.ts';
import type {Clock} from '../system/clock.ts';
import type {Store} from './store.ts';

type WatchOptions = {readonly store: Store; readonly clock: Clock};

/** Looks at the clock and remembers what is worth it. What removes by time does so before, and what stays looks now and then. */
export const watchClock = async ({store, clock}: WatchOptions): Promise<ClockMemory> => {
	const memory = await store.read('clock');
	const now = clock.now();

	return lookAtClock(memory, now) === memory
		? memory
		: store.update('clock', undefined, draft => {
			Object.assign(draft, lookAtClock(draft, now));

			return {...draft};
		});
};

/** Up to when time has passed for certain. */
export const readProvenTime = async ({store, clock}: WatchOptions): Promise<Date> => provenTime(await store.read('clock'), clock.now());
