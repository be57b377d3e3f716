import {
	everything,
	isReplacing,
	type RestorePreview,
	type RestoreRequest,
	type Selection,
	sumPreviews,
} from '../domain/restore.ts';
import type {Task} from '../domain/task.ts';
import {startEngine} from '../engine/start-engine.ts';
import {notAllOfIt, type LimitedRestore} from '../runner/tasks/limit-restore.ts';
import {toTreeRequest} from '../runner/tasks/restore-home.ts';
import {action} from './action.ts';
import {acceptConditions, authorizeRestore, checkConfirmation} from './authorize-restore.ts';
import type {Context} from './context.ts';
import {openBackup, resolveStoredPath} from './open-backup.ts';
import {prepareRestore, type PreparedChoice} from './prepare-restore.ts';
import {previewItem, previewUnpacked, type PreviewItemOptions} from './preview-items.ts';
import {queueTasks} from './queue-tasks.ts';

export type PreviewOptions = {readonly signal?: AbortSignal | undefined};

export type StartOptions = {
	/** Ids of the restore conditions that are accepted. */
	readonly accept?: readonly string[];
	/** The account's name, typed: what is terminated wants it. */
	readonly confirm?: string | undefined;
};

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
export const selectFiles = action('selectFiles', async (context: Context, {backup, paths, excludes}: ChosenFiles): Promise<Selection> => {
	if (paths.length === 0) {
		return {...everything, excludes};
	}

	const opened = await openBackup(context, backup);

	try {
		return {rules: paths.map(path => ({path: resolveStoredPath(opened, path), isIncluded: true})), excludes};
	} finally {
		opened.close();
	}
});

/**
Tells what a restore would do, and changes nothing. The backup may be given as `showBackup` takes it; a target folder is text, and absolute.
@throws UserError `notFound` for a backup or chosen path that does not exist, `refused` when the original place is not the owner's any more or the folder is
not empty, `usage`, `failed`, `key`, `damaged`, `interrupted`.
*/
export const previewRestore = action('previewRestore', async (context: Context, request: RestoreRequest, {signal = new AbortController().signal}: PreviewOptions = {}): Promise<RestorePreview> => {
	const {restore, limited, choices, isRecreating} = await prepareRestore(context, request);
	const engine = startEngine();
	const previews: RestorePreview[] = [];

	try {
		for (const prepared of choices) {
			previews.push(await previewChoice(prepared, limited, {
				context, engine, isMerge: restore.isMerge, isReplacing: isReplacing(restore), isTerminating: restore.isTerminating === true, isRecreating, signal,
			}));
		}

		return forActor(context, sumPreviews(previews), limited);
	} finally {
		await engine.close();
	}
});

/** A USER learns that something is left out, not how much. */
export const forActor = ({actor}: Pick<Context, 'actor'>, preview: RestorePreview, {withheldItems = []}: Pick<LimitedRestore, 'withheldItems'>): RestorePreview => actor.role === 'user'
	? {...preview, denied: {count: preview.denied.count > 0 || withheldItems.length > 0 ? 1 : 0, bytes: 0}, isLimited: true}
	: preview;

const previewChoice = async (prepared: PreparedChoice, restore: LimitedRestore, options: PreviewItemOptions): Promise<RestorePreview> => {
	if (prepared.choice.name === 'homedir') {
		return options.engine.planRestore(await toTreeRequest(options.context, prepared.source, restore, options.isRecreating), {signal: options.signal});
	}

	return restore.target.type === 'folder' ? previewUnpacked(prepared, restore.target.path, options) : previewItem(prepared, options);
};

/** With `isStrict`, nothing may be left out for want of rights. */
const checkStrict = async (context: Context, request: RestoreRequest): Promise<void> => {
	if (request.isStrict !== true || context.actor.role !== 'user') {
		return;
	}

	const {denied} = await previewRestore(context, request);

	if (denied.count > 0) {
		throw notAllOfIt();
	}
};

/** Queues a restore. Throws as `previewRestore`; all of it is checked again when the restore begins. */
export const startRestore = action('startRestore', async (context: Context, request: RestoreRequest, {accept = [], confirm}: StartOptions = {}): Promise<Task> => {
	const prepared = await prepareRestore(context, request);
	const {backup} = prepared;
	checkConfirmation(request, backup, confirm);
	const restore: RestoreRequest = {...prepared.restore, ...accept.length > 0 && {accepted: await acceptConditions(context, accept)}};
	await authorizeRestore(context, {...prepared, restore});
	await checkStrict(context, restore);
	const [task] = await queueTasks(context, [{
		kind: 'restore', account: backup.account, accountUuid: backup.accountUuid, backup: backup.id, request: {kind: 'restore', restore},
	}]);

	return task!;
});
