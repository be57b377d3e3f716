/** Files that only save time: what they say can be found out again, so that nobody waits until they are safe on disk. */
import {
	mkdir,
	rename,
	rm,
	writeFile,
} from 'node:fs/promises';
import {dirname} from 'node:path';
import {newIdentifier} from './new-identifier.ts';

/**
Puts a whole file (0600) in the place of another one, in a folder (0700) that is made where it is missing. Any number of writers may do so at once.
@throws the system's error; the file is then as it was.
*/
export const replaceDisposable = async (path: string, content: string | Uint8Array): Promise<void> => {
	const temporary = `${path}.${newIdentifier()}`;
	await mkdir(dirname(path), {recursive: true, mode: 0o700});

	try {
		await writeFile(temporary, content, {mode: 0o600});
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, {force: true});
		throw error;
	}
};

/** For what is done all the same where there is no room for what is disposable. */
export const isNoRoom = (error: unknown): boolean => ['ENOSPC', 'EDQUOT', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
