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
export const askSecret = async (prompt: string): Promise<string> => withLines({prompt: `${prompt}: `, isShown: false}, async lines => nextLine(lines));

const firstLine = '-----BEGIN PGP PRIVATE KEY BLOCK-----';
const lastLine = '-----END PGP PRIVATE KEY BLOCK-----';

/** An armoured private key, pasted with its first and last line. Throws as `askSecret`. */
export const askPastedKey = async (): Promise<Uint8Array> => withLines({prompt: `Paste the private key, up to "${lastLine}" (it is not shown): `, isShown: false}, async lines => restOfKey(lines, []));

/** A path as it is typed, or an armoured private key that was pasted in its place: of that nothing but the first line is shown, and no line of it is left for the next prompt. Throws as `askSecret`. */
export const askFileOrKey = async (prompt: string): Promise<string | Uint8Array> => withLines({prompt: `${prompt}: `, isShown: true}, async (lines, hide) => {
	const {promise, resolve} = Promise.withResolvers<string | Uint8Array>();

	lines.once('line', line => {
		if (line.trim() !== firstLine) {
			resolve(line.trim());
			return;
		}

		// At once: the next lines are there already.
		hide();
		resolve(restOfKey(lines, [line]));
	});

	return promise;
});

const nextLine = async (lines: Interface): Promise<string> => new Promise(resolve => {
	lines.once('line', resolve);
});

const restOfKey = async (lines: Interface, pasted: string[]): Promise<Uint8Array> => new Promise(resolve => {
	lines.on('line', line => {
		pasted.push(line);

		if (line.trim() === lastLine) {
			resolve(Buffer.from(pasted.join('\n')));
		}
	});
});

type LinesOptions = {readonly prompt: string; readonly isShown: boolean};

/** `hide`: what is typed from now on is not seen. */
const withLines = async <Answer>({prompt, isShown}: LinesOptions, read: (lines: Interface, hide: () => void) => Promise<Answer>): Promise<Answer> => {
	let isHidden = !isShown;
	const echo = new Writable({
		write(chunk: Uint8Array, _encoding, done) {
			if (!isHidden) {
				process.stderr.write(chunk);
			}

			done();
		},
	});
	const lines = createInterface({input: process.stdin, output: echo, terminal: true});

	if (isShown) {
		lines.setPrompt(prompt);
		lines.prompt();
	} else {
		// Only now: what is typed ahead of it would be echoed.
		process.stderr.write(prompt);
	}

	const closed = new Promise<never>((_, reject) => {
		lines.once('close', () => {
			reject(new UserError('Nothing was done.', {code: 'interrupted'}));
		});
	});

	try {
		return await Promise.race([read(lines, () => {
			isHidden = true;
		}), closed]);
	} finally {
		closed.catch(() => undefined);
		lines.close();

		if (isHidden) {
			process.stderr.write('\n');
		}
	}
};
