import {parseFullPath} from '../../../domain/full-path.ts';
import type {Rights} from '../../../domain/rights.ts';
import {Lines} from '../../components/lines.tsx';
import {useBodySize} from '../../components/size.ts';
import {useCompletion} from '../../fields/use-completion.ts';
import {useTextField} from '../../fields/use-text-field.ts';
import {showKey} from '../../keys/key-name.ts';
import {widthOf} from '../../look/fit.ts';
import {
	muted,
	textOf,
	toned,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {completePath} from './complete-path.ts';
import {pathProblem, verdictSpans} from './rights-rows.ts';
import type {RightsEvent} from './rights-state.ts';

export type RightsTesterProps = {
	readonly user: string;
	readonly question: string;
	readonly rights: Rights;
	readonly dispatch: (event: RightsEvent) => void;
};

/** A path that is typed, and whether it may be restored, at every key. */
export function RightsTester({user, question, rights, dispatch}: RightsTesterProps) {
	const {data} = useSession();
	const {width} = useBodySize();
	const {complete} = useCompletion(async text => completePath(data.listRightsPaths, text));

	const {line, replace, text} = useTextField({
		text: question,
		level: 'field',
		isModal: true,
		takesPaste: true,
		onChange(typed) {
			dispatch({type: 'asked', question: typed});
		},
		keys: {
			enter() {
				dispatch({type: 'askingEnded'});
			},
			escape() {
				dispatch({type: 'asked', question: ''});
				dispatch({type: 'askingEnded'});
			},
			tab(typed) {
				complete(typed, replace);
			},
		},
	});

	const start: Line = [toned('accent', ` may ${user} restore `), ...line];
	const verdict: Line = pathProblem(text) === undefined ? verdictSpans(rights, parseFullPath(text)) : [muted(` machine!plugin:/path  ${showKey('tab')} completes  ${showKey('enter')} keeps  ${showKey('escape')} clears`)];

	return <Lines lines={[[...start, ...clipTo(verdict, width - widthOf(textOf(start)))]]} width={width}/>;
}

/** The answer is short; where the path leaves no room for the rule, the word stays. */
const clipTo = (verdict: Line, room: number): Line => widthOf(textOf(verdict)) <= room ? verdict : verdict.slice(0, 1);
