import {mkdir, rm} from 'node:fs/promises';
import {
	decideItemStatus,
	type Finding,
	type ItemName,
	type PartResult,
} from '../domain/item.ts';
import type {RawPath} from '../domain/raw-name.ts';
import type {GatheredItem} from '../engine/engine.ts';
import {systemPath} from '../system/directory.ts';
import type {Item, ItemContext} from './item.ts';
import {items} from './items.ts';
import {NothingThereError} from './nothing-there.ts';
import {partFolder} from './part-folder.ts';
import {sizeOfFolder} from './size-of-folder.ts';
import {stampFolder} from './stamp-folder.ts';

type GatherOptions = ItemContext & {
	readonly staging: RawPath;
	/** What is live is saved before it is changed: what was declared and is not there lacks nothing. */
	readonly isSaving?: boolean;
};

/** Gathers what an account has of the items wanted. A part that fails is told, and keeps none of the others from the backup. */
export const gatherItems = async (wanted: readonly ItemName[], options: GatherOptions): Promise<readonly GatheredItem[]> => {
	const gathered: GatheredItem[] = [];

	for (const item of items) {
		if (wanted.includes(item.name)) {
			gathered.push(await gatherItem(item, options));
		}
	}

	return gathered;
};

const gatherItem = async (item: Item, options: GatherOptions): Promise<GatheredItem> => {
	const parts: PartResult[] = [];
	const findings: Finding[] = [];
	const places: RawPath[] = [];
	const folder = `${options.staging}/${item.name}`;

	try {
		findings.push(...await item.remark?.(options) ?? []);

		for (const part of await item.discover(options)) {
			const result = await gatherPart(item, part, {...options, folder: `${folder}/${partFolder(part)}`});
			parts.push(result.part);
			findings.push(...result.findings);
			places.push(...result.places);
		}
	} catch (error) {
		options.signal.throwIfAborted();

		return {
			name: item.name, status: 'failed', parts: [], error: describe(error), folder: null, places: [], isOfFiles: item.isOfFiles, findings: [{level: 'problem', path: '', message: `${item.name}: ${describe(error)}`}],
		};
	}

	const isStored = parts.some(({status}) => status === 'complete' || status === 'partial');

	if (isStored && !item.isOfFiles) {
		await stampFolder(folder);
	}

	return {
		name: item.name,
		status: decideItemStatus(parts),
		parts,
		error: parts.find(({error}) => error !== null)?.error ?? null,
		folder: isStored ? folder : null,
		places,
		isOfFiles: item.isOfFiles,
		findings,
	};
};

type GatheredPart = {readonly part: PartResult; readonly findings: readonly Finding[]; readonly places: readonly RawPath[]};

const gatherPart = async (item: Item, part: string, options: Omit<GatherOptions, 'staging'> & {readonly folder: RawPath}): Promise<GatheredPart> => {
	await mkdir(systemPath(options.folder), {recursive: true, mode: 0o700});

	try {
		const findings = await item.capture({...options, part});
		const problem = findings.find(({level}) => level === 'problem');

		return {
			part: {
				name: part, ...await kindOf(item, options.folder), status: problem === undefined ? 'complete' : 'partial', sizeBytes: await sizeOfFolder(options.folder), error: problem?.message ?? null,
			},
			findings,
			places: item.placeOf === undefined ? [] : [await item.placeOf({...options, part})],
		};
	} catch (error) {
		options.signal.throwIfAborted();
		const message = describe(error);
		await rm(systemPath(options.folder), {recursive: true, force: true});

		if (options.isSaving === true && error instanceof NothingThereError) {
			return {
				part: {
					name: part, status: 'absent', sizeBytes: 0, error: null,
				}, findings: [], places: [],
			};
		}

		return {
			part: {
				name: part, status: 'failed', sizeBytes: 0, error: message,
			},
			findings: [{level: 'problem', path: '', message: `${item.name}:${part}: ${message}`}],
			places: [],
		};
	}
};

const kindOf = async ({readKind}: Item, folder: RawPath): Promise<Pick<PartResult, 'kind'>> => readKind === undefined ? {} : {kind: await readKind(folder)};

const describe = (error: unknown): string => (error as Error).message;
