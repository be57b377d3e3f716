import process from 'node:process';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import type {Output} from './output.ts';

/**
Shows a private key on the terminal, the only time that it is seen, and has it confirmed that it was stored.
@throws UserError `usage` where nobody sits at a terminal, `interrupted` without the confirmation.
*/
export const showKeyOnce = async (privateKey: string, output: Output): Promise<void> => {
	if (output.isJson || !canAsk()) {
		throw new UserError('The private key is shown once, and there is no terminal to show it on.', {code: 'usage', hint: 'Name a new file for it with --private-key-out.'});
	}

	await wantYes('The private key is shown once, now, and never kept here. Without it nobody can read the backups made from now on. Show it? (yes or no)', unchanged);
	process.stderr.write(`\n${privateKey}\n`);
	await wantYes('Copy all of it, with its first and last line, to where it is safe. Is it stored? (yes or no)', unchanged);
};

const unchanged = 'Nothing was changed: the account has the key it had.';

/**
Goes on after a yes alone.
@throws UserError `interrupted` with that sentence.
*/
export const wantYes = async (text: string, otherwise: string): Promise<void> => {
	if (!['y', 'yes'].includes(await ask({text, fallback: 'no'}))) {
		throw new UserError(otherwise, {code: 'interrupted'});
	}
};
