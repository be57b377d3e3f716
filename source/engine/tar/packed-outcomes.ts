/** What became of the files of a batch: of nearly all of them only the size matters, and whole outcomes would cost as much as reading a small file. */
import {decodeOutcomes, encodeOutcomes} from '../backup/capture-codec.ts';
import type {CaptureOutcome} from '../backup/capture-outcome.ts';

export type PackedOutcomes = {
	/** Of files that are stored and of which there is nothing else to tell; -1 for the others. */
	readonly sizes: Float64Array;
	/** Those of the others, in order. */
	readonly others: Uint8Array;
};

/** Stands for a file of which there is more to tell. */
export const isOther = (size: number): boolean => size < 0;

/** `linked`: 1 where more names of the file may come. */
export const packOutcomes = (outcomes: readonly CaptureOutcome[], linked: Uint8Array): PackedOutcomes => {
	const others: CaptureOutcome[] = [];
	const sizes = new Float64Array(outcomes.length);

	for (const [index, outcome] of outcomes.entries()) {
		const isPlain = outcome.type === 'stored' && linked[index] === 0 && outcome.note === undefined && outcome.attributesError === undefined;

		if (isPlain) {
			sizes[index] = outcome.stats.sizeBytes;
		} else {
			sizes[index] = -1;
			others.push(outcome);
		}
	}

	return {sizes, others: encodeOutcomes(others)};
};

/** The outcomes of the others. */
export const unpackOthers = ({others}: PackedOutcomes): CaptureOutcome[] => decodeOutcomes(others);
