/**
Globs over raw paths: `*` and `?` within a component, `**` across, `{a,b}`, `[abc]`, `[!abc]`, `\` before a character that stands for itself. Case-sensitive; dot
files match. Without `/` a pattern matches a name at any depth, with one it starts at the root.
*/
import {UserError} from '../errors.ts';
import {fromText, isAscii, type RawPath} from './raw-name.ts';

export type Glob = {
	readonly pattern: string;
	/** Whether the pattern matches this very path, relative to the root. */
	readonly matches: (path: RawPath) => boolean;
};

const anyCharacter = String.raw`(?:[\x00-\x2E\x30-\x7F]|[\xC2-\xF4][\x80-\xBF]+|[\x80-\xFF])`;
const maxPatternLength = 4096;

/**
Reads a pattern as an operator types it.
@throws UserError `usage` saying what is wrong with the pattern.
*/
export const parseGlob = (pattern: string): Glob => {
	const trimmed = withoutEndSlashes(pattern.replace(/^\.?\/+/v, ''));

	if (trimmed === '' || pattern.length > maxPatternLength) {
		throw wrong(pattern, trimmed === '' ? 'it matches nothing' : `it is longer than ${maxPatternLength} characters`);
	}

	if (trimmed.split('/').some(component => component === '..' || component === '.')) {
		throw wrong(pattern, 'a pattern never leaves its root');
	}

	const isAnchored = pattern.includes('/');
	const source = new GlobParser(pattern, trimmed).parse();
	const expression = new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${source}$`, 's'); // eslint-disable-line require-unicode-regexp -- raw paths are bytes: a code unit is a byte

	return {pattern, matches: path => expression.test(path)};
};

const withoutEndSlashes = (pattern: string): string => {
	let end = pattern.length;

	while (pattern[end - 1] === '/') {
		end--;
	}

	return pattern.slice(0, end);
};

/** A test for a path that is matched itself or lies below a folder that is. */
export const compileExcludes = (patterns: readonly string[]): ((path: RawPath) => boolean) => {
	const globs = patterns.map(pattern => parseGlob(pattern));
	const isMatched = (path: RawPath): boolean => globs.some(glob => glob.matches(path));

	return path => {
		if (globs.length === 0) {
			return false;
		}

		for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
			if (isMatched(path.slice(0, end))) {
				return true;
			}
		}

		return isMatched(path);
	};
};

/** As `compileExcludes`, for a walk that never enters a matched folder: only the path itself is tested. */
export const compilePruning = (patterns: readonly string[]): ((path: RawPath) => boolean) => {
	const globs = patterns.map(pattern => parseGlob(pattern));

	return path => globs.some(glob => glob.matches(path));
};

class GlobParser {
	readonly #pattern: string;
	readonly #text: string;
	#index = 0;

	constructor(pattern: string, text: string) {
		this.#pattern = pattern;
		this.#text = text;
	}

	/** Up to one of `ends`, or the end. */
	#sequence(ends: string): string {
		let source = '';

		while (this.#index < this.#text.length && !(ends + '}').includes(this.#text[this.#index]!)) {
			source += this.#piece();
		}

		return source;
	}

	#piece(): string {
		const character = String.fromCodePoint(this.#text.codePointAt(this.#index)!);
		this.#index += character.length;

		switch (character) {
			case '*': {
				return this.#stars();
			}

			case '?': {
				return anyCharacter;
			}

			case '{': {
				return this.#alternatives();
			}

			case '[': {
				return this.#characterClass();
			}

			case '\\': {
				return this.#escaped();
			}

			default: {
				return literal(character);
			}
		}
	}

	#stars(): string {
		if (this.#text[this.#index] !== '*') {
			return '[^/]*';
		}

		const isStartsComponent = this.#index === 1 || this.#text[this.#index - 2] === '/';

		while (this.#text[this.#index] === '*') {
			this.#index++;
		}

		// Between slashes `**` may also stand for no folder at all.
		if (isStartsComponent && this.#text[this.#index] === '/') {
			this.#index++;
			return '(?:.*/)?';
		}

		return '.*';
	}

	#alternatives(): string {
		const choices: string[] = [];

		do {
			choices.push(this.#sequence(','));
		} while (this.#text[this.#index++] === ',');

		if (this.#text[this.#index - 1] !== '}') {
			throw wrong(this.#pattern, 'a { has no }');
		}

		return `(?:${choices.join('|')})`;
	}

	#characterClass(): string {
		const end = this.#text.indexOf(']', this.#index + 1);

		if (end === -1) {
			throw wrong(this.#pattern, 'a [ has no ]');
		}

		const body = this.#text.slice(this.#index, end);
		this.#index = end + 1;
		const isNegated = body.startsWith('!') || body.startsWith('^');
		const choices = this.#classChoices(isNegated ? body.slice(1) : body);

		return isNegated ? `(?!${choices})${anyCharacter}` : `(?:(?!/)${choices})`;
	}

	#classChoices(body: string): string {
		const choices: string[] = [];
		const characters = [...body];

		for (let index = 0; index < characters.length; index++) {
			const first = characters[index]!;
			const last = characters[index + 2];

			if (last === undefined || characters[index + 1] !== '-') {
				choices.push(literal(first));
				continue;
			}

			if (!isAscii(first + last) || first > last) {
				throw wrong(this.#pattern, `the range ${first}-${last} is not one of ASCII characters in order`);
			}

			choices.push(`[${hex(first)}-${hex(last)}]`);
			index += 2;
		}

		return `(?:${choices.join('|')})`;
	}

	/** `\xNN` is a byte, as in all text forms; any other character after a backslash stands for itself. */
	#escaped(): string {
		const byte = /^x[\da-f]{2}/iv.exec(this.#text.slice(this.#index));

		if (byte) {
			this.#index += 3;
			return `\\${byte[0].toLowerCase()}`;
		}

		if (this.#index >= this.#text.length) {
			throw wrong(this.#pattern, 'it ends in a lone backslash');
		}

		const character = String.fromCodePoint(this.#text.codePointAt(this.#index)!);
		this.#index += character.length;
		return literal(character);
	}

	parse(): string {
		const source = this.#sequence('');

		if (this.#index === this.#text.length) {
			return source;
		}

		throw wrong(this.#pattern, 'a } has no {');
	}
}

const hex = (character: string): string => String.raw`\x${character.codePointAt(0)!.toString(16).padStart(2, '0')}`;

const literal = (character: string): string => [...(isAscii(character) ? character : fromText(character))].map(byte => hex(byte)).join('');

const wrong = (pattern: string, reason: string): UserError =>
	new UserError(`The pattern "${pattern}" is not usable: ${reason}.`, {code: 'usage', hint: 'Use * and ? within a name, ** across folders, {a,b} and [abc].'});
