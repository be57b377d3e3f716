import {UserError} from '../errors.ts';
import type {Option, Options} from './command.ts';
import {nearest} from './nearest.ts';

export type ParsedTokens = {
	/** What is no option, in order. */
	readonly words: readonly string[];
	/** By option name: `true` for a flag, else all values given. */
	readonly given: ReadonlyMap<string, true | readonly string[]>;
};

/**
Splits a line into words and options. `--name value` and `--name=value` are the same; after `--` all is words; `-` is a word; `-h` is `--help`.
@throws UserError `usage`
*/
export const parseOptions = (tokens: readonly string[], options: Options): ParsedTokens => {
	const words: string[] = [];
	const given = new Map<string, true | readonly string[]>();
	const rest = [...tokens];

	while (rest.length > 0) {
		const token = rest.shift()!;

		if (token === '--') {
			words.push(...rest);
			break;
		}

		if (token === '-' || !token.startsWith('-')) {
			words.push(token);
			continue;
		}

		const {name, value} = splitOption(token);
		const option = findOption(name, token, options);
		given.set(name, addValue(given.get(name), {
			name, option, value: option.type === 'flag' ? value : value ?? takeValue(name, rest),
		}));
	}

	return {words, given};
};

/** The values of declared options, in the form their type has. */
export const readOptions = (given: ParsedTokens['given'], options: Options): Record<string, boolean | string | readonly string[] | undefined> =>
	Object.fromEntries(Object.entries(options).map(([name, {type}]) => [name, readValue(type, given.get(name))]));

const readValue = (type: Option['type'], given: true | readonly string[] | undefined): boolean | string | readonly string[] | undefined => {
	const values = given === true || given === undefined ? [] : given;

	switch (type) {
		case 'flag': {
			return given === true;
		}

		case 'text': {
			return values[0];
		}

		case 'repeated': {
			return values;
		}

		case 'list': {
			return values.flatMap(value => splitList(value));
		}
	}
};

/** At commas that are neither within braces nor after a backslash: `*.{jpg,png},*.log` is two patterns. */
const splitList = (text: string): readonly string[] => {
	const parts: string[] = [];
	let depth = 0;
	let part = '';

	for (const [index, character] of [...text].entries()) {
		const isEscaped = index > 0 && text[index - 1] === '\\';

		if (character === ',' && depth === 0 && !isEscaped) {
			parts.push(part);
			part = '';
			continue;
		}

		depth += Number(character === '{' && !isEscaped) - Number(depth > 0 && character === '}' && !isEscaped);
		part += character;
	}

	return [...parts, part].filter(each => each !== '');
};

const splitOption = (token: string): {readonly name: string; readonly value: string | undefined} => {
	if (token === '-h') {
		return {name: 'help', value: undefined};
	}

	const equals = token.indexOf('=');

	return equals === -1
		? {name: token.slice(2), value: undefined}
		: {name: token.slice(2, equals), value: token.slice(equals + 1)};
};

const findOption = (name: string, token: string, options: Options): Option => {
	const option = token === '-h' || token.startsWith('--') ? options[name] : undefined;

	if (option && Object.hasOwn(options, name)) {
		return option;
	}

	const suggestion = nearest(name, Object.keys(options));

	throw new UserError(`There is no option ${token.split('=', 1)[0]!} here.`, {
		code: 'usage',
		hint: suggestion === undefined ? 'See what there is with --help.' : `Did you mean --${suggestion}? See what there is with --help.`,
	});
};

const takeValue = (name: string, rest: string[]): string => {
	const value = rest[0];

	if (value === undefined || value.startsWith('--')) {
		throw new UserError(`--${name} needs a value.`, {code: 'usage', hint: `Write --${name}=VALUE if the value begins with "--".`});
	}

	rest.shift();

	return value;
};

type Addition = {readonly name: string; readonly option: Option; readonly value: string | undefined};

const addValue = (before: true | readonly string[] | undefined, {name, option, value}: Addition): true | readonly string[] => {
	if (option.type === 'flag') {
		if (value !== undefined) {
			throw new UserError(`--${name} takes no value.`, {code: 'usage', hint: `Write --${name} alone, or leave it out.`});
		}

		return true;
	}

	if (value === undefined || value === '') {
		throw new UserError(`The value of --${name} is empty.`, {code: 'usage', hint: 'Give a value, or leave the option out.'});
	}

	if (option.choices && !option.choices.includes(value)) {
		throw new UserError(`--${name} cannot be "${value}".`, {code: 'usage', hint: `It is one of: ${option.choices.join(', ')}.`});
	}

	if (before !== undefined && option.type === 'text') {
		throw new UserError(`--${name} was given twice.`, {code: 'usage', hint: 'Give it once.'});
	}

	return [...(before === undefined || before === true ? [] : before), value];
};
