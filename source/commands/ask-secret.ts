/** Asks on the terminal for what must not be seen there. */
import {Buffer} from 'node:buffer';
import process from 'node:process';
import {createInterface, type Interface} from 'node:readline/promises';
import {Writable} from 'node:stream';
import {UserError} from '../errors.ts';

/**
One line.
@throws UserError `interrupted` when the answer is Ctrl-C or Ctrl-D.
*/
export const askSecret = async (prompt: string): Promise<string> => withSilentLines(`${prompt}: `, async lines => lines.question(''));

const lastLine = '-----END PGP PRIVATE KEY BLOCK-----';

/** An armoured private key, pasted with its first and last line. Throws as `askSecret`. */
export const askPastedKey = async (): Promise<Uint8Array> => withSilentLines(`Paste the private key, up to "${lastLine}" (it is not shown): `, async lines => new Promise(resolve => {
	const pasted: string[] = [];

	lines.on('line', line => {
		pasted.push(line);

		if (line.trim() === lastLine) {
			resolve(Buffer.from(pasted.join('\n')));
		}
	});
}));

const withSilentLines = async <Answer>(prompt: string, read: (lines: Interface) => Promise<Answer>): Promise<Answer> => {
	const silence = new Writable({
		write(_chunk, _encoding, done) {
			done();
		},
	});
	const lines = createInterface({input: process.stdin, output: silence, terminal: true});
	// Only now: what is typed ahead of it would be echoed.
	process.stderr.write(prompt);
	const closed = new Promise<never>((_, reject) => {
		lines.once('close', () => {
			reject(new UserError('Nothing was done.', {code: 'interrupted'}));
		});
	});

	try {
		return await Promise.race([read(lines), closed]);
	} finally {
		closed.catch(() => undefined);
		lines.close();
		process.stderr.write('\n');
	}
};
