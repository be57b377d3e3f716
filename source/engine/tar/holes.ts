import type {BigIntStats} from 'node:fs';
import {rangesOf} from '../backup/file-ranges.ts';
import type {Hole} from './tar-entry.ts';

/** More are not remembered: they come back as zeros. */
const maxHoles = 16_384;

/** The holes of an open file. */
export const holesOf = (fd: number, {size, blocks}: BigIntStats): Hole[] => {
	if (blocks * 512n >= size) {
		return [];
	}

	const holes: Hole[] = [];

	for (const {start, end, isHole} of rangesOf(fd, Number(size))) {
		if (isHole) {
			holes.push({offset: start, length: end - start});
		}

		if (holes.length === maxHoles) {
			break;
		}
	}

	return holes;
};
