import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {Backup} from '../../domain/backup.ts';
import {expiryOf, type Download, type DownloadItem} from '../../domain/download.ts';
import type {ItemResult} from '../../domain/item.ts';
import {fromText} from '../../domain/raw-name.ts';
import {
	choicesOf,
	type ItemChoice,
	isEverything,
	type StepTotal,
} from '../../domain/restore.ts';
import {decideTaskState} from '../../domain/task-state.ts';
import type {TaskError} from '../../domain/task.ts';
import type {PackageResult, PackedItem, PackedTree} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {partsOf} from '../../items/extract-item.ts';
import {partFolder} from '../../items/part-folder.ts';
import {readSetting} from '../../state/read-setting.ts';
import {openDownloadsFolder, packageFile} from '../download-files.ts';
import {readBackup} from '../read-backup.ts';
import {readLimitsOfTask} from '../read-limits.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {checkPackingRoom} from './check-room.ts';
import {limitDownload} from './limit-download.ts';
import type {LimitedRestore} from './limit-restore.ts';
import {readExtractRequest} from './restore-gathered.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

type DownloadTask = TaskOf<'download'>;

/** What is packed. */
type Packing = {
	readonly task: DownloadTask;
	readonly backup: Backup;
	readonly limited: LimitedRestore;
	readonly choices: readonly ItemChoice[];
	readonly file: string;
};

/** Packs what is chosen of a backup, as far as who asked may have it now. */
export const runDownload = async (task: DownloadTask, tools: TaskTools): Promise<TaskOutcome> => {
	const packing = await preparePacking(task, tools);
	const result = await pack(packing, tools);
	const items = result.items.map(item => itemResult(item, packing));
	const state = decideTaskState(items);

	if (state === 'failed') {
		await rm(packing.file);
	} else {
		await record(packing, {result, isPartial: state !== 'completed'}, tools);
	}

	return {
		...emptyOutcome, state, items, ...state !== 'failed' && {download: task.download!}, findings: result.findings, error: describeError(packing, items, result), denied: sumDenied(result),
	};
};

const preparePacking = async (task: DownloadTask, tools: TaskTools): Promise<Packing> => {
	const {store, clock} = tools;
	const {download: request} = task.request;
	const backup = await readBackup(store, task.accountUuid!, request.backup);
	const limited = await limitDownload(request, {
		store, clock, backup, limits: await readLimitsOfTask(store, task),
	});
	const choices = choicesOf(limited, backup.items);

	if (choices.length === 0) {
		throw new UserError(`The backup ${backup.id} holds nothing that could be packed.`, {code: 'notFound', hint: `See what it holds with "holdfast backup show ${backup.id}".`});
	}

	const folder = await openDownloadsFolder({store, clock});
	checkPackingRoom(folder, await sizeOf(choices, {backup, limited, folder}, tools));

	return {
		task, backup, limited, choices, file: packageFile(folder, task.download!, request.recipient !== null),
	};
};

/** What is packed: the same as what would come into a new folder. */
const sizeOf = async (choices: readonly ItemChoice[], {backup, limited, folder}: Pick<Packing, 'backup' | 'limited'> & {readonly folder: string}, {engine, signal, ...tools}: TaskTools): Promise<number> => {
	let bytes = 0;

	for (const choice of choices) {
		const stored = backup.items.find(({name}) => name === choice.name)!;

		if (choice.name === 'homedir' && !isEverything(limited.selection)) {
			const {spaceNeededBytes} = await engine().planRestore({
				...await readExtractRequest(tools, backup),
				accountUuid: backup.accountUuid,
				backupId: backup.id,
				selection: limited.selection,
				withheld: limited.withheld,
				target: fromText(join(folder, `${backup.id}.size`)),
				isOriginal: false,
				account: {uid: 0, gid: 0},
				isMerge: false,
			}, {signal});
			bytes += spaceNeededBytes;
		} else {
			const parts = choice.name === 'homedir' ? undefined : partsOf(choice, backup);
			bytes += parts === undefined ? stored.sizeBytes : stored.parts.filter(({name}) => parts.includes(name)).reduce((sum, {sizeBytes}) => sum + sizeBytes, 0);
		}
	}

	return bytes;
};

const pack = async ({task, backup, limited, choices, file}: Packing, {store, ownerKeys, engine, signal, onProgress}: TaskTools): Promise<PackageResult> => {
	const {identities} = await store.read('accounts');

	return engine().packBackup({
		...await readExtractRequest({store, ownerKeys}, backup),
		accountUuid: backup.accountUuid,
		backupId: backup.id,
		trees: choices.map(choice => treeOf(choice, backup, limited)),
		account: identities.find(({uuid}) => uuid === backup.accountUuid) ?? null,
		createdAt: task.startedAt!,
		file,
		recipient: task.request.download.recipient,
	}, {signal, onProgress});
};

const treeOf = (choice: ItemChoice, backup: Backup, {selection, withheld}: LimitedRestore): PackedTree => choice.name === 'homedir'
	? {
		item: 'homedir', selection, parts: [], withheld,
	}
	: {item: choice.name, selection: {rules: partsOf(choice, backup).map(part => ({path: partFolder(part), isIncluded: true})), excludes: []}, parts: partsOf(choice, backup)};

const record = async ({task, backup, limited, choices, file}: Packing, {result, isPartial}: {readonly result: PackageResult; readonly isPartial: boolean}, {store, clock}: TaskTools): Promise<void> => {
	const now = clock.now();
	const download: Download = {
		id: task.download!,
		accountUuid: backup.accountUuid,
		account: backup.account,
		...backup.machine !== undefined && {machine: backup.machine},
		...backup.home !== undefined && {home: backup.home},
		backup: backup.id,
		items: choices.map(choice => itemOf(choice, backup)),
		selection: {rules: [...limited.selection.rules], excludes: [...limited.selection.excludes]},
		isPartial,
		path: file,
		sizeBytes: result.sizeBytes,
		sha256: result.sha256,
		isEncrypted: task.request.download.recipient !== null,
		createdAt: now.toISOString(),
		expiresAt: expiryOf(now, await readSetting(store, 'downloads.ttlDays')),
		fetchCount: 0,
		notes: task.request.download.notes,
		requestedBy: task.requestedBy,
	};

	await store.update('downloads', undefined, draft => {
		draft.downloads = [...draft.downloads.filter(({id}) => id !== download.id), download];
	});
};

const itemOf = (choice: ItemChoice, backup: Backup): DownloadItem => {
	if (choice.name === 'homedir') {
		return {name: 'homedir', parts: []};
	}

	const stored = backup.items.find(({name}) => name === choice.name)?.parts ?? [];

	return {
		name: choice.name, parts: partsOf(choice, backup).map(name => {
			const kind = stored.find(part => part.name === name)?.kind;

			return {name, ...kind !== undefined && {kind}};
		}),
	};
};

const leftOut = 'Something was left out: it is outside the restoration rights.';

const itemResult = ({name, status, sizeBytes, fileCount, denied}: PackedItem, {backup, choices, limited}: Packing): ItemResult => {
	const choice = choices.find(each => each.name === name)!;
	const isDenied = denied.count > 0 || limited.withheldItems?.includes(name) === true;
	const stored = backup.items.find(item => item.name === name);
	const parts = name === 'homedir' ? [] : stored!.parts.filter(part => partsOf(choice, backup).includes(part.name));
	const isLess = isDenied || stored?.status === 'partial' || stored?.status === 'failed';

	return {
		name,
		status: status === 'complete' && isLess ? 'partial' : status,
		parts: status === 'failed' ? parts.map(part => ({...part, status})) : parts,
		sizeBytes,
		fileCount,
		error: describeItem({
			name, status, isDenied, stored,
		}),
	};
};

type ItemFacts = Pick<PackedItem, 'name' | 'status'> & {readonly isDenied: boolean; readonly stored: ItemResult | undefined};

const describeItem = ({name, status, isDenied, stored}: ItemFacts): string | null => {
	if (status !== 'complete') {
		return `Not everything of ${name} could be read from the backup.`;
	}

	if (isDenied) {
		return leftOut;
	}

	return stored?.status === 'partial' || stored?.status === 'failed' ? `The backup does not hold all of ${name}.` : null;
};

/** Damage is told first. */
const describeError = ({task, backup}: Packing, items: readonly ItemResult[], {items: packed}: PackageResult): TaskError | null => {
	const hint = `Each is named with "holdfast queue show ${task.id}".`;

	if (packed.some(({isDamageMet}) => isDamageMet)) {
		return {code: 'damaged', message: `Data of backup ${backup.id} is damaged: what it belongs to is not in the package.`, hint: `${hint} Another backup may hold it whole.`};
	}

	const messages = [...new Set(items.flatMap(({error}) => error ?? []))];

	return messages.length === 0 ? null : {code: 'partial', message: messages.join(' '), hint};
};

const sumDenied = ({items}: PackageResult): StepTotal | null => {
	const denied = items.map(item => item.denied).filter(({count}) => count > 0);

	return denied.length === 0 ? null : {count: denied.reduce((sum, {count}) => sum + count, 0), bytes: denied.reduce((sum, {bytes}) => sum + bytes, 0)};
};
