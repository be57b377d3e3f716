import {readdir} from 'node:fs/promises';
import type {Identity} from '../domain/account.ts';
import type {Backup} from '../domain/backup.ts';
import {parseGlob} from '../domain/glob.ts';
import {fromText, toScreen} from '../domain/raw-name.ts';
import {
	choicesOf,
	isEverything,
	type ItemChoice,
	type RestoreRequest,
} from '../domain/restore.ts';
import {UserError} from '../errors.ts';
import {partsOf} from '../items/extract-item.ts';
import {findItem} from '../items/items.ts';
import type {LimitedRestore} from '../runner/tasks/limit-restore.ts';
import {resolveRestoreTarget} from '../runner/tasks/restore-target.ts';
import {readVaultLocation} from '../runner/vault-location.ts';
import {systemPath} from '../system/directory.ts';
import {findBackup} from './backups.ts';
import {checkRestoreManner} from './check-restore-manner.ts';
import type {Context} from './context.ts';
import {limitToRights} from './limit-to-rights.ts';
import {openBackup, requireFiles, type OpenedBackup} from './open-backup.ts';

/** An item that is restored, and the backup it comes from. */
export type PreparedChoice = {
	readonly choice: ItemChoice;
	readonly source: Backup;
	/** The account it belongs to: a live one, or one that is made again. */
	readonly account: Identity | undefined;
};

export type PreparedRestore = {
	readonly backup: Backup;
	/** With the ids of backups written out. */
	readonly restore: RestoreRequest;
	readonly choices: readonly PreparedChoice[];
	/** The account is gone, and is made again. */
	readonly isRecreating: boolean;
	/** The same, as far as the actor may have it. */
	readonly limited: LimitedRestore;
};

export type PrepareOptions = {
	/** It was begun before: a folder that receives it holds what it brought then. */
	readonly isAgain?: boolean;
};

/**
Checks what is asked for.
@throws UserError `notFound`, `refused`, `usage`, `failed`, `key`, `damaged`.
*/
export const prepareRestore = async (context: Context, asked: RestoreRequest, {isAgain = false}: PrepareOptions = {}): Promise<PreparedRestore> => {
	const backup = await findBackup(context, asked.backup);
	const request = await withPartNames(context, backup, asked);
	const limited = await limitToRights(context, backup, request);
	const choices = await resolveChoices(context, backup, limited);
	const isRecreating = choices.some(({name}) => name === 'config');
	await resolveRestoreTarget(context, backup, {target: request.target, isRecreating});
	const account = await findOwner(context, backup, isRecreating);
	await checkRestoreManner(context, {request, choices, account});
	const prepared: PreparedChoice[] = [];

	for (const choice of choices) {
		const source = choice.backup === null ? backup : await findBackup(context, choice.backup);
		await checkChoice(context, choice, {source, request});
		prepared.push({choice, source, account});
	}

	if (prepared.length === 0) {
		throw new UserError(`The backup ${backup.id} holds nothing that could be restored.`, {code: 'notFound', hint: `See what it holds with "holdfast backup show ${backup.id}".`});
	}

	const {folder} = await readVaultLocation(context, {destination: backup.destination});
	await checkFolder(isAgain ? {...request, isMerge: true} : request, [context.store.directory, folder]);

	return {
		backup, choices: prepared, isRecreating: isRecreating && account?.status === 'inactive', restore: {...request, backup: backup.id, ...request.items && {items: await resolveChoices(context, backup, request)}}, limited,
	};
};

/** A database may be named with its server, as in `mysql:alice_shop`, also where its name alone would do. */
const withPartNames = async (context: Context, backup: Backup, request: RestoreRequest): Promise<RestoreRequest> => {
	if (request.items === undefined) {
		return request;
	}

	const items = await Promise.all(request.items.map(async choice => {
		const {items: stored} = choice.backup === null ? backup : await findBackup(context, choice.backup);
		const parts = stored.find(({name}) => name === choice.name)?.parts ?? [];
		const nameOf = (asked: string): string => parts.some(({name}) => name === asked) ? asked : parts.find(({name, kind}) => kind !== undefined && `${kind}:${name}` === asked)?.name ?? asked;

		return {...choice, parts: choice.parts?.map(part => nameOf(part)) ?? null};
	}));

	return {...request, items};
};

/** With the ids of their backups written out. All are of one account. */
const resolveChoices = async (context: Context, backup: Backup, request: RestoreRequest): Promise<readonly ItemChoice[]> => {
	const choices = choicesOf(request, backup.items);
	const sources = await Promise.all(choices.map(async choice => choice.backup === null ? backup : findBackup(context, choice.backup)));
	const foreign = sources.find(({accountUuid}) => accountUuid !== backup.accountUuid);

	if (foreign !== undefined) {
		throw new UserError(`The backup ${foreign.id} is of another account than ${backup.id}.`, {code: 'refused', hint: 'Every item must come from a backup of the same account.'});
	}

	return choices.map((choice, index) => ({...choice, backup: choice.backup === null ? null : sources[index]!.id}));
};

const findOwner = async ({store}: Context, {accountUuid}: Backup, isRecreating: boolean): Promise<Identity | undefined> => {
	const {identities} = await store.read('accounts');

	return identities.find(({uuid, status}) => uuid === accountUuid && (isRecreating || status !== 'inactive'));
};

const checkChoice = async (context: Context, choice: ItemChoice, {source, request}: {readonly source: Backup; readonly request: RestoreRequest}): Promise<void> => {
	if (choice.name !== 'homedir') {
		findItem(choice.name);
		partsOf(choice, source);
		return;
	}

	const opened = await openBackup(context, source.id);

	try {
		checkSelection(request, opened);
	} finally {
		opened.close();
	}
};

const checkSelection = ({selection}: RestoreRequest, opened: OpenedBackup): void => {
	const {backup, files} = opened;

	if (backup.structure !== 'incremental') {
		if (!isEverything(selection)) {
			requireFiles(opened);
		}

		return;
	}

	for (const pattern of selection.excludes) {
		parseGlob(pattern);
	}

	const missing = selection.rules.find(({path, isIncluded}) => isIncluded && files.find(path) === undefined);

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
