import {setTimeout as delay} from 'node:timers/promises';
import type {Clock} from '../system/clock.ts';
import type {Scheduler} from './scheduler.ts';

export type FollowOptions = {
	readonly scheduler: Scheduler;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	/** Carries out what was queued: keys of the state's tasks. */
	readonly onQueued: (keys: readonly string[]) => Promise<void>;
	/** Resolves when the next task begins or ends. */
	readonly whenChanged: () => Promise<void>;
};

/** Jobs and settings that were changed are seen after so long; the clock, which may be set at any moment, is looked at as often. */
const longestPauseMs = 30_000;
const shortestPauseMs = 10;

/**
Queues what comes due, until it is told to end.
@throws what makes the state unusable.
*/
export const followClock = async ({scheduler, clock, signal, onQueued, whenChanged}: FollowOptions): Promise<void> => {
	while (!signal.aborted) {
		const changed = whenChanged();
		const {queued, wakeAt} = await scheduler.tick();

		if (queued.length > 0) {
			await onQueued(queued);
		}

		const untilDue = wakeAt === undefined ? longestPauseMs : wakeAt.getTime() - clock.now().getTime();
		const pauseMs = Math.max(shortestPauseMs, Math.min(longestPauseMs, untilDue));
		const over = new AbortController();

		await Promise.race([changed, pause(pauseMs, AbortSignal.any([signal, over.signal]))]);
		over.abort();
	}
};

/** Ends early when aborted, without an error; keeps no process alive. */
const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
	try {
		await delay(milliseconds, undefined, {ref: false, signal});
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}
	}
};
