import {join} from 'node:path';
import type {Identity} from '../../domain/account.ts';
import type {Backup} from '../../domain/backup.ts';
import type {ItemName, ItemResult} from '../../domain/item.ts';
import {fromText, toScreen, type RawPath} from '../../domain/raw-name.ts';
import {
	addTotals,
	isReplacing,
	type ItemChoice,
	noSummary,
	type RestoreRequest,
	type RestoreSummary,
} from '../../domain/restore.ts';
import {noProgress} from '../../domain/task-view.ts';
import type {RestoreTreeRequest} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {extractItem, partsOf} from '../../items/extract-item.ts';
import {findItem} from '../../items/items.ts';
import {findLiveOnly} from '../../items/live-only.ts';
import {removeParts} from '../../items/remove-parts.ts';
import {restoreItem, type RestoredItem} from '../../items/restore-item.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import {readSetting} from '../../state/read-setting.ts';
import {withStaging} from '../../system/staging.ts';
import {readVaultLocation, type VaultSource} from '../vault-location.ts';
import {withRemoved} from './removed-parts.ts';
import type {Restored} from './restored.ts';
import type {TaskTools} from './task-tools.ts';

export type GatheredOptions = {
	/** The backup that the item comes from. */
	readonly source: Backup;
	readonly restore: RestoreRequest;
	readonly tools: TaskTools;
	/** Holds what a restore brought that is undone. */
	readonly brought?: RawPath | undefined;
};

/**
Restores an item other than the home: out of the backup first, checked, then part by part.
@throws UserError before anything of it was touched
*/
export const restoreGathered = async (choice: ItemChoice, options: GatheredOptions): Promise<Restored> =>
	options.restore.target.type === 'folder' ? unpack(choice, options, options.restore.target.path) : putBack(choice, options);

/** How an item comes out of the vault. */
export const readExtractRequest = async ({store, ownerKeys}: VaultSource, backup: Backup): Promise<Pick<RestoreTreeRequest, 'vault' | 'cacheFolder' | 'threads'>> => ({
	vault: await readVaultLocation({store, ownerKeys}, backup),
	cacheFolder: join(store.directory, 'cache'),
	threads: await readSetting(store, 'engine.threads'),
});

const putBack = async (choice: ItemChoice, {source, restore, tools, brought}: GatheredOptions): Promise<Restored> => withStaging(tools.store.directory, async folder => {
	const {store, engine, signal} = tools;
	const parts = partsOf(choice, source);
	const account = await readAccount(choice, tools, source);
	const extracted = await extractItem(choice, {
		engine: engine(), backup: source, request: await readExtractRequest(tools, source), target: folder, signal,
	});

	// Half an item is not put back: what is missing would be removed live.
	if (extracted.status !== 'complete') {
		throw notWhole(choice, source, extracted.isDamageMet);
	}

	const restored = await restoreItem(findItem(choice.name), {
		account, store, signal, folder: fromText(folder), parts, isMerge: restore.isMerge, isReplacing: isReplacing(restore), brought, onPart: partProgress(storedItem(source, choice.name), parts, tools),
	});
	const bad = restored.result.parts.filter(({status}) => status !== 'complete');

	return {
		item: restored.result,
		summary: summarize(restored),
		findings: restored.findings,
		isDamageMet: false,
		error: bad.length === 0 ? null : `${choice.name} did not come back whole: ${bad[0]!.error ?? bad[0]!.status}.`,
	};
});

/** What is being put back, of how much: a server does not say how far it is within a part. */
const partProgress = (stored: ItemResult, chosen: readonly string[], {onProgress}: TaskTools): ((part: string, path: string) => void) => {
	const sizes = new Map(stored.parts.filter(({name}) => chosen.includes(name)).map(({name, sizeBytes}) => [name, sizeBytes]));
	const bytesTotal = sizes.values().reduce((sum, size) => sum + size, 0);
	let bytesDone = 0;

	return (part, currentPath) => {
		onProgress({
			...noProgress, bytesDone, bytesTotal, currentPath,
		});
		bytesDone += sizes.get(part) ?? 0;
	};
};

/** Of a terminated account what is live alone goes, when all that takes its place was verified. */
export const removeLiveOnly = async (choice: ItemChoice, done: Restored, {source, tools}: Pick<GatheredOptions, 'source' | 'tools'>): Promise<Restored> => {
	if (choice.name === 'homedir' || choice.parts !== null || done.item.status !== 'complete') {
		return done;
	}

	const item = findItem(choice.name);
	const context = {account: await readAccount(choice, tools, source), store: tools.store, signal: tools.signal};
	const liveOnly = await findLiveOnly(item, context, storedItem(source, choice.name));

	return liveOnly.length === 0 ? done : withRemoved(done, await removeParts(item, liveOnly, context));
};

export const storedItem = ({items}: Backup, name: ItemName): ItemResult => items.find(item => item.name === name)!;

/** In a folder of the administrator's that receives a restore: what holds the items other than the home. */
export const unpackedPlace = '.holdfast';

/** Where an item comes to in a folder of the administrator's. */
export const unpackedFolder = (folder: string, item: ItemName): string => join(folder, unpackedPlace, item);

/** Into a folder of the administrator's the parts come as they were stored. */
const unpack = async (choice: ItemChoice, {source, restore, tools}: GatheredOptions, folder: string): Promise<Restored> => {
	const {engine, signal} = tools;
	const parts = partsOf(choice, source);
	const {status, summary, findings, isDamageMet} = await extractItem(choice, {
		engine: engine(), backup: source, request: await readExtractRequest(tools, source), target: unpackedFolder(folder, choice.name), isMerge: restore.isMerge, signal,
	});
	const item: ItemResult = {
		name: choice.name,
		status,
		parts: parts.map(name => ({
			name, status, sizeBytes: source.items.find(each => each.name === choice.name)?.parts.find(part => part.name === name)?.sizeBytes ?? 0, error: null,
		})),
		sizeBytes: summary.created.bytes + summary.overwritten.bytes,
		fileCount: summary.created.count + summary.overwritten.count,
		error: status === 'complete' ? null : 'Not everything came back.',
	};

	return {
		item, summary, findings, isDamageMet, error: status === 'complete' ? null : `Not everything of ${choice.name} came back.`,
	};
};

/** As it is now; only *config* is restored of one that is not there. */
export const readAccount = async ({name}: Pick<ItemChoice, 'name'>, {store, clock}: TaskTools, {accountUuid, account}: Backup): Promise<Identity> => {
	const {identities} = await refreshAccounts(store, {clock});
	const identity = identities.find(({uuid, status}) => uuid === accountUuid && (status !== 'inactive' || name === 'config'));

	if (identity === undefined) {
		throw new UserError(`The account ${toScreen(account)} is not there any more.`, {code: 'notFound', hint: 'Restore into a folder with --to.'});
	}

	return identity;
};

const notWhole = ({name}: ItemChoice, {id}: Backup, isDamaged: boolean): UserError => new UserError(`${name} cannot be brought out of backup ${id} whole; what is live was not touched.`, {
	code: isDamaged ? 'damaged' : 'failed',
	hint: 'Choose another backup; "holdfast backup list" shows them.',
});

/** What becomes of an item whose restore was refused or broke off. */
export const failedItem = ({name}: Pick<ItemChoice, 'name'>, {message, code}: UserError): Restored => ({
	item: {
		name, status: 'failed', parts: [], sizeBytes: 0, fileCount: 0, error: message,
	},
	summary: {...noSummary, failed: {count: 1, bytes: 0}},
	findings: [{level: 'problem', path: '', message}],
	isDamageMet: code === 'damaged',
	error: message,
});

const resultOf = {create: 'created', overwrite: 'overwritten', keep: 'kept'} as const;

const summarize = ({plans, result}: RestoredItem): RestoreSummary => {
	const failures = result.parts.filter(({status}) => status === 'failed').length;
	let summary: RestoreSummary = {...noSummary, failed: {count: failures, bytes: 0}};

	for (const {action, sizeBytes} of plans) {
		const key = resultOf[action];
		summary = {...summary, [key]: addTotals(summary[key], {count: 1, bytes: sizeBytes})};
	}

	return summary;
};
