import {useState} from 'react';
import {countOf, formatCount} from '../domain/units.ts';

type Progress = {readonly done: number; readonly total: number};

export type ReadingProgress = {
	/** What is waited for. */
	readonly words: string;
	/** Begins a reading; what it gives is told how many accounts of how many are read, as often as one likes. */
	readonly begin: () => (done: number, total: number) => void;
};

const pauseMs = 250;

/** How far the reading of the backups of all accounts is; `atFirst` says what is waited for as long as that is not known. */
export const useReadingProgress = (atFirst: string): ReadingProgress => {
	const [progress, setProgress] = useState<Progress>();

	return {
		words: progress === undefined ? atFirst : `Reading the backups of ${formatCount(progress.done)} of ${countOf(progress.total, 'account')}`,
		begin: () => throttle(setProgress),
	};
};

/** At most four times a second. */
const throttle = (tell: (progress: Progress) => void): ((done: number, total: number) => void) => {
	let toldAt = performance.now();

	return (done, total) => {
		if (performance.now() - toldAt < pauseMs) {
			return;
		}

		toldAt = performance.now();
		tell({done, total});
	};
};
