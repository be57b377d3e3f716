import {constants} from 'node:fs';
import {open, rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

export type DurableOptions = {
	/** Permission bits of the new file. */
	readonly mode: number;
	/** Called when the new content is safe on disk, right before it takes the file's name. */
	readonly beforeRename?: () => Promise<void>;
};

/**
Replaces a file so that after a crash or a power loss either the old or the new content is there, whole: write beside, fsync, rename, fsync the folder.
One writer per file at a time (hold a lock): the temporary name is always the same, so that a killed writer leaves at most one, which the next one sweeps.
@throws the system's error; the file is then as it was.
*/
export const writeDurably = async (path: string, content: string | Uint8Array, options: DurableOptions): Promise<void> => {
	const temporary = join(dirname(path), `.${basename(path)}.new`);

	await rm(temporary, {force: true});

	try {
		await writeAndSync(temporary, content, options.mode);
		await options.beforeRename?.();
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, {force: true});
		throw error;
	}

	await syncFolder(dirname(path));
};

/** Makes what happened to the names in a folder durable. */
export const syncFolder = async (folder: string): Promise<void> => {
	await using handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
	await handle.sync();
};

const writeAndSync = async (path: string, content: string | Uint8Array, mode: number): Promise<void> => {
	await using handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode);
	await handle.chmod(mode);
	await handle.writeFile(content);
	await handle.sync();
};
