import {
	closeSync,
	openSync,
	readdirSync,
	readFileSync,
	writeSync,
} from 'node:fs';
import path from 'node:path';

export const filesBelow = (folder: string): string[] => readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name)).toSorted();

/** Changes one byte of a file. */
export const flip = (file: string, offset: number): void => {
	const byte = readFileSync(file)[offset]!;
	const fd = openSync(file, 'r+');
	writeSync(fd, Uint8Array.of(byte ^ 0xFF), 0, 1, offset);
	closeSync(fd);
};
