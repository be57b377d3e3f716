import {readFile} from 'node:fs/promises';
import {UserError} from '../errors.ts';

/**
The content of a file with an OpenPGP key; `what` it should hold ends the hint: `the owner's OpenPGP private key`.
@throws UserError `usage` when it cannot be read.
*/
export const readKeyFile = async (path: string, what: string): Promise<Uint8Array> => {
	try {
		return await readFile(path);
	} catch (error) {
		throw new UserError(`The file ${path} cannot be read: ${(error as Error).message}.`, {code: 'usage', hint: `Name a file with ${what}.`, cause: error});
	}
};
