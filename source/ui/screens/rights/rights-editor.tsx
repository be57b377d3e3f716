import {parseFullPath} from '../../../domain/full-path.ts';
import {otherEffect} from '../../../domain/rights-change.ts';
import type {Effect} from '../../../domain/rights.ts';
import {countOf} from '../../../domain/units.ts';
import type {UserError} from '../../../errors.ts';
import {Lines} from '../../components/lines.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {firstShown, focusedRow} from '../../list/cursor.ts';
import {movingHandlers} from '../../list/use-list.ts';
import {clipStart} from '../../look/fit.ts';
import {showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {errorLines, useAct} from '../../use-act.ts';
import {useWhyNot} from '../../use-change.ts';
import {completePath} from './complete-path.ts';
import {RightsTester} from './rights-tester.tsx';
import {
	pathProblem,
	rightsLine,
	verdictLine,
	type RightsRow,
} from './rights-rows.ts';
import {rowsOf, type RightsState} from './rights-state.ts';
import type {RightsParts} from './rights-parts.ts';
import {useSaveRights} from './use-save-rights.ts';

const footerHeight = 4;

/** The exceptions as a tree, what is wrong with them, and the tester. */
export function RightsEditor({user, state, rights, dispatch, change, error}: RightsParts & {readonly error: UserError | undefined}) {
	const {data} = useSession();
	const {askText, leave} = useInterface();
	const {width, height} = useBodySize();
	const act = useAct();
	const rows = rowsOf(state);
	const focused = focusedRow(rows, state.cursor);
	const whyNot = useWhyNot(focused, 'rule');
	const whyNotSave = state.changes.length === 0 ? 'Nothing was changed.' : whyNot;
	const save = useSaveRights({
		user, state, rights, dispatch,
	});
	const shownCount = Math.max(1, height - footerHeight);

	const ask = (effect: Effect) => () => {
		act(async () => {
			const path = await askText({
				title: `${effect === 'allow' ? 'Allow' : 'Deny'} ${user} a path`,
				hint: 'machine!plugin:/path, such as web1!file:/home/alice. It may stop early (web1, web1!mysql); everything below is covered. No wildcards.',
				text: '',
				check: text => text === '' ? undefined : pathProblem(text),
				complete: async text => completePath(data.listRightsPaths, text),
			});

			if (path !== undefined && path !== '') {
				change({type: 'added', path, effect});
			}
		});
	};

	const keys = useKeys('rights', {
		...movingHandlers(movement => {
			dispatch({type: 'moved', movement, height: shownCount});
		}),
		out: leave,
		flip: whyNot ?? (() => {
			change(focused!.id === '' ? {type: 'default', effect: otherEffect(focused!.effect)} : {type: 'flipped', path: focused!.id});
		}),
		walk: whyNot ?? (() => {
			dispatch({type: 'walked', to: ''});
		}),
		allow: whyNot ?? ask('allow'),
		deny: whyNot ?? ask('deny'),
		remove: whyNot ?? (focused!.id === ''
			? 'The default rule stays; Enter turns it round.'
			: () => {
				change({type: 'removed', path: focused!.id});
			}),
		test() {
			dispatch({type: 'askingBegan'});
		},
		save: whyNotSave ?? save,
	});

	const first = firstShown(state.cursor, {rowCount: rows.count, height: shownCount});
	const shown = Array.from({length: Math.min(shownCount, rows.count - first)}, (_, index) => rightsLine(rows.at(first + index)!, first + index === state.cursor.index));

	return (
		<Screen info={infoLine(user, state)} keys={keys}>
			{rights === undefined
				? <Lines height={height} lines={[[], ...(error === undefined ? [[muted('   Reading the rights ...')]] : errorLines(error))]} width={width}/>
				: (
					<>
						<Lines height={shownCount} lines={shown} width={width}/>
						<Lines lines={[[], noteOf(focused)]} width={width}/>
						{state.isAsking
							? <RightsTester dispatch={dispatch} question={state.question} rights={rights} user={user}/>
							: <Lines lines={testedLines({user, state, rights}, focused, width)} width={width}/>}
					</>
				)}
		</Screen>
	);
}

const infoLine = (user: string, {saved, changes}: RightsState): Line => [
	muted(` what ${user} may see and restore`),
	...(saved !== undefined && changes.length > 0 ? [toned('warning', `   ${countOf(changes.length, 'change')} not saved`)] : []),
];

/** More about the focused row. */
const noteOf = (focused: RightsRow | undefined): Line => {
	if (focused === undefined || focused.id === '') {
		return [];
	}

	const {id, shadow} = focused;
	const isIdle = shadow !== undefined;
	const text = isIdle ? `no effect: everything below ${showSentence(shadow)} is denied, and no allow opens it again` : showSentence(id);

	return [{text: ` ${text}`, tone: isIdle ? 'warning' : 'plain', isMuted: !isIdle}];
};

/** The last question, else the focused path; and the answer, which follows every change. */
const testedLines = ({user, state, rights}: Pick<RightsParts, 'user' | 'state' | 'rights'>, focused: RightsRow | undefined, width: number): readonly Line[] => {
	const path = pathProblem(state.question) === undefined ? state.question : focused?.id ?? '';

	if (path === '') {
		return [[muted(' t asks whether a path may be restored')], []];
	}

	const start = ` may ${user} restore `;

	return [[muted(start), plain(`${clipStart(showSentence(path), width - start.length - 2)}?`)], verdictLine(rights!, parseFullPath(path))];
};
