/** The file that the system delivers mail to, one message after the other. */
import type {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {closeSync, constants} from 'node:fs';
import {setTimeout as delay} from 'node:timers/promises';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';

const lockTries = 100;
const pauseMs = 100;

/** Keeps those who deliver mail away, as all of them on Debian expect: by a file beside it. */
export const withMailLock = async <Result>(folder: Directory, name: RawPath, work: () => Result | Promise<Result>): Promise<Result> => {
	const lock = `${name}.lock`;

	for (let attempt = 1; ; attempt++) {
		try {
			closeSync(folder.openFile(lock, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600));
			break;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw error;
			}

			if (attempt === lockTries) {
				throw new Error(`${toScreen(lock)} is there: somebody is delivering mail, or died while doing so`, {cause: error});
			}

			await delay(pauseMs);
		}
	}

	try {
		return await work();
	} finally {
		folder.remove(lock);
	}
};

/** The live messages, those that the backup has too as it has them; then those that only the backup has. Without those that were brought and that the backup does not have. All are raw texts. */
export const mergeMbox = (live: string, stored: string, brought = ''): string => {
	const kept = new Map(messagesIn(stored).map(message => [keyOf(message), message]));
	const gone = new Set(messagesIn(brought).map(message => keyOf(message)).filter(key => !kept.has(key)));
	const all = messagesIn(live).filter(message => !gone.has(keyOf(message))).map(message => {
		const key = keyOf(message);
		const same = kept.get(key);
		kept.delete(key);

		return same ?? message;
	});

	return [...all, ...kept.values()].map(message => message.endsWith('\n\n') ? message : `${message.replace(/\n$/v, '')}\n\n`).join('');
};

const messagesIn = (text: string): readonly string[] => text.split(/(?<=^|\n\n)(?=From )/v).filter(message => message.trim() !== '');

/** A message without what its readers note in it. */
const keyOf = (message: string): string => {
	const end = message.indexOf('\n\n');
	const headers = message.slice(0, end === -1 ? message.length : end).split('\n').filter(line => !/^(?:content-length|lines|status|x-imap|x-imapbase|x-keywords|x-status|x-uid):/iv.test(line));

	return hash('sha256', `${headers.join('\n')}${end === -1 ? '' : message.slice(end).trimEnd()}`);
};

export const textOf = (content: Buffer): string => content.toString('latin1');
