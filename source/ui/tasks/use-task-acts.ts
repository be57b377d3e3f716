import type {TaskView} from '../../domain/task-view.ts';
import {countOf} from '../../domain/units.ts';
import {UserError} from '../../errors.ts';
import {useInterface, type Confirmation} from '../interface.ts';
import type {Handler} from '../keys/focus-stack.ts';
import {muted, plain, type Line} from '../look/span.ts';
import {useSession} from '../session.ts';
import {firstLines} from '../overlays/first-lines.ts';
import {errorLines, useAct} from '../use-act.ts';
import {useReload, whyNotAbort, whyNotAgain} from './task-feed.tsx';
import {taskTitle} from './task-words.ts';

export type TaskActs = {readonly abort: Handler; readonly again: Handler};

type Asking = {
	readonly confirmation: Confirmation;
	readonly tasks: readonly TaskView[];
	readonly work: (id: string) => Promise<unknown>;
	/** What is told of so many. */
	readonly done: (count: number) => string;
};

/** Aborting tasks and running them again, each after a question: the marked ones, else the focused one. */
export const useTaskActs = (chosen: readonly TaskView[]): TaskActs => {
	const {data, isReadOnly} = useSession();
	const {confirm, notify, tell} = useInterface();
	const act = useAct();
	const reload = useReload();
	const [task] = chosen;

	if (isReadOnly || task === undefined) {
		const reason = isReadOnly ? 'Holdfast was started read-only.' : 'There is no task.';

		return {abort: reason, again: reason};
	}

	const ask = ({confirmation, tasks, work, done}: Asking) => () => {
		act(async () => {
			if (!await confirm(confirmation)) {
				return;
			}

			const refused: UserError[] = [];

			for (const {id} of tasks) {
				try {
					await work(id);
				} catch (error) {
					// One that ended meanwhile keeps none of the others.
					if (!(error instanceof UserError) || tasks.length === 1) {
						throw error;
					}

					refused.push(error);
				}
			}

			reload();

			if (refused[0] === undefined) {
				notify({text: done(tasks.length), tone: 'good'});
			} else {
				tell({title: `${countOf(refused.length, 'task')} of ${tasks.length}: this was not done`, lines: errorLines(refused[0])});
			}
		});
	};

	const stoppable = chosen.filter(each => whyNotAbort(each) === undefined);
	const repeatable = chosen.filter(each => whyNotAgain(each) === undefined);

	return {
		abort: stoppable.length === 0
			? whyNotAbort(task)!
			: ask({
				confirmation: {
					title: titleOf('Abort', stoppable),
					lines: [...listLines(stoppable, chosen), ...abortLines(stoppable)],
					act: stoppable.length === 1 ? 'abort it' : 'abort them',
					command: stoppable.map(({id}) => `holdfast queue abort ${id}`).join(' && '),
				},
				tasks: stoppable,
				work: async id => data.abortTask(id),
				done: count => count === 1 ? 'The task was asked to stop.' : `${countOf(count, 'task')} were asked to stop.`,
			}),
		again: repeatable.length === 0
			? whyNotAgain(task)!
			: ask({
				confirmation: {
					title: titleOf(repeatable.every(({state}) => state === 'pending') ? 'Key for' : 'Run again', repeatable),
					lines: [...listLines(repeatable, chosen), ...againLines(repeatable)],
					act: repeatable.every(({state}) => state === 'pending') ? 'give the key' : `run ${repeatable.length === 1 ? 'it' : 'them'} again`,
					command: repeatable.map(({id}) => `holdfast queue retry ${id}`).join(' && '),
				},
				tasks: repeatable,
				work: async id => data.retryTask(id),
				done: count => count === 1 ? 'The task is queued again.' : `${countOf(count, 'task')} are queued again.`,
			}),
	};
};

const titleOf = (what: string, tasks: readonly TaskView[]): string => `${what}: ${tasks.length === 1 ? taskTitle(tasks[0]!) : countOf(tasks.length, 'task')}`;

/** Exactly those that it is about, where they are several. */
const listLines = (tasks: readonly TaskView[], chosen: readonly TaskView[]): readonly Line[] => chosen.length === 1
	? []
	: [
		...firstLines(tasks, task => [plain(taskTitle(task)), muted(`  ${task.state}`)]),
		...(tasks.length < chosen.length ? [[muted(`Not ${countOf(chosen.length - tasks.length, 'other')} of the marked: that cannot be done with ${chosen.length - tasks.length === 1 ? 'it' : 'them'}.`)]] : []),
	];

const againLines = (tasks: readonly TaskView[]): readonly Line[] => [
	...(tasks.some(({state}) => state === 'pending') ? [[plain('What waits for a private key is given it.')]] : []),
	...(tasks.some(({state}) => state !== 'pending') ? [[plain('It is queued as it was asked for the first time.')]] : []),
];

const abortLines = (tasks: readonly TaskView[]): readonly Line[] => {
	const running = tasks.filter(({state}) => state === 'running');
	const isLive = running.some(({kind}) => kind === 'restore' || kind === 'rollback');

	return [
		...(running.length < tasks.length ? [[plain('What has not begun leaves nothing behind.')]] : []),
		...(running.some(({kind}) => kind !== 'restore' && kind !== 'rollback') ? [[plain(running.some(({kind}) => kind === 'backup') ? 'An aborted backup leaves nothing behind; the earlier ones stay.' : 'What it did by then stays; it can be run again.')]] : []),
		...(isLive
			? [
				[plain('What a restore wrote by then stays; the rest stays as it is.')] as const,
				[plain('Its result says what is back, half done and as before; R runs it again, U rolls it back.')] as const,
			]
			: []),
	];
};
