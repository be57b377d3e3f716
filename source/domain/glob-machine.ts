/**
Tests paths against any number of parsed globs at once, in one pass and in a time that only the path's length decides: whoever names files cannot make it slow. The globs become a graph of
places that a match can stand at; the sets of places that occur become states as they are met, so that a character costs one look-up.
*/
import type {Piece} from './glob-parser.ts';
import {characterAt, slash, widthOf} from './raw-characters.ts';
import type {RawPath} from './raw-name.ts';

type Taker = {readonly id: number; readonly accepts: (character: number) => boolean; next: readonly Place[]};
/** Takes one character and goes on, parts into several, or is the end of a glob. */
type Place = {readonly type: 'take'; readonly taker: Taker} | {readonly type: 'part'; next: readonly Place[]} | {readonly type: 'end'};

/** The places that a match can stand at after what was read. */
type State = {readonly takers: readonly Taker[]; readonly isMatch: boolean; readonly next: Array<State | undefined>};

const end: Place = {type: 'end'};
/** More are forgotten and found again when they are met. */
const maxStates = 2000;
const asciiCount = 128;
/** All characters that no glob names. */
const otherClass = asciiCount;
const noCharacter = -1;

export class GlobMachine {
	readonly #begin: Place;
	/** By the ids of their takers. */
	readonly #states = new Map<string, State>();
	/** ASCII characters are classes of their own, as are others that a glob names. */
	readonly #classes = new Map<number, number>();
	/** One character of each class. */
	readonly #examples: number[] = [...Array.from({length: asciiCount}, (_, character) => character), noCharacter];
	#start: State;
	#lastId = 0;

	constructor(globs: ReadonlyArray<readonly Piece[]>) {
		this.#begin = {type: 'part', next: globs.map(pieces => this.#build(pieces, end))};
		this.#start = this.#stateOf([this.#begin]);
	}

	#build(pieces: readonly Piece[], after: Place): Place {
		let next = after;

		for (const piece of pieces.toReversed()) {
			next = this.#buildPiece(piece, next);
		}

		return next;
	}

	#buildPiece(piece: Piece, next: Place): Place {
		switch (piece.type) {
			case 'character': {
				return this.#buildCharacter(piece, next);
			}

			case 'star': {
				return this.#buildRepeated(character => character !== slash, next);
			}

			case 'stars': {
				return this.#buildRepeated(() => true, next);
			}

			case 'folders': {
				const folders = this.#buildRepeated(() => true, this.#take(character => character === slash, next));

				return {type: 'part', next: [folders, next]};
			}

			case 'alternatives': {
				return {type: 'part', next: piece.choices.map(choice => this.#build(choice, next))};
			}
		}
	}

	#buildCharacter({characters, isNegated}: Piece & {readonly type: 'character'}, next: Place): Place {
		for (const character of characters) {
			if (character < asciiCount || this.#classes.has(character)) {
				continue;
			}

			this.#classes.set(character, this.#examples.length);
			this.#examples.push(character);
		}

		return this.#take(isNegated ? character => character !== slash && !characters.has(character) : character => characters.has(character), next);
	}

	#buildRepeated(accepts: Taker['accepts'], next: Place): Place {
		const loop: Place = {type: 'part', next: []};
		loop.next = [this.#take(accepts, loop), next];

		return loop;
	}

	#take(accepts: Taker['accepts'], next: Place): Place {
		this.#lastId++;

		return {type: 'take', taker: {id: this.#lastId, accepts, next: [next]}};
	}

	#stateOf(places: readonly Place[]): State {
		const {takers, isMatch} = reach(places);
		const key = takers.map(({id}) => id).join(',') + (isMatch ? '!' : '');
		const known = this.#states.get(key);

		if (known) {
			return known;
		}

		const state: State = {takers, isMatch, next: []};
		this.#states.set(key, state);
		return state;
	}

	#step(state: State, characterClass: number): State {
		if (this.#states.size >= maxStates) {
			this.#states.clear();
			this.#start = this.#stateOf([this.#begin]);
		}

		const example = this.#examples[characterClass]!;
		const next = this.#stateOf(state.takers.filter(taker => taker.accepts(example)).flatMap(taker => taker.next));
		state.next[characterClass] = next;
		return next;
	}

	#run(path: RawPath, isFolderEnough: boolean): boolean {
		let state = this.#start;

		for (let index = 0; index < path.length;) {
			const character = characterAt(path, index);

			if (isFolderEnough && character === slash && state.isMatch) {
				return true;
			}

			const characterClass = character < asciiCount ? character : this.#classes.get(character) ?? otherClass;
			state = state.next[characterClass] ?? this.#step(state, characterClass);
			index += widthOf(character);

			if (state.takers.length === 0 && !state.isMatch) {
				return false;
			}
		}

		return state.isMatch;
	}

	/** Whether a glob matches this very path. */
	matches(path: RawPath): boolean {
		return this.#run(path, false);
	}

	/** Whether a glob matches this path or a folder that it lies in. */
	covers(path: RawPath): boolean {
		return this.#run(path, true);
	}
}

/** The takers that can be reached without taking anything, in one order. */
const reach = (places: readonly Place[]): Pick<State, 'takers' | 'isMatch'> => {
	const seen = new Set<Place>();
	const takers = new Set<Taker>();
	const open = [...places];
	let isMatch = false;

	for (let place = open.pop(); place; place = open.pop()) {
		if (seen.has(place)) {
			continue;
		}

		seen.add(place);

		if (place.type === 'take') {
			takers.add(place.taker);
		} else if (place.type === 'part') {
			open.push(...place.next);
		} else {
			isMatch = true;
		}
	}

	return {takers: [...takers].toSorted((left, right) => left.id - right.id), isMatch};
};
