import type {Entry} from '../domain/entry.ts';
import {toScreen, type RawPath} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {action, requirePermission} from './action.ts';
import type {Context} from './context.ts';
import {openBackup, resolveStoredPath} from './open-backup.ts';

export type BrowseInput = {
	/** An id, the beginning of one, or `latest:NAME`. */
	readonly backup: string;
	/** As typed: relative to the home or absolute inside it; the home itself unless given. */
	readonly path?: string | undefined;
};

/**
The entries of a stored folder, by name; of anything else the entry itself.
@throws UserError `notFound`, `usage`, `failed`, `key`, `damaged`.
*/
export const listFolder = action('listFolder', async (context: Context, {backup, path = ''}: BrowseInput): Promise<readonly Entry[]> => {
	const opened = await openBackup(context, backup);

	try {
		const raw = resolveStoredPath(opened, path);
		const entry = opened.files.find(raw)!;

		return entry.type === 'directory' ? opened.files.list(raw) : [entry];
	} finally {
		opened.close();
	}
});

/**
All entries below a stored folder, each folder before what it holds. Throws as `listFolder`.
@yields entries
*/
export const listRecursive = async function * (context: Context, {backup, path = ''}: BrowseInput): AsyncGenerator<Entry> {
	await requirePermission(context, 'listRecursive');
	const opened = await openBackup(context, backup);

	try {
		const raw = resolveStoredPath(opened, path);

		for (const entry of opened.files.walk(raw)) {
			if (entry.path !== raw || entry.type !== 'directory') {
				yield entry;
			}
		}
	} finally {
		opened.close();
	}
};

/**
The content of a stored file. Throws as `listFolder`; `usage` for what is no regular file.
@yields pieces of it, each checked
*/
export const readStoredFile = async function * (context: Context, {backup, path}: {readonly backup: string; readonly path: string}): AsyncGenerator<Uint8Array> {
	await requirePermission(context, 'readStoredFile');
	const opened = await openBackup(context, backup);

	try {
		const raw = resolveStoredPath(opened, path);
		const entry = opened.files.find(raw)!;

		if (entry.type !== 'file') {
			throw refuseContent(raw, entry);
		}

		yield * opened.files.read(raw);
	} finally {
		opened.close();
	}
};

const refuseContent = (path: RawPath, {type, linkTarget}: Entry): UserError => new UserError(`"${toScreen(path)}" has no content: it is a ${typeNames[type]}.`, {
	code: 'usage',
	hint: linkTarget === null ? 'Name a file.' : `The link points to "${toScreen(linkTarget)}".`,
});

const typeNames: Readonly<Record<Entry['type'], string>> = {
	file: 'file',
	directory: 'folder',
	symlink: 'symbolic link',
	fifo: 'named pipe',
	characterDevice: 'device',
	blockDevice: 'device',
	socket: 'socket',
};
