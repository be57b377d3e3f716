/** What a restore takes where it goes. */
import type {Backup} from '../../domain/backup.ts';
import type {ItemName} from '../../domain/item.ts';
import {fromText, type RawPath} from '../../domain/raw-name.ts';
import {isReplacing, type ItemChoice} from '../../domain/restore.ts';
import {extractItem, partsOf, toExtractRequest} from '../../items/extract-item.ts';
import type {ItemContext, Room} from '../../items/item.ts';
import {findItem} from '../../items/items.ts';
import {measureFolder} from '../../items/measure-folder.ts';
import {partFolder} from '../../items/part-folder.ts';
import {planItem} from '../../items/restore-item.ts';
import {freeSpaceAt} from '../../system/free-space.ts';
import {withStaging} from '../../system/staging.ts';
import type {LimitedRestore} from './limit-restore.ts';
import {readExtractRequest, storedItem, unpackedFolder} from './restore-gathered.ts';
import {toTreeRequest} from './restore-home.ts';
import type {TaskTools} from './task-tools.ts';

/** An item, and the backup that it comes from. */
export type Restoring = {readonly choice: ItemChoice; readonly source: Backup};

export type RoomOptions = {
	readonly restore: LimitedRestore;
	/** Raw: the home, or the folder of an administrator's. */
	readonly target: RawPath;
	/** The account is gone, and is made again. */
	readonly isRecreating: boolean;
	readonly tools: TaskTools;
};

export type Need = Room & {
	readonly item: ItemName;
	readonly place: RawPath;
};

/** What is chosen, as if nothing of it were live. */
export const mostNeeded = async (restoring: Restoring, options: RoomOptions): Promise<readonly Need[]> => {
	const {choice: {name}} = restoring;
	const {sizeBytes, fileCount} = storedItem(restoring.source, restoring.choice.name);

	if (name === 'homedir') {
		return [{
			item: name, place: options.target, bytes: sizeBytes, files: fileCount,
		}];
	}

	const parts = chosenParts(restoring).map(part => ({part, room: {bytes: part.sizeBytes, files: 0}}));

	if (options.restore.target.type === 'folder') {
		return parts.map(({room}) => ({item: name, place: options.target, ...room}));
	}

	const needs = await needsOf(restoring, parts, options);

	// How many files a part has is known of all parts together alone.
	return needs.map(need => ({...need, files: fileCount}));
};

const chosenParts = (restoring: Restoring) => {
	const chosen = partsOf(restoring.choice, restoring.source);

	return storedItem(restoring.source, restoring.choice.name).parts.filter(({name}) => chosen.includes(name));
};

type MeasuredPart = {readonly part: ReturnType<typeof chosenParts>[number]; readonly room: Room};

/** A need for each file system that its parts lie on. */
const needsOf = async ({choice: {name}, source}: Restoring, parts: readonly MeasuredPart[], {tools}: RoomOptions): Promise<readonly Need[]> => {
	const {landsIn} = findItem(name);
	const context = await readContext(source, tools);
	const needs = new Map<number, Need>();

	for (const {part, room} of landsIn === undefined || context === undefined ? [] : parts) {
		const place = await tryPlace(async () => landsIn!({...context!, part: part.name, kind: part.kind}), tools.signal);

		if (place === undefined) {
			continue;
		}

		const {device} = freeSpaceAt(place);
		const known = needs.get(device);
		needs.set(device, {
			item: name, place: known?.place ?? place, bytes: (known?.bytes ?? 0) + room.bytes, files: (known?.files ?? 0) + room.files,
		});
	}

	return needs.values().toArray();
};

/** What cannot be looked at is told when it is to be put back: it keeps none of the others from that. */
const tryPlace = async (look: () => Promise<RawPath | undefined>, signal: AbortSignal): Promise<RawPath | undefined> => {
	try {
		return await look();
	} catch {
		signal.throwIfAborted();

		return undefined;
	}
};

const readContext = async ({accountUuid}: Backup, {store, signal}: TaskTools): Promise<ItemContext | undefined> => {
	const {identities} = await store.read('accounts');
	const account = identities.find(({uuid}) => uuid === accountUuid);

	return account && {account, store, signal};
};

/** Items come out of the vault into a private folder, one after the other. */
export const stagingNeeded = (restoring: readonly Restoring[], {restore, tools}: RoomOptions): readonly Need[] => {
	const gathered = restore.target.type === 'folder' ? [] : restoring.filter(({choice}) => choice.name !== 'homedir');
	const largest = gathered.map(({choice, source}) => storedItem(source, choice.name)).toSorted((one, other) => other.sizeBytes - one.sizeBytes)[0];

	return largest === undefined
		? []
		: [{
			item: largest.name, place: fromText(tools.store.directory), bytes: largest.sizeBytes, files: largest.fileCount,
		}];
};

/** Beside what is live. */
export const exactlyNeeded = async (restoring: Restoring, options: RoomOptions): Promise<readonly Need[]> => {
	const {choice: {name}} = restoring;
	const {restore, isRecreating} = options;

	// What is terminated is set aside, and all of it comes anew; so does all of an account that is gone.
	if (name === 'homedir') {
		return isRecreating || restore.isTerminating === true ? mostNeeded(restoring, options) : [await homeNeeded(restoring, options)];
	}

	return restore.target.type === 'folder' ? [await folderNeeded(restoring, options)] : partsNeeded(restoring, options);
};

const homeNeeded = async ({source}: Restoring, {restore, target, tools}: RoomOptions): Promise<Need> => {
	const {create, overwrite, spaceNeededBytes} = await tools.engine().planRestore(await toTreeRequest(tools, source, restore), {signal: tools.signal});

	return {
		item: 'homedir', place: target, bytes: spaceNeededBytes, files: create.count + Math.min(1, overwrite.count),
	};
};

const folderNeeded = async ({choice, source}: Restoring, {restore, target, tools}: RoomOptions): Promise<Need> => {
	const {create, spaceNeededBytes} = await tools.engine().planRestore(toExtractRequest(choice, {
		backup: source, request: await readExtractRequest(tools, source), target: unpackedFolder(target, choice.name), isMerge: restore.isMerge,
	}), {signal: tools.signal});

	return {
		item: choice.name, place: target, bytes: spaceNeededBytes, files: create.count,
	};
};

/** Brought out of the backup, and compared. */
const partsNeeded = async (restoring: Restoring, options: RoomOptions): Promise<readonly Need[]> => withStaging(options.tools.store.directory, async folder => {
	const {choice, source} = restoring;
	const {restore, tools} = options;
	const {engine, signal} = tools;
	const item = findItem(choice.name);
	const context = await readContext(source, options.tools);

	if (context === undefined || item.landsIn === undefined) {
		return [];
	}

	await extractItem(choice, {
		engine: engine(), backup: source, request: await readExtractRequest(tools, source), target: folder, signal,
	});
	const parts = chosenParts(restoring);
	const planned = await planItem(item, {
		...context, folder: fromText(folder), parts: parts.map(part => part.name), isMerge: restore.isMerge, isReplacing: isReplacing(restore),
	});
	const measured: MeasuredPart[] = [];

	for (const [index, {plan}] of planned.entries()) {
		const part = parts[index]!;

		if (plan !== undefined && plan.action !== 'keep') {
			measured.push({part, room: plan.room ?? await measureFolder(`${fromText(folder)}/${partFolder(part.name)}`)});
		}
	}

	return needsOf(restoring, measured, options);
});
