import type {RawPath} from '../domain/raw-name.ts';
import {measureFolder} from './measure-folder.ts';

/** Content of the regular files in a folder of ours. */
export const sizeOfFolder = async (folder: RawPath): Promise<number> => {
	const {bytes} = await measureFolder(folder);

	return bytes;
};
