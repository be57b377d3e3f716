import {
	editText,
	pasteText,
	startText,
	typedText,
	type TextState,
} from '../../fields/text-state.ts';

export type SignInField = 'name' | 'password';

export type SignInState = {
	readonly texts: Readonly<Record<SignInField, TextState>>;
	readonly focused: SignInField;
	/** Who started it said who it is. */
	readonly isNameFixed: boolean;
	/** Why the last attempt failed. */
	readonly problem: string | undefined;
	/** What is being looked at; meanwhile nothing is typed. */
	readonly attempt: {readonly name: string; readonly password: string} | undefined;
};

export type SignInEvent =
	| {readonly type: 'pressed'; readonly key: string}
	| {readonly type: 'pasted'; readonly text: string}
	| {readonly type: 'failed'; readonly problem: string};

export const startSignIn = (name: string | undefined): SignInState => ({
	texts: {name: startText(name ?? ''), password: startText('')},
	focused: name === undefined ? 'name' : 'password',
	isNameFixed: name !== undefined,
	problem: undefined,
	attempt: undefined,
});

export const reduceSignIn = (state: SignInState, event: SignInEvent): SignInState => {
	if (event.type === 'failed') {
		return {
			...state, texts: {...state.texts, password: startText('')}, focused: 'password', problem: event.problem, attempt: undefined,
		};
	}

	if (state.attempt !== undefined) {
		return state;
	}

	const {texts, focused} = state;

	return event.type === 'pasted' ? write(state, pasteText(texts[focused], event.text)) : press(state, event.key);
};

const press = (state: SignInState, key: string): SignInState => {
	const {texts, focused, isNameFixed} = state;

	switch (key) {
		case 'enter': {
			return enter(state);
		}

		case 'tab':
		case 'shift-tab':
		case 'up':
		case 'down': {
			return isNameFixed ? state : {...state, focused: focused === 'name' ? 'password' : 'name'};
		}

		case 'escape': {
			return write(state, startText(''));
		}

		default: {
			const edited = editText(texts[focused], key);

			return edited === undefined ? state : write(state, edited);
		}
	}
};

const enter = (state: SignInState): SignInState => {
	const {texts, focused} = state;

	if (focused === 'name') {
		return {...state, focused: 'password'};
	}

	const attempt = {name: typedText(texts.name), password: typedText(texts.password)};

	return attempt.name === '' ? {...state, focused: 'name'} : {...state, attempt, problem: undefined};
};

const write = (state: SignInState, text: TextState): SignInState => ({...state, texts: {...state.texts, [state.focused]: text}});
