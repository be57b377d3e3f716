import type {Backup} from '../domain/backup.ts';
import type {ItemChoice} from '../domain/restore.ts';
import {fromText, toScreen} from '../domain/raw-name.ts';
import type {
	Engine,
	EngineOptions,
	RestoreTreeRequest,
	RestoreTreeResult,
} from '../engine/engine.ts';
import {UserError} from '../errors.ts';
import {partFolder} from './part-folder.ts';

export type ExtractOptions = EngineOptions & {
	readonly engine: Engine;
	/** The backup the item comes from. */
	readonly backup: Backup;
	/** Where the vault is and how it is worked with; the rest is filled in. */
	readonly request: Pick<RestoreTreeRequest, 'vault' | 'cacheFolder' | 'threads' | 'isVaultLeftAlone'>;
	/** The folder that receives a folder for each part. */
	readonly target: string;
	readonly isMerge?: boolean | undefined;
};

/**
Brings the chosen parts of an item out of a backup, every byte checked.
@throws UserError `interrupted`
*/
export const extractItem = async (choice: ItemChoice, {engine, signal, onProgress, ...options}: ExtractOptions): Promise<ExtractedItem> => {
	const {status, ...extracted} = await engine.restoreTree(toExtractRequest(choice, options), {signal, onProgress});

	if (status === 'aborted') {
		throw new UserError('The task was aborted.', {code: 'interrupted'});
	}

	return {...extracted, status};
};

export type ExtractedItem = RestoreTreeResult & {readonly status: 'complete' | 'partial'};

/** What the engine is asked for to bring parts out of a backup; a preview asks for the same. */
export const toExtractRequest = (choice: ItemChoice, {backup, request, target, isMerge = false}: Omit<ExtractOptions, 'engine' | keyof EngineOptions>): RestoreTreeRequest => ({
	...request,
	accountUuid: backup.accountUuid,
	backupId: backup.id,
	item: choice.name,
	selection: {rules: partsOf(choice, backup).map(part => ({path: partFolder(part), isIncluded: true})), excludes: []},
	target: fromText(target),
	isOriginal: false,
	account: {uid: 0, gid: 0},
	isMerge,
});

/**
The parts that a choice means, as far as the backup has them.
@throws UserError `notFound` for an item or part that it does not have
*/
export const partsOf = ({name, parts}: ItemChoice, {id, items}: Backup): readonly string[] => {
	const item = items.find(each => each.name === name);
	const stored = item?.parts.filter(({status}) => status === 'complete' || status === 'partial').map(part => part.name) ?? [];

	if (stored.length === 0) {
		throw new UserError(`The backup ${id} holds nothing of the item ${name}.`, {code: 'notFound', hint: `See what it holds with "holdfast backup show ${id}".`});
	}

	const missing = parts?.find(part => !stored.includes(part));

	if (missing !== undefined) {
		throw new UserError(`The backup ${id} does not hold "${toScreen(missing)}" of the item ${name}.`, {
			code: 'notFound',
			hint: `It holds: ${stored.slice(0, 20).map(part => toScreen(part)).join(', ')}.`,
		});
	}

	return parts ?? stored;
};
