import {lstat, readdir} from 'node:fs/promises';
import type {RawPath} from '../domain/raw-name.ts';
import {systemPath} from '../system/directory.ts';
import type {Room} from './item.ts';

/** What a folder of ours holds: content of regular files, and everything that has a name. */
export const measureFolder = async (folder: RawPath): Promise<Room> => {
	let [bytes, files] = [0, 0];

	for (const name of await readdir(systemPath(folder), {encoding: 'latin1'})) {
		const path = `${folder}/${name}`;
		const stats = await lstat(systemPath(path));
		const inner = stats.isDirectory() ? await measureFolder(path) : {bytes: stats.isFile() ? stats.size : 0, files: 0};
		bytes += inner.bytes;
		files += inner.files + 1;
	}

	return {bytes, files};
};
