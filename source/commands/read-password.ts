import {Buffer} from 'node:buffer';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {askSecret} from './ask-secret.ts';
import type {Everywhere} from './command.ts';

/** Which files passwords come from; `-` is the next line of standard input. */
let inputLines: Promise<string[]> | undefined;

/**
The first line of a file, without its newline.
@throws UserError `usage`
*/
export const readPasswordFile = async (path: string): Promise<string> => {
	try {
		if (path === '-') {
			inputLines ??= readInput();
			const lines = await inputLines;

			return lines.shift() ?? '';
		}

		const content = await readFile(path, 'utf8');

		return firstLine(content);
	} catch (error) {
		throw new UserError(`The file ${path} cannot be read: ${(error as Error).message}.`, {code: 'usage', hint: 'Name a file with the password in its first line.', cause: error});
	}
};

/** What standard input holds beyond the lines that were taken from it. */
export const readRestOfInput = async (): Promise<Uint8Array> => {
	inputLines ??= readInput();
	const lines = await inputLines;

	return Buffer.from(lines.splice(0).join('\n'));
};

const readInput = async (): Promise<string[]> => {
	const content = await text(process.stdin);

	return content.split('\n');
};

const firstLine = (content: string): string => content.split('\n', 1)[0]!;

/**
A password from a file, else asked for without showing it.
@throws UserError `usage` where there is neither, `interrupted`.
*/
export const readPassword = async (path: string | undefined, {prompt, option}: {readonly prompt: string; readonly option: string}): Promise<string> => {
	if (path !== undefined) {
		return readPasswordFile(path);
	}

	if (!canAsk()) {
		throw new UserError('A password is needed, and there is no terminal to ask on.', {code: 'usage', hint: `Name a file with ${option}.`});
	}

	return askSecret(prompt);
};

/**
Asks for a new password, twice.
@throws UserError `usage` when the two differ.
*/
export const readNewPassword = async (path: string | undefined): Promise<string> => {
	const password = await readPassword(path, {prompt: 'New password', option: '--password-file'});

	if (path === undefined && await askSecret('The same again') !== password) {
		throw new UserError('The two passwords differ.', {code: 'usage', hint: 'Nothing was changed. Try again.'});
	}

	return password;
};

/**
Who acts, where `--as` says so.
@throws UserError `usage`, or `refused` where no password can be had.
*/
export const readCredentials = async ({actAs: given, passwordFiles, isSigningIn}: Everywhere): Promise<{readonly name: string; readonly password: string} | undefined> => {
	const actAs = given ?? (isSigningIn ? await askName() : undefined);

	if (actAs === undefined) {
		return undefined;
	}

	const [path] = passwordFiles;

	if (path === undefined && !canAsk()) {
		throw new UserError(`The password of "${actAs}" is needed.`, {code: 'refused', hint: 'Name a file that holds it with --password-file.'});
	}

	return {name: actAs, password: await readPassword(path, {prompt: `Password of ${actAs}`, option: '--password-file'})};
};

/** The file with a new password: after that for signing in, where somebody does. */
export const newPasswordFile = ({actAs, passwordFiles}: Everywhere): string | undefined => passwordFiles[actAs === undefined ? 0 : 1];

const askName = async (): Promise<string> => {
	if (!canAsk()) {
		throw new UserError('Who is it? Nobody is trusted here.', {code: 'refused', hint: 'Say so with --as NAME, and give the password on standard input with --password-file -.'});
	}

	return ask({text: 'Holdfast user:', fallback: ''});
};
