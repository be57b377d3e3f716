import type {TaskProgress} from '../../domain/task.ts';

export type Sample = {readonly at: number; readonly bytes: number};

export type Speed = {
	readonly bytesPerSecond: number;
	/** `undefined` until the total and a speed are known. */
	readonly secondsLeft: number | undefined;
};

/** A speed is that of the last seconds: neither the first burst nor an old pause says how long it will take. */
const spanMs = 10_000;
const leastSpanMs = 1000;

/** The samples with a new one at its end; `at` in milliseconds. A task that starts again starts anew. */
export const addSample = (samples: readonly Sample[], sample: Sample): readonly Sample[] => {
	const last = samples.at(-1);

	if (last !== undefined && last.bytes > sample.bytes) {
		return [sample];
	}

	const recent = samples.filter(({at}) => at >= sample.at - spanMs);

	return [...recent, sample];
};

/** From the samples of the last seconds; `undefined` while there are too few to tell. */
export const estimateSpeed = (samples: readonly Sample[], {bytesDone, bytesTotal}: Pick<TaskProgress, 'bytesDone' | 'bytesTotal'>): Speed | undefined => {
	const first = samples.at(0);
	const last = samples.at(-1);

	if (first === undefined || last === undefined || last.at - first.at < leastSpanMs) {
		return undefined;
	}

	const bytesPerSecond = (last.bytes - first.bytes) / (last.at - first.at) * 1000;
	const isPredictable = bytesTotal !== null && bytesPerSecond > 0;

	return {bytesPerSecond, secondsLeft: isPredictable ? Math.max(0, bytesTotal - bytesDone) / bytesPerSecond : undefined};
};
