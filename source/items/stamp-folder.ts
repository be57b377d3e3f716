import {lutimes, readdir} from 'node:fs/promises';
import type {RawPath} from '../domain/raw-name.ts';
import {systemPath} from '../system/directory.ts';

const noTime = new Date(0);

/** Gives all in a folder of ours the same times, so that what was written down twice alike is stored once. */
export const stampFolder = async (folder: RawPath): Promise<void> => {
	for (const entry of await readdir(systemPath(folder), {encoding: 'latin1', withFileTypes: true})) {
		const path = `${folder}/${entry.name}`;

		await (entry.isDirectory() ? stampFolder(path) : lutimes(systemPath(path), noTime, noTime));
	}

	await lutimes(systemPath(folder), noTime, noTime);
};
