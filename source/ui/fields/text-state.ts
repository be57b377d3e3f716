import {graphemesOf} from '../look/fit.ts';
import {textOfKey} from '../keys/key-input.ts';

/** A line being typed, in graphemes; the caret stands before `caret`. */
export type TextState = {readonly graphemes: readonly string[]; readonly caret: number};

export const startText = (text: string): TextState => ({graphemes: graphemesOf(text), caret: graphemesOf(text).length});

export const typedText = ({graphemes}: TextState): string => graphemes.join('');

/** A paste goes in as one line without control characters. */
export const pasteText = (state: TextState, text: string): TextState => insert(state, graphemesOf(text.replaceAll(/\p{Control}+/gv, ' ').trim()));

/** What a key pressed `count` times makes of a text; `undefined` when it does nothing to one. */
export const editText = (state: TextState, key: string, count = 1): TextState | undefined => {
	const edit = edits[key];

	if (edit !== undefined) {
		let edited = state;

		for (let pressed = 0; pressed < count; pressed++) {
			edited = edit(edited);
		}

		return edited;
	}

	const typed = textOfKey(key);

	return typed === undefined ? undefined : insert(state, Array.from({length: count}, () => typed));
};

const insert = ({graphemes, caret}: TextState, added: readonly string[]): TextState => ({
	graphemes: graphemes.toSpliced(caret, 0, ...added),
	caret: caret + added.length,
});

const moveTo = (state: TextState, caret: number): TextState => ({...state, caret: Math.max(0, Math.min(caret, state.graphemes.length))});

const remove = ({graphemes, caret}: TextState, start: number): TextState => ({
	graphemes: graphemes.toSpliced(Math.max(0, start), caret - Math.max(0, start)),
	caret: Math.max(0, start),
});

const wordStart = ({graphemes, caret}: TextState): number => {
	let start = caret;

	while (start > 0 && graphemes[start - 1] === ' ') {
		start--;
	}

	while (start > 0 && graphemes[start - 1] !== ' ') {
		start--;
	}

	return start;
};

const edits: Readonly<Record<string, (state: TextState) => TextState>> = {
	backspace: state => remove(state, state.caret - 1),
	delete: state => ({...state, graphemes: state.graphemes.toSpliced(state.caret, 1)}),
	left: state => moveTo(state, state.caret - 1),
	right: state => moveTo(state, state.caret + 1),
	home: state => moveTo(state, 0),
	end: state => moveTo(state, state.graphemes.length),
	'ctrl-a': state => moveTo(state, 0),
	'ctrl-e': state => moveTo(state, state.graphemes.length),
	'ctrl-u': state => remove(state, 0),
	'ctrl-w': state => remove(state, wordStart(state)),
};
