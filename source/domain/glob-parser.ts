import {UserError} from '../errors.ts';
import {charactersOf, slash} from './raw-characters.ts';

/** One part of a parsed glob. */
export type Piece =
	/** One character: one of these, or any but these and the slash. */
	| {readonly type: 'character'; readonly characters: ReadonlySet<number>; readonly isNegated: boolean}
	/** Any characters within a name. */
	| {readonly type: 'star'}
	/** Any characters, across folders. */
	| {readonly type: 'stars'}
	/** No folder, or any folders, each with its slash. */
	| {readonly type: 'folders'}
	| {readonly type: 'alternatives'; readonly choices: ReadonlyArray<readonly Piece[]>};

const anyCharacter: Piece = {type: 'character', characters: new Set(), isNegated: true};

export const wrongPattern = (pattern: string, reason: string): UserError =>
	new UserError(`The pattern "${pattern}" is not usable: ${reason}.`, {code: 'usage', hint: 'Use * and ? within a name, ** across folders, {a,b} and [abc].'});

/** Reads a glob from left to right. */
export class GlobParser {
	readonly #pattern: string;
	readonly #text: string;
	#index = 0;

	/** `text` is what is parsed of `pattern`. */
	constructor(pattern: string, text: string) {
		this.#pattern = pattern;
		this.#text = text;
	}

	/** Up to one of `ends`, or the end. */
	#sequence(ends: string): Piece[] {
		const pieces: Piece[] = [];

		while (this.#index < this.#text.length && !(ends + '}').includes(this.#text[this.#index]!)) {
			pieces.push(...this.#pieces());
		}

		return pieces;
	}

	#pieces(): readonly Piece[] {
		const character = String.fromCodePoint(this.#text.codePointAt(this.#index)!);
		this.#index += character.length;

		switch (character) {
			case '*': {
				return [this.#stars()];
			}

			case '?': {
				return [anyCharacter];
			}

			case '{': {
				return [this.#alternatives()];
			}

			case '[': {
				return [this.#characterClass()];
			}

			case '\\': {
				return this.#escaped();
			}

			default: {
				return [literal(character.codePointAt(0)!)];
			}
		}
	}

	#stars(): Piece {
		if (this.#text[this.#index] !== '*') {
			return {type: 'star'};
		}

		const isStartOfName = this.#index === 1 || this.#text[this.#index - 2] === '/';

		while (this.#text[this.#index] === '*') {
			this.#index++;
		}

		// Between slashes `**` may also stand for no folder at all.
		if (isStartOfName && this.#text[this.#index] === '/') {
			this.#index++;
			return {type: 'folders'};
		}

		return {type: 'stars'};
	}

	#alternatives(): Piece {
		const choices: Piece[][] = [];

		do {
			choices.push(this.#sequence(','));
		} while (this.#text[this.#index++] === ',');

		if (this.#text[this.#index - 1] !== '}') {
			throw wrongPattern(this.#pattern, 'a { has no }');
		}

		return {type: 'alternatives', choices};
	}

	#characterClass(): Piece {
		const end = this.#text.indexOf(']', this.#index + 1);

		if (end === -1) {
			throw wrongPattern(this.#pattern, 'a [ has no ]');
		}

		const body = this.#text.slice(this.#index, end);
		this.#index = end + 1;
		const isNegated = body.startsWith('!') || body.startsWith('^');

		return {type: 'character', characters: this.#classOf(isNegated ? body.slice(1) : body), isNegated};
	}

	#classOf(body: string): ReadonlySet<number> {
		const chosen = new Set<number>();
		const characters = Array.from(body, character => character.codePointAt(0)!);

		for (let index = 0; index < characters.length; index++) {
			const first = characters[index]!;
			const end = characters[index + 2];
			const isRange = end !== undefined && characters[index + 1] === hyphen;
			const last = isRange ? end : first;

			if (isRange && (first > last || last > lastAscii)) {
				throw wrongPattern(this.#pattern, `the range ${String.fromCodePoint(first)}-${String.fromCodePoint(last)} is not one of ASCII characters in order`);
			}

			for (let character = first; character <= last; character++) {
				chosen.add(character);
			}

			index += isRange ? 2 : 0;
		}

		// A class never stands for the slash between names.
		chosen.delete(slash);
		return chosen;
	}

	/** `\xNN` is a byte, as in all text forms; any other character after a backslash stands for itself. */
	#escaped(): readonly Piece[] {
		const bytes = /^x[\da-f]{2}(?:\\x[\da-f]{2})*/iv.exec(this.#text.slice(this.#index))?.[0];

		if (bytes !== undefined) {
			this.#index += bytes.length;
			const raw = bytes.replaceAll(/\\?x(?<hex>[\da-f]{2})/giv, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));

			return charactersOf(raw).map(character => literal(character));
		}

		const character = this.#text.codePointAt(this.#index);

		if (character === undefined) {
			throw wrongPattern(this.#pattern, 'it ends in a lone backslash');
		}

		this.#index += String.fromCodePoint(character).length;
		return [literal(character)];
	}

	parse(): Piece[] {
		const pieces = this.#sequence('');

		if (this.#index === this.#text.length) {
			return pieces;
		}

		throw wrongPattern(this.#pattern, 'a } has no {');
	}
}

const hyphen = 45;
const lastAscii = 0x7F;

const literal = (character: number): Piece => ({type: 'character', characters: new Set([character]), isNegated: false});
