import {changeRights, type RightsChange} from '../../../domain/rights-change.ts';
import {countOf} from '../../../domain/units.ts';
import {useAct} from '../../use-act.ts';
import {useDraft} from '../../use-draft.ts';
import {useSession} from '../../session.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';
import {RightsEditor} from './rights-editor.tsx';
import {
	editedRights,
	reduceRights,
	rightsCommands,
	startRights,
	type RightsEvent,
	type RightsState,
} from './rights-state.ts';
import {toRights} from './rights-parts.ts';
import {RightsWalk} from './rights-walk.tsx';

/** The restoration rights of a USER: changed as a draft, and saved at once. */
export function RightsScreen({user}: {readonly user: string}) {
	const {data} = useSession();
	const act = useAct();
	const [state, dispatch] = useRememberedReducer<RightsState, RightsEvent>('rights', reduceRights, () => startRights);
	const {error} = useLoaded('saved', async () => {
		const rights = toRights(await data.showRights(user));
		dispatch({type: 'loaded', rights});

		return rights;
	});
	const rights = editedRights(state);

	const change = (made: RightsChange) => {
		act(async () => {
			// Refused here, in words; the draft takes only what fits.
			changeRights(rights!, made);
			dispatch({type: 'changed', change: made});
		});
	};

	useDraft(state.changes.length === 0
		? undefined
		: {
			sentence: `${countOf(state.changes.length, 'change')} of the rights of ${user} would be lost.`,
			command: rightsCommands(user, state.changes),
			undo() {
				dispatch({type: 'undone'});
			},
		});

	const parts = {
		user, state, rights, dispatch, change,
	};

	return state.walk === undefined
		? <RightsEditor {...parts} error={error}/>
		: <RightsWalk key={state.walk} {...parts} place={state.walk}/>;
}
