import {UserError} from '../../errors.ts';
import {FormatError} from '../base/bytes.ts';
import {SealError} from '../base/keys.ts';
import {StorageError} from './storage.ts';

/** What reading and writing the vault can fail with, in the operator's words. */
export const inWords = (error: unknown): unknown => {
	if (error instanceof FormatError || error instanceof SealError) {
		return new UserError(`What the destination holds cannot be read: ${error.message}.`, {
			code: 'damaged', hint: 'Run the task again: what is left of an index is mended from the packs when a task begins.', cause: error,
		});
	}

	if (!(error instanceof StorageError)) {
		return error;
	}

	return error.systemCode === 'ENOSPC' || error.systemCode === 'EDQUOT'
		? new UserError('The destination is full; nothing of what was being written was kept, and what was there before is untouched.', {
			code: 'failed',
			hint: 'Free space there, then run the task again.',
			cause: error,
		})
		: new UserError(`The destination cannot be written: ${error.message}.`, {code: 'failed', hint: 'Look at it with "holdfast destination check".', cause: error});
};

/** What reading damaged or missing objects throws; codes of data that does not unpack begin with Z. */
export const isDamage = (error: unknown): error is Error => {
	const {code = ''} = error as NodeJS.ErrnoException;

	return error instanceof FormatError || error instanceof SealError || code === 'ENOENT' || code.startsWith('Z');
};

/** As `isDamage`; a bad sector is as good as a changed byte. */
export const isUnreadable = (error: unknown): error is Error => isDamage(error) || (error as NodeJS.ErrnoException).code === 'EIO';
