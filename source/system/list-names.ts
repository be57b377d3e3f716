import {readdirSync} from 'node:fs';
import {readdir} from 'node:fs/promises';

/** The names in a folder of ours; none where it was not made yet. */
export const listNames = async (folder: string): Promise<readonly string[]> => {
	try {
		return await readdir(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}
};

/** The same for threads of the engine, which wait. */
export const listNamesNow = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}
};
