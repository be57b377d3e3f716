import {isUnfinished} from '../../../domain/task-state.ts';
import type {TaskView} from '../../../domain/task-view.ts';
import {countOf} from '../../../domain/units.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {muted, plain, toned} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';

/** Forgets the ended tasks after a question; what runs and waits stays. Cut tasks are not all that have ended. */
export const useClear = (tasks: readonly TaskView[] | undefined, {isCut}: {readonly isCut: boolean}): Handler => {
	const {data, isReadOnly, actor, cleared} = useSession();
	const {confirm, notify} = useInterface();
	const reload = useReload();
	const act = useAct();
	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	if (actor.role === 'user') {
		return 'Only administrators and operators clear the queue.';
	}

	const ended = tasks?.filter(({state}) => !isUnfinished(state)) ?? [];

	if (ended.length === 0) {
		return 'No task has ended: there is nothing to clear.';
	}

	const problems = ended.filter(({state}) => state !== 'completed').length;

	return () => {
		act(async () => {
			const isAgreed = await confirm({
				title: 'Forget every task that has ended',
				lines: [
					[plain(`${isCut ? `These ${countOf(ended.length, 'task')} and all older ones,` : countOf(ended.length, 'task')} with log and result; what runs and waits stays.`)],
					[muted('What they backed up or restored stays. A restore that is forgotten cannot be rolled back.')],
					...(problems === 0 ? [] : [[toned('warning' as const, `${countOf(problems, 'of them was', 'of them were')} no success.`)]]),
				],
				act: 'forget them',
				command: 'holdfast queue clear',
			});

			if (!isAgreed) {
				return;
			}

			const forgotten = await data.clearTasks();

			for (const {id} of forgotten) {
				cleared.add(id);
			}

			reload();
			notify({text: `${countOf(forgotten.length, 'task')} forgotten.`, tone: 'good'});
		});
	};
};
