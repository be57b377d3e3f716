/** Reads the file of a download, and holds it against its checksum. */
import {createHash, randomBytes} from 'node:crypto';
import {
	link,
	open,
	rm,
	stat,
	type FileHandle,
} from 'node:fs/promises';
import {constants} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {packageNameOf, type Download} from '../domain/download.ts';
import {UserError} from '../errors.ts';
import {syncFolder} from '../system/durable-file.ts';

const chunkBytes = 1 << 20;

/**
The bytes of a package.
@yields them as they are read
@throws UserError `damaged` at the end, where they are not what was written
*/
export const fetchPackage = async function * (download: Download): AsyncGenerator<Uint8Array> {
	await using file = await openPackage(download);
	const hash = createHash('sha256');

	for (;;) {
		const {bytesRead, buffer} = await file.read(new Uint8Array(chunkBytes), 0, chunkBytes);

		if (bytesRead === 0) {
			break;
		}

		const chunk = buffer.subarray(0, bytesRead);
		hash.update(chunk);
		yield chunk;
	}

	if (hash.digest('hex') !== download.sha256) {
		throw new UserError(`The download ${download.id} is damaged: it is not what was packed.`, {code: 'damaged', hint: `Delete it, and pack it again with "holdfast download create ${download.backup}".`});
	}
};

const openPackage = async ({id, path, backup}: Download): Promise<FileHandle> => {
	try {
		return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
	} catch (error) {
		throw new UserError(`The file of download ${id} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
			code: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'damaged' : 'failed', hint: `Look at ${path}, or pack it again with "holdfast download create ${backup}".`, cause: error,
		});
	}
};

/**
Writes it beside its new name, checks it, and gives it the name only then.
@returns the path
*/
export const savePackage = async (download: Download, destination: string): Promise<string> => {
	const path = await isFolder(destination) ? join(destination, packageNameOf(download)) : destination;
	const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);

	try {
		await write(temporary, fetchPackage(download));
		await link(temporary, path);
	} catch (error) {
		throw asUserError(error, path);
	} finally {
		await rm(temporary, {force: true});
	}

	await syncFolder(dirname(path));

	return path;
};

const write = async (path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
	await using file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);

	for await (const chunk of chunks) {
		await file.writeFile(chunk);
	}

	await file.sync();
};

const isFolder = async (path: string): Promise<boolean> => {
	try {
		const stats = await stat(path);

		return stats.isDirectory();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return false;
		}

		throw asUserError(error, path);
	}
};

const asUserError = (error: unknown, path: string): unknown => {
	const {code} = error as NodeJS.ErrnoException;

	if (code === undefined || error instanceof UserError) {
		return error;
	}

	return code === 'EEXIST'
		? new UserError(`There is a file at ${path} already.`, {code: 'refused', hint: 'Name another one; nothing was replaced.', cause: error})
		: new UserError(`The download cannot be saved as ${path}: ${(error as Error).message}.`, {code: 'failed', hint: 'Nothing of it was kept there.', cause: error});
};
