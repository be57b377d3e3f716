import {fromText, type RawPath} from '../domain/raw-name.ts';
import {noPreview, sumPreviews, type RestorePreview} from '../domain/restore.ts';
import type {Identity} from '../domain/account.ts';
import type {ItemName} from '../domain/item.ts';
import type {Engine} from '../engine/engine.ts';
import {UserError} from '../errors.ts';
import {extractItem, partsOf, toExtractRequest} from '../items/extract-item.ts';
import {findItem} from '../items/items.ts';
import {findLiveOnly} from '../items/live-only.ts';
import {planItem, type PlannedPart} from '../items/restore-item.ts';
import {readExtractRequest, storedItem, unpackedFolder} from '../runner/tasks/restore-gathered.ts';
import {withStaging} from '../system/staging.ts';
import type {Context} from './context.ts';
import type {PreparedChoice} from './prepare-restore.ts';

export type PreviewItemOptions = {
	readonly context: Context;
	readonly engine: Engine;
	readonly isMerge: boolean;
	readonly isReplacing: boolean;
	/** Parts that are live alone go. */
	readonly isTerminating: boolean;
	readonly isRecreating: boolean;
	readonly signal: AbortSignal;
	/** Holds what a restore brought that is undone. */
	readonly brought?: RawPath | undefined;
};

/** What restoring an item other than the home would do live: its parts are brought out of the backup and compared. */
export const previewItem = async ({choice, source, account}: PreparedChoice, {context, engine, isMerge, isReplacing, isTerminating, signal, brought}: PreviewItemOptions): Promise<RestorePreview> => withStaging(context.store.directory, async folder => {
	const request = {...await readExtractRequest(context, source), isVaultLeftAlone: true};
	const {status, isDamageMet} = await extractItem(choice, {
		engine, backup: source, request, target: folder, signal,
	});

	if (status !== 'complete') {
		throw new UserError(`The item ${choice.name} cannot be brought out of backup ${source.id} whole.`, {
			code: isDamageMet ? 'damaged' : 'failed',
			hint: 'Choose another backup; "holdfast backup list" shows them.',
		});
	}

	const item = findItem(choice.name);
	const place = {account: checkAccount(account, source.account), store: context.store, signal};
	const planned = await planItem(item, {
		...place, folder: fromText(folder), parts: partsOf(choice, source), isMerge, isReplacing, brought,
	});
	const liveOnly = isTerminating && choice.parts === null ? await findLiveOnly(item, place, storedItem(source, choice.name)) : [];

	return sumPreviews([...planned.map(part => previewOf(part)), ...liveOnly.map(part => previewRemoval(choice.name, part, 'live alone'))]);
});

/** What bringing an item into a folder of the administrator's would do. */
export const previewUnpacked = async ({choice, source}: PreparedChoice, folder: string, {context, engine, isMerge, signal}: PreviewItemOptions): Promise<RestorePreview> => {
	const preview = await engine.planRestore(toExtractRequest(choice, {
		backup: source, request: await readExtractRequest(context, source), target: unpackedFolder(folder, choice.name), isMerge,
	}), {signal});

	return {...preview, steps: preview.steps.map(step => ({...step, path: `.holdfast/${choice.name}${step.path === '' ? '' : `/${step.path}`}`}))};
};

const checkAccount = (account: Identity | undefined, name: string): Identity => {
	if (account === undefined) {
		throw new UserError(`The account ${name} is not there any more.`, {code: 'refused', hint: 'Restore into a folder with --to.'});
	}

	return account;
};

const previewOf = ({step, plan}: PlannedPart): RestorePreview => ({
	...noPreview,
	[step.action]: {count: 1, bytes: plan?.sizeBytes ?? 0},
	steps: [step],
	stepsTotal: 1,
	spaceNeededBytes: step.action === 'keep' ? 0 : plan?.room?.bytes ?? plan?.sizeBytes ?? 0,
});

/** A part that goes. */
export const previewRemoval = (name: ItemName, part: string, reason = 'was not there before the restore'): RestorePreview => ({
	...noPreview,
	delete: {count: 1, bytes: 0},
	steps: [{path: part === name ? name : `${name}:${part}`, action: 'delete', reason}],
	stepsTotal: 1,
});
