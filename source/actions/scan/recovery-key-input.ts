import type {Buffer} from 'node:buffer';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {parseRecoveryKey} from '../../engine/vault/recovery-key.ts';
import {UserError} from '../../errors.ts';

/**
Reads a recovery key from a file as `init` writes it, or typed; `-` is standard input.
@throws UserError `usage` when it cannot be read, `key` naming the line that is wrong
*/
export const readRecoveryKeyFile = async (path: string): Promise<Buffer> => parseRecoveryKey(await readText(path));

/**
A recovery key as it was typed, in four lines.
@throws UserError `key` naming the line that is wrong
*/
export const readRecoveryKeyText = (typed: string): Buffer => parseRecoveryKey(typed);

const readText = async (path: string): Promise<string> => {
	try {
		return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
	} catch (error) {
		throw new UserError(`The file ${path} cannot be read: ${(error as Error).message}.`, {code: 'usage', hint: 'Name the file with the recovery key.', cause: error});
	}
};
