import {useReducer} from 'react';
import {useFocusLayer} from '../keys/use-keys.ts';
import type {FocusLevel} from '../keys/focus-stack.ts';
import {clipStart, widthOf} from '../look/fit.ts';
import {textOf, type Line} from '../look/span.ts';
import {useInterface, type SecretText} from '../interface.ts';
import {
	editText,
	pasteText,
	startText,
	typedText,
	type TextState,
} from './text-state.ts';

export type TextFieldOptions = {
	readonly text: string;
	readonly level: FocusLevel;
	/** Whether keys that do nothing to the text go no further. */
	readonly isModal: boolean;
	/** Whether a paste goes into the text; where something must be typed knowingly it does not. */
	readonly takesPaste: boolean;
	readonly onChange?: ((text: string) => void) | undefined;
	/** A password, or a text that is one if this says so: dots are shown. */
	readonly isSecret?: SecretText | undefined;
	/** Keys that are not text: Enter, Escape, Tab, and what the list below should still hear is left out. */
	readonly keys: Readonly<Record<string, (text: string) => void>>;
};

export type TextField = {
	readonly text: string;
	/** The caret shown. */
	readonly line: Line;
	/** Puts another text in its place. */
	readonly replace: (text: string) => void;
};

/** A line of text that is typed. */
export const useTextField = ({text, level, isModal, takesPaste, onChange, isSecret = false, keys}: TextFieldOptions): TextField => {
	const {notify} = useInterface();
	const [state, setState] = useReducer((_: TextState, next: TextState) => next, text, startText);

	const change = (next: TextState) => {
		setState(next);

		if (typedText(next) !== typedText(state)) {
			onChange?.(typedText(next));
		}
	};

	useFocusLayer({
		level,
		name: undefined,
		handlers: {},
		isModal,
		isRepeatable: key => key === 'backspace',
		take(key, count) {
			const act = keys[key];

			if (act !== undefined) {
				act(typedText(state));
				return true;
			}

			const edited = isVertical(key) ? undefined : editText(state, key, count);

			if (edited !== undefined) {
				change(edited);
			}

			return edited !== undefined;
		},
		paste(pasted) {
			if (takesPaste) {
				change(pasteText(state, pasted));
			} else {
				notify({text: 'This has to be typed: a paste is not taken.', tone: 'warning'});
			}
		},
	});

	return {
		text: typedText(state),
		line: caretLine(isHidden(isSecret, state) ? {...state, graphemes: state.graphemes.map(() => '*')} : state),
		replace(next) {
			change(startText(next));
		},
	};
};

const isHidden = (isSecret: SecretText, state: TextState): boolean => typeof isSecret === 'function' ? isSecret(typedText(state)) : isSecret;

const isVertical = (key: string): boolean => ['up', 'down', 'pageup', 'pagedown'].includes(key);

const caretLine = ({graphemes, caret}: TextState): Line => [
	{text: graphemes.slice(0, caret).join('')},
	{text: graphemes[caret] ?? ' ', isInverse: true},
	{text: graphemes.slice(caret + 1).join('')},
];

/** The end of a line that is typed, where it is longer than `width` cells: that is where the caret mostly stands. */
export const fitField = (line: Line, width: number): Line => {
	const [before, ...rest] = line;

	if (before === undefined) {
		return [];
	}

	const room = Math.max(1, width - widthOf(textOf(rest)));

	return [{...before, text: clipStart(before.text, room)}, ...rest];
};
