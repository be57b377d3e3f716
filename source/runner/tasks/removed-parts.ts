import {decideItemStatus, type Finding, type PartResult} from '../../domain/item.ts';
import {toScreen} from '../../domain/raw-name.ts';
import {addTotals} from '../../domain/restore.ts';
import type {Restored} from './restored.ts';

/** What restoring an item came to, with the parts of it that were removed. */
export const withRemoved = (restored: Restored, removed: readonly PartResult[]): Restored => {
	const {name} = restored.item;
	const failed = removed.filter(({status}) => status === 'failed');
	const parts = [...restored.item.parts, ...removed];
	const [first] = failed;

	return {
		...restored,
		item: {
			...restored.item, status: decideItemStatus(parts), parts, error: restored.item.error ?? first?.error ?? null,
		},
		summary: {
			...restored.summary,
			deleted: addTotals(restored.summary.deleted, {count: removed.length - failed.length, bytes: 0}),
			failed: addTotals(restored.summary.failed, {count: failed.length, bytes: 0}),
		},
		findings: [...restored.findings, ...failed.map((part): Finding => ({level: 'problem', path: '', message: `${name}:${toScreen(part.name)} could not be removed: ${part.error!}`}))],
		error: restored.error ?? (first === undefined ? null : `${name}:${toScreen(first.name)} could not be removed: ${first.error!}.`),
	};
};
