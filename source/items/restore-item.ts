/** Puts the parts of an item back from a folder that they were brought out of a backup into. */
import {
	decideItemStatus,
	type Finding,
	type ItemResult,
	type PartResult,
} from '../domain/item.ts';
import type {RestoreStep} from '../domain/restore.ts';
import {joinRaw, type RawPath} from '../domain/raw-name.ts';
import {LeftError} from './databases/with-ending.ts';
import {describeFailure} from './describe-failure.ts';
import type {
	Item,
	ItemContext,
	PartPlan,
	RestoreContext,
} from './item.ts';
import {partFolder} from './part-folder.ts';
import {broughtPart} from './remove-parts.ts';

export type RestoreItemOptions = ItemContext & {
	/** Holds a folder for each part. */
	readonly folder: RawPath;
	readonly parts: readonly string[];
	readonly isMerge: boolean;
	readonly isReplacing: boolean;
	/** Holds what a restore brought that is undone, a folder for each part. */
	readonly brought?: RawPath | undefined;
	/** Told of each part, as an operator would choose it, before it is put back. */
	readonly onPart?: ((part: string, path: string) => void) | undefined;
};

export type PlannedPart = {readonly step: RestoreStep; readonly plan: PartPlan | undefined};

/** What would become of each part. One that cannot be planned is told as kept, with the reason. */
export const planItem = async (item: Item, options: RestoreItemOptions): Promise<readonly PlannedPart[]> => {
	const planned: PlannedPart[] = [];

	for (const part of options.parts) {
		const path = nameOf(item, part);

		try {
			const plan = await item.plan(contextOf(part, options));
			planned.push({step: {path, action: plan.action, reason: plan.reason}, plan});
		} catch (error) {
			options.signal.throwIfAborted();
			planned.push({step: {path, action: 'keep', reason: `cannot be restored: ${(error as Error).message}`}, plan: undefined});
		}
	}

	return planned;
};

export type RestoredItem = {
	readonly result: ItemResult;
	readonly findings: readonly Finding[];
	/** What was done with each part, where it was done. */
	readonly plans: readonly PartPlan[];
};

/** Puts each part back and checks it. A part that fails is told, and keeps none of the others from coming back. */
export const restoreItem = async (item: Item, options: RestoreItemOptions): Promise<RestoredItem> => {
	const parts: PartResult[] = [];
	const findings: Finding[] = [];
	const plans: PartPlan[] = [];

	for (const part of options.parts) {
		try {
			const context = contextOf(part, options);
			options.onPart?.(part, nameOf(item, part));
			const plan = await item.plan(context);
			const met = plan.action === 'keep' ? [] : await item.putBack(context);
			await item.check(context);
			const problem = met.find(({level}) => level === 'problem');
			findings.push(...met);
			plans.push(plan);
			parts.push({
				name: part, status: problem === undefined ? 'complete' : 'partial', sizeBytes: plan.sizeBytes, error: problem === undefined ? null : problem.message.replace(`${item.name}: `, ''),
			});
		} catch (error) {
			if (options.signal.aborted && error instanceof LeftError) {
				throw error;
			}

			options.signal.throwIfAborted();
			const message = describeFailure(error);
			findings.push({level: 'problem', path: '', message: `${nameOf(item, part)}: ${message}`});
			parts.push({
				name: part, status: 'failed', sizeBytes: 0, error: message,
			});
		}
	}

	return {
		result: {
			name: item.name,
			status: decideItemStatus(parts),
			parts,
			sizeBytes: parts.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0),
			fileCount: 0,
			error: parts.find(({error}) => error !== null)?.error ?? null,
		},
		findings,
		plans,
	};
};

/** As an operator would choose it. */
const nameOf = ({name}: Item, part: string): string => part === name ? name : `${name}:${part}`;

const contextOf = (part: string, {folder, brought, parts: _parts, onPart: _onPart, ...options}: RestoreItemOptions): RestoreContext => ({
	...options, part, folder: joinRaw(folder, partFolder(part)), brought: broughtPart(brought, part),
});
