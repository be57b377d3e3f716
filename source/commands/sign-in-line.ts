/** `--sign-in` trusts nobody: what stands before it was written by who made the rule (sudo's, or sshd's forced command), what stands after it by anybody. */
import process from 'node:process';
import {UserError} from '../errors.ts';
import type {Argument, Options} from './command.ts';

export const signInOption = '--sign-in';

/**
The line that is carried out: as it is, or under `--sign-in` with the words of `--line`, which is how sshd's original command comes in.
@throws UserError `refused`, `usage`
*/
export const readSignInLine = (line: readonly string[], environment: NodeJS.ProcessEnv = process.env): readonly string[] => {
	const start = line.indexOf(signInOption);

	if (start === -1) {
		return line;
	}

	const variable = Object.keys(environment).find(name => name.startsWith('HOLDFAST_'));

	if (variable !== undefined) {
		throw refuse(`The variable ${variable}`);
	}

	const after = line.slice(start + 1);
	const words = after[0] === '--line' ? [...splitWords(after[1] ?? ''), ...after.slice(2)] : after;

	if (words.some(word => word === '--state' || word.startsWith('--state='))) {
		throw refuse('--state');
	}

	return [...line.slice(0, start + 1), ...words];
};

/** What opens another state, or works without one, is not for those who sign in. */
export const checkSignInCommand = (name: string, needs: 'setup' | 'nothing'): void => {
	if (name === 'daemon' || (needs === 'nothing' && name !== 'completion')) {
		throw refuse(`"holdfast ${name}"`);
	}
};

export type GivenFiles = {
	readonly options: Options;
	readonly declared: readonly Argument[];
	readonly given: ReadonlyMap<string, true | readonly string[]>;
	readonly words: readonly string[];
};

/**
Files of the server are not for those who sign in, to read or to write: only standard input and output.
@throws UserError `refused`
*/
export const checkSignInFiles = ({options, declared, given, words}: GivenFiles): void => {
	for (const [name, values] of given) {
		const option = options[name];

		// The state's is the rule's.
		if (name === 'state' || values === true || option === undefined || option.type === 'flag') {
			continue;
		}

		if (isFile(name, option.placeholder) && values.some(value => value !== '-')) {
			throw refuse(`A file (--${name})`);
		}
	}

	const argument = declared.find(({name}, index) => ![undefined, '-'].includes(words[index]) && isFile('', name));

	if (argument !== undefined) {
		throw refuse(`A file (${argument.name})`);
	}
};

const fileWords = new Set(['F', 'FILE', 'DIR', 'DEST', 'KEYFILE']);

const isFile = (name: string, placeholder: string): boolean => name.endsWith('-file') || name.endsWith('-out') || placeholder.split(/[^A-Z]+/v).some(word => fileWords.has(word));

/** Words as a shell would take them, with quotes; nothing in them is ever carried out or replaced. */
const splitWords = (text: string): readonly string[] => {
	const words: string[] = [];
	const pattern = /(?<space>\s+)|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<plain>[^\s"']+)|(?<open>["'])/gv;
	let isInWord = false;

	for (const {groups} of text.matchAll(pattern)) {
		if (groups!.open !== undefined) {
			throw new UserError('A quote is not closed.', {code: 'usage'});
		}

		if (groups!.space !== undefined) {
			isInWord = false;
			continue;
		}

		const piece = groups!.double ?? groups!.single ?? groups!.plain!;

		if (isInWord) {
			words.push(`${words.pop()!}${piece}`);
		} else {
			words.push(piece);
		}

		isInWord = true;
	}

	return words;
};

const refuse = (what: string): UserError => new UserError(`${what} is not for those who sign in.`, {code: 'refused', hint: 'Use standard input or output ("-"), or ask an administrator of this server.'});
