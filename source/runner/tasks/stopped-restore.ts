import type {Backup} from '../../domain/backup.ts';
import type {ItemName, ItemResult} from '../../domain/item.ts';
import {sumSummaries} from '../../domain/restore.ts';
import type {Task} from '../../domain/task.ts';
import {countOf} from '../../domain/units.ts';
import type {StopReason} from '../lanes.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import type {Restored} from './restored.ts';

export type StoppedRestore = {
	readonly signal: AbortSignal;
	/** What was done by then; the last one may be cut short. */
	readonly restored: readonly Restored[];
	/** Of what was chosen, in the order in which it is done. */
	readonly names: readonly ItemName[];
	/** What was being done, where nothing tells how far it came. */
	readonly underWay?: ItemName;
	readonly safety: Backup | undefined;
	/** A sentence about what stays on the server. */
	readonly left?: string | undefined;
};

/** What a restore or a rollback came to that was stopped on its way: what is back, what is half done, and what is as it was. */
export const stoppedRestore = ({id, kind}: Pick<Task, 'id' | 'kind'>, {signal, restored, names, underWay, safety, left}: StoppedRestore): TaskOutcome => {
	const reason = signal.reason as StopReason;
	const begun = new Set([...restored.map(({item}) => item.name), ...underWay === undefined ? [] : [underWay]]);
	const untouched = names.filter(name => !begun.has(name));
	const whole = restored.filter(({item, isCutShort}) => item.status === 'complete' && isCutShort !== true).map(({item}) => item.name);
	const half = restored.filter(({item, isCutShort}) => isCutShort === true && item.status !== 'failed').map(done => describeHalf(done));
	const told: ReadonlyArray<readonly [string, readonly string[]]> = [
		['Back', whole],
		['Half done', half],
		['Broken off at', underWay === undefined ? [] : [underWay]],
		['Not back', restored.filter(({item}) => item.status === 'failed').map(({item, error}) => `${item.name} (${(error ?? 'it failed').replace(/\.$/v, '')})`)],
		['Partly back', restored.filter(({item, isCutShort}) => item.status === 'partial' && isCutShort !== true).map(({item}) => item.name)],
		['As before', untouched],
	];
	const sentences = told.flatMap(([what, which]) => which.length === 0 ? [] : [`${what}: ${which.join(', ')}.`]);

	return {
		...emptyOutcome,
		state: reason,
		items: [...restored.map(({item}) => item), ...names.filter(name => name === underWay || untouched.includes(name)).map(name => notDone(name, name === underWay))],
		summary: sumSummaries(restored.map(({summary}) => summary)),
		findings: restored.flatMap(({findings}) => findings),
		error: {
			code: 'interrupted',
			message: [`The ${kind} was ${reason === 'aborted' ? 'aborted' : 'interrupted: the runner was told to end'}.`, ...sentences, ...left === undefined ? [] : [left]].join(' '),
			hint: `Run it again with "holdfast queue retry ${id}": what is right already is kept.${safety === undefined ? '' : ` "holdfast rollback ${id}" brings back what was live before.`}`,
		},
	};
};

const describeHalf = ({item, summary: {created, overwritten}}: Restored): string => `${item.name} (${countOf(created.count + overwritten.count, 'entry', 'entries')} written, the rest is as before)`;

const notDone = (name: ItemName, isUnderWay: boolean): ItemResult => ({
	name, status: isUnderWay ? 'partial' : 'skipped', parts: [], sizeBytes: 0, fileCount: 0, error: isUnderWay ? 'It was cut short.' : null,
});
