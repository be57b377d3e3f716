import type {Backup} from '../../domain/backup.ts';
import type {Finding} from '../../domain/item.ts';
import {sumSummaries, type StepTotal} from '../../domain/restore.ts';
import {decideTaskState} from '../../domain/task-state.ts';
import type {Task, TaskError} from '../../domain/task.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import type {Restored} from './restored.ts';

export type RestoredItems = {
	readonly restored: readonly Restored[];
	readonly safety: Backup | undefined;
	/** What was met beside the items. */
	readonly ending: readonly Finding[];
};

/** What a restore or a rollback came to, computed from every part. */
export const restoreOutcome = (task: Pick<Task, 'id'>, {restored, safety, ending}: RestoredItems): TaskOutcome => {
	const items = restored.map(({item}) => item);
	const decided = decideTaskState(items);
	const state = decided === 'completed' && ending.some(({level}) => level === 'problem') ? 'partial' : decided;

	return {
		...emptyOutcome,
		state,
		items,
		summary: sumSummaries(restored.map(({summary}) => summary)),
		findings: [...ending, ...noteOf(safety), ...restored.flatMap(({findings}) => findings)].toSorted((left, right) => Number(right.level === 'problem') - Number(left.level === 'problem')),
		error: describeError(task, restored, state === 'failed' ? 'failed' : 'partial') ?? describeEnding(ending),
		denied: sumDenied(restored),
	};
};

const noteOf = (safety: Backup | undefined): readonly Finding[] => safety?.status === 'partial'
	? [{level: 'note', path: '', message: `not everything could be read for the safety backup ${safety.id}: "holdfast backup show ${safety.id}"`}]
	: [];

const describeEnding = (ending: readonly Finding[]): TaskError | null => {
	const first = ending.find(({level}) => level === 'problem');

	return first === undefined ? null : {code: 'partial', message: `Not all could be done: ${first.message}.`, hint: 'What is left is for your hands.'};
};

const sumDenied = (restored: readonly Restored[]): StepTotal | null => {
	const denied = restored.flatMap(each => each.denied ?? []);

	return denied.length === 0 ? null : {count: denied.reduce((sum, {count}) => sum + count, 0), bytes: denied.reduce((sum, {bytes}) => sum + bytes, 0)};
};

/** Damage is told first. */
const describeError = ({id}: Pick<Task, 'id'>, restored: readonly Restored[], code: 'failed' | 'partial'): TaskError | null => {
	const failed = restored.filter(({error}) => error !== null).toSorted((left, right) => Number(right.isDamageMet) - Number(left.isDamageMet));
	const [first] = failed;

	if (first === undefined) {
		return null;
	}

	const message = failed.map(({error}) => error!).join(' ');

	return first.isDamageMet
		? {code: 'damaged', message, hint: `Each is named with "holdfast queue show ${id}"; another backup may hold them whole. What else is damaged tells "holdfast backup verify --read-data".`}
		: {code, message, hint: `Each is named with "holdfast queue show ${id}".`};
};
