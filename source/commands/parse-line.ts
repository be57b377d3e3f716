import {UserError} from '../errors.ts';
import type {Argument} from './command.ts';
import type {CommandEntry} from './commands.ts';
import {everywhereOptions} from './everywhere.ts';
import {nearest} from './nearest.ts';

export type FoundCommand =
	| {readonly type: 'command'; readonly entry: CommandEntry; readonly rest: readonly string[]}
	/** A noun without a verb, such as `account`; or nothing at all. */
	| {readonly type: 'group'; readonly noun: string; readonly rest: readonly string[]};

/**
Finds the command that a line calls. Options that may stand anywhere may come before its words; all others come after.
@throws UserError `usage` for a word that no command has.
*/
export const findCommand = (tokens: readonly string[], commands: readonly CommandEntry[]): FoundCommand => {
	const positions = wordPositions(tokens);
	const [noun, verb] = positions.map(position => tokens[position]!);

	if (noun === undefined) {
		return {type: 'group', noun: '', rest: tokens};
	}

	const twoWords = commands.find(({name}) => name === `${noun} ${verb ?? ''}`);

	if (twoWords) {
		return {type: 'command', entry: twoWords, rest: without(tokens, positions.slice(0, 2))};
	}

	const oneWord = commands.find(({name}) => name === noun);

	if (oneWord) {
		return {type: 'command', entry: oneWord, rest: without(tokens, positions.slice(0, 1))};
	}

	const verbs = commands.filter(({name}) => name.startsWith(`${noun} `)).map(({name}) => name);

	if (verb === undefined && verbs.length > 0) {
		return {type: 'group', noun, rest: without(tokens, positions.slice(0, 1))};
	}

	throw unknownCommand({
		noun, verb, verbs, commands,
	});
};

/**
Gives each declared argument its value.
@throws UserError `usage` when there are too few or too many.
*/
export const assignArguments = (words: readonly string[], declared: readonly Argument[]): ReadonlyArray<string | readonly string[] | undefined> => {
	const required = declared.filter(({count}) => count !== 'optional');

	if (words.length < required.length) {
		throw new UserError(`${required[words.length]!.name} is missing.`, {code: 'usage', hint: 'See how it is used with --help.'});
	}

	const isOpen = declared.some(({count}) => count === 'repeated');

	if (!isOpen && words.length > declared.length) {
		throw new UserError(`"${words[declared.length]!}" is too much.`, {code: 'usage', hint: 'Quote names with spaces; see how it is used with --help.'});
	}

	return declared.map(({count}, index) => count === 'repeated' ? words.slice(index) : words[index]);
};

const without = (tokens: readonly string[], positions: readonly number[]): readonly string[] => tokens.filter((_, index) => !positions.includes(index));

/** Where the first two words are: options before them can only be those that may stand anywhere. */
const wordPositions = (tokens: readonly string[]): readonly number[] => {
	const positions: number[] = [];

	for (let index = 0; index < tokens.length && positions.length < 2; index++) {
		const token = tokens[index]!;

		if (token === '--') {
			break;
		}

		if (!token.startsWith('-')) {
			positions.push(index);
			continue;
		}

		const option = Object.hasOwn(everywhereOptions, token.slice(2)) ? everywhereOptions[token.slice(2) as keyof typeof everywhereOptions] : undefined;

		if (option?.type === 'text' || option?.type === 'repeated') {
			index++;
		} else if (option === undefined && positions.length > 0) {
			// An option of the command itself: no further word belongs to the command's name.
			break;
		}
	}

	return positions;
};

type Unknown = {readonly noun: string; readonly verb: string | undefined; readonly verbs: readonly string[]; readonly commands: readonly CommandEntry[]};

const unknownCommand = ({noun, verb, verbs, commands}: Unknown): UserError => {
	const typed = verbs.length > 0 ? `${noun} ${verb!}` : noun;
	const known = verbs.length > 0 ? verbs : [...new Set(commands.map(({name}) => name.split(' ', 1)[0]!))];
	const suggestion = nearest(typed, known);

	return new UserError(`There is no command "${typed}".`, {
		code: 'usage',
		hint: suggestion === undefined ? 'See all with "holdfast --help".' : `Did you mean "holdfast ${suggestion}"? See all with "holdfast --help".`,
	});
};
