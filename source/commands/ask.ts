import {createInterface} from 'node:readline/promises';
import process from 'node:process';
import {UserError} from '../errors.ts';

export type Question = {
	readonly text: string;
	/** What an empty answer means. */
	readonly fallback: string;
};

/**
Asks one question on the terminal.
@throws UserError `usage` where nobody can be asked, `interrupted` when the answer is Ctrl-C or Ctrl-D.
*/
export const ask = async ({text, fallback}: Question): Promise<string> => {
	if (!canAsk()) {
		throw new UserError('This asks questions, and there is no terminal to ask on.', {code: 'usage', hint: 'Give --yes to go on without being asked.'});
	}

	// Questions go to standard error: standard output is the result.
	const lines = createInterface({input: process.stdin, output: process.stderr});
	const closed = new Promise<never>((_, reject) => {
		lines.once('close', () => {
			reject(new UserError('Nothing was done.', {code: 'interrupted'}));
		});
	});

	try {
		const answer = await Promise.race([lines.question(`${text} [${fallback}] `), closed]);

		return answer.trim() === '' ? fallback : answer.trim();
	} finally {
		closed.catch(() => undefined);
		lines.close();
	}
};

/** Whether somebody sits at a terminal. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;
