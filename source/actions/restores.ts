import {readdir} from 'node:fs/promises';
import {parseGlob} from '../domain/glob.ts';
import {fromText, toScreen} from '../domain/raw-name.ts';
import {
	everything,
	isEverything,
	type RestorePreview,
	type RestoreRequest,
	type Selection,
} from '../domain/restore.ts';
import type {Task} from '../domain/task.ts';
import type {RestoreTreeRequest} from '../engine/engine.ts';
import {startEngine} from '../engine/start-engine.ts';
import {UserError} from '../errors.ts';
import {toTreeRequest} from '../runner/tasks/restore.ts';
import {systemPath} from '../system/directory.ts';
import type {Context} from './context.ts';
import {
	openBackup,
	requireFiles,
	resolveStoredPath,
	type OpenedBackup,
} from './open-backup.ts';
import {queueTasks} from './queue-tasks.ts';

export type PreviewOptions = {readonly signal?: AbortSignal | undefined};

export type ChosenFiles = {
	/** As `showBackup` takes it. */
	readonly backup: string;
	/** As typed: relative to the home or absolute inside it. None: all. */
	readonly paths: readonly string[];
	/** Globs. */
	readonly excludes: readonly string[];
};

/**
The selection that paths and globs mean.
@throws UserError `notFound` for a path that the backup does not hold, `usage`, `failed`, `key`, `damaged`.
*/
export const selectFiles = async (context: Context, {backup, paths, excludes}: ChosenFiles): Promise<Selection> => {
	if (paths.length === 0) {
		return {...everything, excludes};
	}

	const opened = await openBackup(context, backup);

	try {
		return {rules: paths.map(path => ({path: resolveStoredPath(opened, path), isIncluded: true})), excludes};
	} finally {
		opened.close();
	}
};

/**
Tells what a restore would do, and changes nothing. The backup may be given as `showBackup` takes it; a target folder is text, and absolute.
@throws UserError `notFound` for a backup or chosen path that does not exist, `refused` when the original place is not the owner's any more or the folder is
not empty, `usage`, `failed`, `key`, `damaged`, `interrupted`.
*/
export const previewRestore = async (context: Context, request: RestoreRequest, {signal}: PreviewOptions = {}): Promise<RestorePreview> => {
	const {treeRequest} = await prepareRestore(context, request);
	const engine = startEngine();

	try {
		return await engine.planRestore(treeRequest, {signal});
	} finally {
		await engine.close();
	}
};

/** Queues a restore. Throws as `previewRestore`; all of it is checked again when the restore begins. */
export const startRestore = async (context: Context, request: RestoreRequest): Promise<Task> => {
	const {backup, restore} = await prepareRestore(context, request);
	const [task] = await queueTasks(context, [{
		kind: 'restore', account: backup.account, accountUuid: backup.accountUuid, backup: backup.id, request: {kind: 'restore', restore},
	}]);

	return task!;
};

type Prepared = Pick<OpenedBackup, 'backup'> & {readonly restore: RestoreRequest; readonly treeRequest: RestoreTreeRequest};

const prepareRestore = async (context: Context, request: RestoreRequest): Promise<Prepared> => {
	const opened = await openBackup(context, request.backup);

	try {
		checkSelection(request, opened);
		const restore = {...request, backup: opened.backup.id};
		const treeRequest = await toTreeRequest(context, opened.backup, restore);
		await checkFolder(request, [context.store.directory, treeRequest.vault.folder]);

		return {backup: opened.backup, restore, treeRequest};
	} finally {
		opened.close();
	}
};

const checkSelection = ({selection}: RestoreRequest, opened: OpenedBackup): void => {
	const {backup, vault, manifest} = opened;

	if (backup.structure !== 'incremental') {
		if (!isEverything(selection)) {
			requireFiles(opened);
		}

		return;
	}

	for (const pattern of selection.excludes) {
		parseGlob(pattern);
	}

	const missing = selection.rules.find(({path, isIncluded}) => isIncluded && vault.findEntry(manifest, path) === undefined);

	if (missing !== undefined) {
		throw new UserError(`The backup ${backup.id} does not hold "${toScreen(missing.path)}".`, {
			code: 'notFound',
			hint: `See what it holds with "holdfast backup files ${backup.id}", or where else it is with "holdfast backup find".`,
		});
	}
};

const checkFolder = async ({target, isMerge}: RestoreRequest, own: readonly string[]): Promise<void> => {
	if (target.type === 'folder' && own.some(folder => isInside(target.path, folder))) {
		throw new UserError(`The folder ${toScreen(fromText(target.path))} belongs to Holdfast's own state or backups.`, {code: 'refused', hint: 'Name a folder elsewhere with --to.'});
	}

	if (!isMerge && target.type === 'folder' && await hasEntries(target.path)) {
		throw new UserError(`The folder ${toScreen(fromText(target.path))} is not empty.`, {
			code: 'refused',
			hint: 'Name a new or empty folder, or keep what is there and add only what is missing with --merge.',
		});
	}
};

/** Whether `path` is `folder` or lies below it, as both are written. */
const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const hasEntries = async (folder: string): Promise<boolean> => {
	try {
		const names = await readdir(systemPath(fromText(folder)));

		return names.length > 0;
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;

		if (code === 'ENOENT') {
			return false;
		}

		throw new UserError(`The folder ${toScreen(fromText(folder))} cannot be used: ${code === 'ENOTDIR' ? 'it is something else' : (error as Error).message}.`, {
			code: 'usage',
			hint: 'Name a new or empty folder with --to.',
			cause: error,
		});
	}
};
