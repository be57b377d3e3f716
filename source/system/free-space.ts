import {statSync, statfsSync} from 'node:fs';
import path from 'node:path/posix';
import type {RawPath} from '../domain/raw-name.ts';
import {systemPath} from './directory.ts';

export type FreeSpace = {
	/** Which file system it is. */
	readonly device: number;
	readonly bytes: number;
	/** How many files and folders can still be made; `Infinity` where the file system does not count them. */
	readonly files: number;
};

/** What is free where an absolute path is, or will be. */
export const freeSpaceAt = (place: RawPath): FreeSpace => {
	for (let folder = place; ; folder = path.dirname(folder)) {
		try {
			const {bavail, bsize, files, ffree} = statfsSync(systemPath(folder));

			return {device: statSync(systemPath(folder)).dev, bytes: bavail * bsize, files: files === 0 ? Infinity : ffree};
		} catch (error) {
			if (folder === '/' || (error as NodeJS.ErrnoException).code !== 'ENOENT') {
				throw error;
			}
		}
	}
};
