import {useEffect} from 'react';
import {isUnfinished} from '../../domain/task-state.ts';
import type {TaskView} from '../../domain/task-view.ts';
import type {Notice} from '../interface.ts';
import type {Tone} from '../look/span.ts';
import {useSession} from '../session.ts';
import {useTaskFeed} from './task-feed.tsx';
import {taskTitle} from './task-words.ts';

/** Tells how the tasks ended that were asked for here and then left alone. */
export const useOutcomes = (notify: (notice: Notice) => void): void => {
	const {asked} = useSession();
	const {tasks} = useTaskFeed();

	useEffect(() => {
		const ended = (tasks ?? []).filter(({id, state}) => !isUnfinished(state) && asked.delete(id));

		if (ended.length > 0) {
			notify(outcome(ended));
		}
	}, [tasks, asked, notify]);
};

const outcome = (ended: readonly TaskView[]): Notice => {
	const [worst] = ended.toSorted((one, other) => rank(one) - rank(other));
	const {title, tone} = {title: taskTitle(worst!), tone: toneOf(worst!)};
	const others = ended.length === 1 ? '' : ` and ${ended.length - 1} more`;

	return {text: `${title}${others}: ${worst!.state}.`, tone};
};

const toneOf = ({state}: TaskView): Tone => {
	if (state === 'completed') {
		return 'good';
	}

	return state === 'failed' || state === 'interrupted' ? 'bad' : 'warning';
};

const rank = (task: TaskView): number => ['bad', 'warning', 'good'].indexOf(toneOf(task));
