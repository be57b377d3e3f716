import {parseFullPath} from '../../../domain/full-path.ts';
import type {Rights} from '../../../domain/rights.ts';
import {Lines} from '../../components/lines.tsx';
import {useBodySize} from '../../components/size.ts';
import {useCompletion} from '../../fields/use-completion.ts';
import {fitField, useTextField} from '../../fields/use-text-field.ts';
import {showKey} from '../../keys/key-name.ts';
import {showSentence} from '../../look/name.ts';
import {muted, toned, type Line} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {completePath} from './complete-path.ts';
import {pathProblem, verdictLine} from './rights-rows.ts';
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
	const {candidates, complete} = useCompletion(async text => completePath(data.listRightsPaths, text));

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

	const answer: Line = pathProblem(text) === undefined
		? verdictLine(rights, parseFullPath(text))
		: [muted(` machine!plugin:/path   ${showKey('tab')} completes   ${showKey('enter')} keeps   ${showKey('escape')} clears`)];

	const start = ` may ${user} restore `;

	return <Lines lines={[[toned('accent', start), ...fitField(line, width - start.length - 1)], candidates.length === 0 ? answer : [...answer, muted(`   ${candidates.map(candidate => showSentence(candidate.slice(candidate.lastIndexOf('/') + 1))).join('  ')}`)]]} width={width}/>;
}
