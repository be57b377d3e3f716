import {constants} from 'node:fs';
import {open} from 'node:fs/promises';
import process from 'node:process';

const longest = 4096;

/**
The first line of a file that root or this process's user owns and nobody else may read.
@throws Error saying what is wrong with it.
*/
export const readPasswordFile = async (path: string): Promise<string> => {
	if (path === 'none') {
		throw new Error('there is a name to log in with and no password: name its file in notify.smtpPasswordFile');
	}

	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);

	try {
		const facts = await file.stat();

		if (!facts.isFile() || facts.size > longest) {
			throw new Error(`the password file ${path} is no small file`);
		}

		if (![0, process.geteuid!()].includes(facts.uid) || (facts.mode & 0o077) !== 0) {
			throw new Error(`others may read the password file ${path}: mend it with "chown root ${path}" and "chmod 600 ${path}"`);
		}

		const text = await file.readFile('utf8');
		const [line] = text.split(/\r?\n/v, 1);

		if (line === undefined || line === '') {
			throw new Error(`the password file ${path} is empty`);
		}

		return line;
	} finally {
		await file.close();
	}
};
