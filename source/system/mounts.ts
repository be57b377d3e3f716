import {readFileSync} from 'node:fs';
import type {RawPath} from '../domain/raw-name.ts';

/** Where something is mounted, bind mounts too: absolute raw paths. Empty where /proc is not there to say. */
export const readMountPoints = (): ReadonlySet<RawPath> => {
	let text: string;

	try {
		text = readFileSync('/proc/self/mountinfo', 'latin1');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return new Set();
		}

		throw error;
	}

	// The fifth field, in which blanks and backslashes are written in octal.
	const points = text.split('\n').map(line => line.split(' ', 5)[4]).filter(field => field !== undefined);

	return new Set(points.map(point => point.replaceAll(/\\(?<code>[0-7]{3})/gv, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 8)))));
};
