/** Files that hold a secret, written once. */
import {constants} from 'node:fs';
import {open, rm} from 'node:fs/promises';
import {dirname} from 'node:path';
import {UserError} from '../errors.ts';
import {syncFolder} from '../system/durable-file.ts';

/**
Writes a new file that its owner alone may read; it is on disk when this resolves.
`what` it holds begins sentences: `The private key`.
@throws UserError `refused` where there is a file already, `failed`; nothing of it is kept then.
*/
export const writeSecret = async (path: string, content: string, what: string): Promise<void> => {
	try {
		await using file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);

		try {
			await file.chmod(0o600);
			await file.writeFile(content);
			await file.sync();
			await syncFolder(dirname(path));
		} catch (error) {
			await rm(path, {force: true});
			throw error;
		}
	} catch (error) {
		throw asUserError(error as NodeJS.ErrnoException, path, what);
	}
};

const asUserError = (error: NodeJS.ErrnoException, path: string, what: string): unknown => {
	if (error.code === undefined) {
		return error;
	}

	return error.code === 'EEXIST'
		? new UserError(`There is a file at ${path} already.`, {code: 'refused', hint: 'Name a new one; nothing was replaced or changed.', cause: error})
		: new UserError(`${what} cannot be written to ${path}: ${error.message}.`, {code: 'failed', hint: 'Name a file that you may write to; nothing was changed.', cause: error});
};
