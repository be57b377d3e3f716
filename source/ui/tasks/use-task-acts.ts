import type {TaskView} from '../../domain/task-view.ts';
import {useInterface, type Confirmation} from '../interface.ts';
import type {Handler} from '../keys/focus-stack.ts';
import {plain, type Line} from '../look/span.ts';
import {useSession} from '../session.ts';
import {useAct} from '../use-act.ts';
import {useReload, whyNotAbort, whyNotAgain} from './task-feed.tsx';
import {taskTitle} from './task-words.ts';

export type TaskActs = {readonly abort: Handler; readonly again: Handler};

/** Aborting a task and running it again, each after a question. */
export const useTaskActs = (task: TaskView | undefined): TaskActs => {
	const {data, isReadOnly} = useSession();
	const {confirm, notify} = useInterface();
	const act = useAct();
	const reload = useReload();

	if (isReadOnly || task === undefined) {
		const reason = isReadOnly ? 'Holdfast was started read-only.' : 'There is no task.';

		return {abort: reason, again: reason};
	}

	const ask = (confirmation: Confirmation, work: () => Promise<unknown>, sentence: string) => () => {
		act(async () => {
			if (!await confirm(confirmation)) {
				return;
			}

			await work();
			reload();
			notify({text: sentence, tone: 'good'});
		});
	};

	return {
		abort: whyNotAbort(task) ?? ask({
			title: `Abort: ${taskTitle(task)}`,
			lines: abortLines(task),
			act: 'abort it',
			command: `holdfast queue abort ${task.id}`,
		}, async () => data.abortTask(task.id), 'The task was asked to stop.'),
		again: whyNotAgain(task) ?? ask({
			title: `${task.state === 'pending' ? 'Key for' : 'Run again'}: ${taskTitle(task)}`,
			lines: [[plain(task.state === 'pending' ? 'It is given the private key that it waits for.' : 'It is queued as it was asked for the first time.')]],
			act: task.state === 'pending' ? 'give the key' : 'run it again',
			command: `holdfast queue retry ${task.id}`,
		}, async () => data.retryTask(task.id), 'The task is queued again.'),
	};
};

const abortLines = ({kind, state}: TaskView): readonly Line[] => {
	if (state === 'pending') {
		return [[plain('It has not begun; nothing is left behind.')]];
	}

	return kind === 'restore' || kind === 'rollback'
		? [[plain('What was restored by then stays; the rest stays as it is.')], [plain('It can be run again.')]]
		: [[plain('An aborted backup leaves nothing behind; the earlier ones stay.')]];
};
