import {chmod, mkdir, stat} from 'node:fs/promises';
import process from 'node:process';
import {UserError} from '../errors.ts';

/**
Checks that the state directory is ours alone: owned by who runs this and closed to all others. Somebody else's could hold anything, links included.
@throws UserError `notFound` when there is none, `refused` when it is somebody else's.
*/
export const checkStateDirectory = async (directory: string, {isReadOnly}: {readonly isReadOnly: boolean}): Promise<void> => {
	const facts = await statDirectory(directory);

	if (!facts?.isDirectory()) {
		throw new UserError(`There is no Holdfast state in ${directory}.`, {
			code: 'notFound',
			hint: 'Set it up with "holdfast init", try "holdfast demo", or name another directory with --state.',
		});
	}

	if (facts.uid !== process.geteuid!()) {
		throw new UserError(`The state directory ${directory} belongs to user id ${facts.uid}, not to you.`, {
			code: 'refused',
			hint: 'Run Holdfast as its owner, or name your own directory with --state.',
		});
	}

	if (!isReadOnly && (facts.mode & 0o077) !== 0) {
		await chmod(directory, 0o700);
	}
};

/** Makes the state directory (0700) where there is none. */
export const createStateDirectory = async (directory: string): Promise<void> => {
	try {
		await mkdir(directory, {recursive: true, mode: 0o700});
	} catch (error) {
		throw new UserError(`The state directory ${directory} could not be made: ${(error as Error).message}.`, {
			code: 'failed',
			hint: 'Name a directory that you may write to with --state.',
			cause: error,
		});
	}
};

const statDirectory = async (directory: string) => {
	try {
		return await stat(directory);
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return undefined;
		}

		throw new UserError(`The state directory ${directory} cannot be looked at: ${(error as Error).message}.`, {
			code: 'refused',
			hint: 'Run Holdfast as its owner, or name another directory with --state.',
			cause: error,
		});
	}
};
