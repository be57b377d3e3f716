import {Box, useInput, usePaste} from 'ink';
import {useEffect, useEffectEvent, useReducer} from 'react';
import {UserError} from '../../../errors.ts';
import {Lines} from '../../components/lines.tsx';
import {Panel} from '../../components/panel.tsx';
import {useScreenSize} from '../../components/size.ts';
import {isLikelyPaste, splitKeys} from '../../keys/key-input.ts';
import {showKey} from '../../keys/key-name.ts';
import {glyph} from '../../look/appearance.ts';
import {clipStart, fit, wrapWords} from '../../look/fit.ts';
import {showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
} from '../../look/span.ts';
import {
	reduceSignIn,
	startSignIn,
	type SignInField,
	type SignInState,
} from './sign-in-state.ts';

export type SignInScreenProps = {
	/** Who it is, where that was said already. */
	readonly name: string | undefined;
	/** Lets in, or throws a `UserError`. */
	readonly onSignIn: (credentials: {readonly name: string; readonly password: string}) => Promise<void>;
	readonly onLeave: () => void;
	readonly onBug: (error: unknown) => void;
};

const labelWidth = 16;
const panelWidth = 52;

/** Who is it? Nothing of the server is shown before that is known; what is wrong is said, and asked again. */
export function SignInScreen({name, onSignIn, onLeave, onBug}: SignInScreenProps) {
	const {width, height} = useScreenSize();
	const [state, dispatch] = useReducer(reduceSignIn, name, startSignIn);
	const {attempt} = state;

	const check = useEffectEvent(async (credentials: NonNullable<SignInState['attempt']>) => {
		try {
			await onSignIn(credentials);
		} catch (error) {
			if (error instanceof UserError) {
				dispatch({type: 'failed', problem: showSentence([error.message, error.hint].join(' '))});
			} else {
				onBug(error);
			}
		}
	});

	useEffect(() => {
		if (attempt !== undefined) {
			void check(attempt);
		}
	}, [attempt]);

	useInput((input, flags) => {
		const keys = splitKeys(input, flags);

		if (isLikelyPaste(keys)) {
			dispatch({type: 'pasted', text: input});
			return;
		}

		for (const key of keys) {
			if (key === 'ctrl-c') {
				onLeave();
				return;
			}

			dispatch({type: 'pressed', key});
		}
	});

	usePaste(text => {
		dispatch({type: 'pasted', text});
	});

	const header: Line = [{text: ' holdfast', tone: 'accent', isStrong: true}, plain(` ${glyph('separator')} `), strong('sign in')];

	return (
		<Box flexDirection='column' height={height} width={width}>
			<Lines height={height} lines={[header]} width={width}/>
			<Panel lines={linesOf(state)} title='Who is it?' width={Math.min(panelWidth, width - 8)}/>
		</Box>
	);
}

const linesOf = (state: SignInState): readonly Line[] => [
	fieldLine('Holdfast user', 'name', state),
	fieldLine('Password', 'password', state),
	[],
	...wrapWords(remarkOf(state), panelWidth - 2).map((text): Line => [state.problem === undefined ? muted(text) : toned('bad', text)]),
	[],
	[
		strong(showKey('enter')),
		plain(' sign in  '),
		...state.isNameFixed ? [] : [strong(showKey('tab')), plain(' other line  ')],
		strong(showKey('ctrl-c')),
		plain(' leave'),
	],
];

const remarkOf = ({problem, attempt}: SignInState): string => attempt === undefined ? problem ?? 'Nobody is trusted here: say who you are to Holdfast.' : 'Looking at it ...';

const fieldLine = (label: string, field: SignInField, {texts, focused, attempt}: SignInState): Line => {
	const {graphemes, caret} = texts[field];
	const shown = field === 'password' ? graphemes.map(() => '*') : graphemes;
	const room = panelWidth - labelWidth - 4;

	return [
		muted(fit(label, labelWidth)),
		plain(clipStart(shown.slice(0, caret).join(''), room)),
		...focused === field && attempt === undefined
			? [{text: shown[caret] ?? ' ', isInverse: true}, plain(shown.slice(caret + 1).join(''))]
			: [plain(shown.slice(caret).join(''))],
	];
};
