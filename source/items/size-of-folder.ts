import {lstat, readdir} from 'node:fs/promises';
import type {RawPath} from '../domain/raw-name.ts';
import {systemPath} from '../system/directory.ts';

/** Content of the regular files in a folder of ours. */
export const sizeOfFolder = async (folder: RawPath): Promise<number> => {
	let sizeBytes = 0;

	for (const name of await readdir(systemPath(folder), {encoding: 'latin1'})) {
		const path = `${folder}/${name}`;
		const stats = await lstat(systemPath(path));

		if (stats.isDirectory()) {
			sizeBytes += await sizeOfFolder(path);
		} else if (stats.isFile()) {
			sizeBytes += stats.size;
		}
	}

	return sizeBytes;
};
