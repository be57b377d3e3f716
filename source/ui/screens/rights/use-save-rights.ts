import {useInterface} from '../../interface.ts';
import {showSentence} from '../../look/name.ts';
import {toned, type Line} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {toRights, type RightsParts} from './rights-parts.ts';
import {rightsRows} from './rights-rows.ts';
import {rightsCommands} from './rights-state.ts';

/** Saves what was changed, all of it or nothing; warns before an allow that has no effect. */
export const useSaveRights = ({user, state, rights, dispatch}: Pick<RightsParts, 'user' | 'state' | 'rights' | 'dispatch'>): (() => void) => {
	const {data} = useSession();
	const {confirm, notify} = useInterface();
	const reload = useReload();
	const act = useAct();

	return () => {
		act(async () => {
			const idle = rightsRows(rights!).filter(({shadow}) => shadow !== undefined);
			const isAgreed = idle.length === 0 || await confirm({
				title: `Save rights of ${user} that have no effect`,
				lines: idle.map(({id, shadow}): Line => [toned('warning', showSentence(`${id}: denied by ${shadow!}`))]),
				act: 'save them all the same',
				command: rightsCommands(user, state.changes),
			});

			if (!isAgreed) {
				return;
			}

			dispatch({type: 'saved', rights: toRights(await data.saveRights(user, state.changes))});
			reload();
			notify({text: `The rights of ${user} are saved; they hold at once.`, tone: 'good'});
		});
	};
};
