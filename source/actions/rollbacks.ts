import type {Backup} from '../domain/backup.ts';
import type {ItemName} from '../domain/item.ts';
import {choicesOf, sumPreviews, type RestorePreview} from '../domain/restore.ts';
import type {RollbackPreview, RollbackRequest} from '../domain/rollback.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {Task} from '../domain/task.ts';
import type {Engine} from '../engine/engine.ts';
import {startEngine} from '../engine/start-engine.ts';
import {UserError} from '../errors.ts';
import {partsOf} from '../items/extract-item.ts';
import {limitRollback, type LimitedRollback} from '../runner/tasks/limit-rollback.ts';
import {resolveRestoreTarget} from '../runner/tasks/restore-target.ts';
import {
	readDeletion,
	readGone,
	reasonsNotToUndo,
	sortParts,
} from '../runner/tasks/rollback-parts.ts';
import {toTreeRequest} from '../runner/tasks/restore-home.ts';
import {toUndoRequest} from '../runner/tasks/undo-home.ts';
import {withBrought} from '../runner/tasks/with-brought.ts';
import {readSetting} from '../state/read-setting.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {findEndedTask} from './find-ended-task.ts';
import {readLimits} from './limits.ts';
import {previewItem, previewRemoval} from './preview-items.ts';
import {queueTasks} from './queue-tasks.ts';
import {forActor} from './restores.ts';

type PreparedRollback = {
	readonly asked: RollbackRequest;
	/** The same, as far as the actor may have it. */
	readonly limited: LimitedRollback;
	readonly undone: Backup;
};

const pathsShown = 1000;

/**
Tells what undoing a restore, or a rollback, would do, what was changed since, and what cannot be undone; changes nothing.
@throws UserError `notFound`, `usage`, `refused`, `busy`, `failed`, `key`, `damaged`.
*/
export const previewRollback = action('previewRollback', async (context: Context, id: string, {signal = new AbortController().signal}: {readonly signal?: AbortSignal | undefined} = {}): Promise<RollbackPreview> => {
	const {limited, undone} = await prepareRollback(context, id);
	const {rollback, withheld} = limited;
	const deletion = await readDeletion(context, rollback, undone.accountUuid);
	const engine = startEngine();

	try {
		const changedSince = await findChanges(context, engine, {rollback, undone});
		const previews: RestorePreview[] = [];

		for (const item of rollback.brought) {
			if (item.name === 'homedir') {
				previews.push(await engine.planRestore(await toUndoRequest(context, {
					undone, rollback, withheld, deletion,
				}), {signal}));
			} else {
				previews.push(...await previewBrought(context, item, {engine, undone, signal}));
			}
		}

		return {...forActor(context, sumPreviews(previews), limited), changedSince, cannotUndo: reasonsNotToUndo(rollback, undone, await readGone(context.store, rollback, undone.accountUuid))};
	} finally {
		await engine.close();
	}
});

/** Queues a rollback. Throws as `previewRollback`; all of it is checked again when it begins. */
export const startRollback = action('startRollback', async (context: Context, id: string): Promise<Task> => {
	const {asked, undone} = await prepareRollback(context, id);
	const [task] = await queueTasks(context, [{
		kind: 'rollback', account: undone.account, accountUuid: undone.accountUuid, backup: undone.id, request: {kind: 'rollback', rollback: asked},
	}]);

	return task!;
});

/**
Checks whether a task can be undone, by who asks for it.
@throws UserError as `previewRollback`
*/
export const prepareRollback = async (context: Context, id: string): Promise<PreparedRollback> => {
	const task = await findEndedTask(context, id);
	checkTask(context, task);
	const {backups} = await context.store.read('backups', task.accountUuid!);
	const undone = backups.find(backup => backup.id === task.safetyBackup);

	if (undone === undefined) {
		throw refuse(task.safetyBackup === null
			? `The ${task.kind} ${task.id} was made without a safety backup, so that it cannot be undone.`
			: `The safety backup of the ${task.kind} ${task.id} does not exist any more, so that it cannot be undone.`, 'Restore an earlier backup instead; "holdfast backup list" shows them.');
	}

	await resolveRestoreTarget(context, undone, {target: {type: 'original'}, isRecreating: false});

	const {identities} = await context.store.read('accounts');
	const asked = await requestFor(context, task, undone);
	const limited = limitRollback(asked, {
		limits: await readLimits(context),
		undone,
		account: identities.find(({uuid, status}) => uuid === undone.accountUuid && status !== 'inactive'),
		machine: await readSetting(context.store, 'machine.name'),
		backups,
	});

	return {asked, limited, undone};
};

const checkTask = ({actor}: Context, {id, kind, state, request, askedAs, safetyBackup, within}: Task): void => {
	if (request.kind !== 'restore' && request.kind !== 'rollback') {
		throw refuse(`The task ${id} is a ${kind}: only restores and rollbacks are undone.`, 'See the restores with "holdfast queue list --all".');
	}

	if (isUnfinished(state)) {
		throw new UserError(`The ${kind} ${id} has not ended yet.`, {code: 'busy', hint: `Wait for it, or abort it with "holdfast queue abort ${id}".`});
	}

	if (request.kind === 'restore' && request.restore.target.type === 'folder') {
		throw refuse(`The restore ${id} went into a folder, and touched no account.`, 'Delete the folder yourself.');
	}

	if (askedAs === 'user' && safetyBackup !== null && within === undefined) {
		throw refuse(`It was not written down what the rights gave of the ${kind} ${id}, so that it cannot be undone.`, 'Restore an earlier backup instead; "holdfast backup list" shows them.');
	}

	const isAdministrators = request.kind === 'restore' && (request.restore.isTerminating === true || request.restore.isSuspending === true);

	if (isAdministrators && actor.role !== 'administrator') {
		throw refuse('Only administrators undo what terminated or suspended an account.', 'Ask an administrator of this server.');
	}
};

/** What a task brought, with every part written out: what was left out of it for want of rights it did not touch. */
const requestFor = async ({store}: Context, {id, accountUuid, request, safetyBackup, within, items}: Task, undone: Backup): Promise<RollbackRequest> => {
	if (request.kind === 'rollback') {
		const {rollback} = request;

		return {
			task: id,
			safetyBackup: safetyBackup!,
			selection: within?.selection ?? rollback.selection,
			brought: (within?.items ?? rollback.brought).map(({name, parts}) => ({name, parts: parts ?? [], backup: rollback.safetyBackup})),
		};
	}

	if (request.kind !== 'restore') {
		throw new TypeError('only restores and rollbacks are undone');
	}

	const restore = {...request.restore, ...within};
	const {backups} = await store.read('backups', accountUuid!);
	const find = (backup: string): Backup | undefined => backups.find(each => each.id === backup);
	// Where the backup is gone its items are those of the safety backup.
	const choices = choicesOf(restore, (find(restore.backup) ?? undone).items);
	const config = choices.some(({name}) => name === 'config') || restore.isSuspending !== true ? [] : [{name: 'config' as const, parts: ['config'], backup: restore.backup}];

	return {
		task: id,
		safetyBackup: safetyBackup!,
		selection: restore.selection,
		brought: [...config, ...choices.map(({name, parts, backup}) => {
			const source = find(backup ?? restore.backup);

			return {name, backup: backup ?? restore.backup, parts: name === 'homedir' ? [] : parts ?? [...new Set([...partsOf({name, parts, backup}, source ?? undone), ...restore.isTerminating === true ? removedParts(name, items, undone) : []])]};
		})],
	};
};

/** Of a terminated account the parts go that were live alone. Where the task died before it could say which, any that there was may have gone. */
const removedParts = (name: ItemName, results: Task['items'], undone: Backup): readonly string[] => [results, undone.items].map(items => items.find(item => item.name === name)?.parts ?? []).find(parts => parts.length > 0)?.map(part => part.name) ?? [];

const previewBrought = async (context: Context, item: RollbackRequest['brought'][number], {engine, undone, signal}: {readonly engine: Engine; readonly undone: Backup; readonly signal: AbortSignal}): Promise<readonly RestorePreview[]> => {
	const {identities} = await context.store.read('accounts');
	const account = identities.find(({uuid}) => uuid === undone.accountUuid);
	const {back, gone} = sortParts(item, undone);
	const options = {
		context, engine, isMerge: false, isReplacing: false, isTerminating: false, isRecreating: false, signal,
	};

	return [
		...back.length === 0
			? []
			: [await withBrought(item, {
				accountUuid: undone.accountUuid, from: context, engine, signal,
			}, async brought => previewItem({choice: {name: item.name, parts: back, backup: null}, source: undone, account}, {...options, brought}))],
		...gone.map(part => previewRemoval(item.name, part)),
	];
};

/** What the restore brought into the home and was changed or removed since. */
const findChanges = async (context: Context, engine: Engine, {rollback: {brought, selection}, undone: {accountUuid}}: {readonly rollback: RollbackRequest; readonly undone: Backup}): Promise<RollbackPreview['changedSince']> => {
	const home = brought.find(({name}) => name === 'homedir');
	const {backups} = await context.store.read('backups', accountUuid);
	const source = backups.find(({id}) => id === home?.backup);

	if (source === undefined) {
		return {count: 0, paths: []};
	}

	const changes = await engine.diffLive(await toTreeRequest(context, source, {
		backup: source.id, selection, target: {type: 'original'}, isMerge: false,
	}));
	const changed = changes.filter(({change}) => change !== 'added');

	return {count: changed.length, paths: changed.slice(0, pathsShown).map(({path}) => path)};
};

const refuse = (message: string, hint: string): UserError => new UserError(message, {code: 'refused', hint});
