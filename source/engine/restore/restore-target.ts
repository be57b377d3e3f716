/** Small acts on the live side of a restore. */
import {type BigIntStats, constants, fstatSync} from 'node:fs';
import type {StepTotal} from '../../domain/restore.ts';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {UserError} from '../../errors.ts';
import {Directory} from '../../system/directory.ts';
import {native} from '../../system/native.ts';
import {folderOf, nameOf} from '../catalog/catalog-order.ts';
import type {RestoreTreeRequest} from '../engine.ts';
import {attributesOf} from '../catalog/extended-attributes.ts';
import {
	applyMetadata,
	type Metadata,
	newTemporaryName,
	temporaryPrefix,
} from './file-restore.ts';
import type {LiveFolders} from './live-folders.ts';

const leftover = new RegExp(String.raw`^${temporaryPrefix.replace('.', String.raw`\.`)}[\da-f]{16}$`, 'v');

/** What a restore that was killed left under a name of its own. */
export const isLeftover = (name: RawPath): boolean => leftover.test(name);

/** The mode bits that say what a node is, for what is made by `mknod`. */
export const nodeTypes: Readonly<Record<string, number>> = {
	fifo: constants.S_IFIFO, characterDevice: constants.S_IFCHR, blockDevice: constants.S_IFBLK, socket: constants.S_IFSOCK,
};

/**
Opens the folder that receives the restore, and makes it where it is missing.
@returns `undefined` for a dry run into a folder that is not there yet
*/
export const openTarget = ({target, isOriginal}: RestoreTreeRequest, isDryRun: boolean): Directory | undefined => {
	try {
		return Directory.openTrusted(target, !isDryRun);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;

		if (code === 'ENOENT' && isDryRun) {
			return undefined;
		}

		const what = isOriginal ? 'The home' : 'The folder';

		throw new UserError(`${what} ${toScreen(target)} cannot be opened (${code === 'ENOTDIR' || code === 'ELOOP' ? 'it is something else, or a symbolic link' : code}).`, {
			code: 'failed',
			hint: 'Nothing was changed. Look at it, or restore to another folder with --to.',
			cause: error,
		});
	}
};

/**
Sets the metadata of an open file or folder; `expected`: what it must still be.
@returns what could not be kept
*/
export const setMetadata = (fd: number, metadata: Metadata, expected?: BigIntStats): string[] => {
	const stats = expected && fstatSync(fd, {bigint: true});

	if (stats && (stats.ino !== expected.ino || stats.nlink !== expected.nlink)) {
		throw new Error('it was replaced meanwhile');
	}

	removeForeignAttributes(fd, metadata);

	return applyMetadata(fd, metadata);
};

/** Removes extended attributes that the stored entry does not have. */
const removeForeignAttributes = (fd: number, {attributes}: Metadata): void => {
	if (!native) {
		return;
	}

	const wanted = new Set(attributes.map(({name}) => name));

	for (const {name} of attributesOf(native.listAttributesOf(fd), attribute => native!.getAttributeOf(fd, attribute))) {
		if (!wanted.has(name)) {
			native.removeAttributeOf(fd, name);
		}
	}
};

export const isEmptyFolder = (folder: Directory, name: RawPath): boolean => {
	const child = folder.openFolder(name);

	try {
		return child.names().length === 0;
	} finally {
		child.close();
	}
};

/** How many things lie at `name`, it included, and the bytes of the files among them. What cannot be entered counts as one. */
export const measure = (folder: Directory, name: RawPath): StepTotal => {
	const stats = folder.tryLstat(name);

	if (!stats?.isDirectory()) {
		return {count: stats ? 1 : 0, bytes: stats?.isFile() ? Number(stats.size) : 0};
	}

	let count = 1;
	let bytes = 0;
	const child = tryOpen(folder, name);

	try {
		for (const childName of child?.names() ?? []) {
			const inner = measure(child!, childName);
			count += inner.count;
			bytes += inner.bytes;
		}
	} finally {
		child?.close();
	}

	return {count, bytes};
};

export const removeIfThere = (folder: Directory, name: RawPath): void => {
	try {
		folder.remove(name);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
			throw error;
		}
	}
};

const tryOpen = (folder: Directory, name: RawPath): Directory | undefined => {
	try {
		return folder.openFolder(name);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === undefined) {
			throw error;
		}

		return undefined;
	}
};

/** Makes `path` a hard link of `firstPath`, beside and renamed where something is replaced. */
export const makeHardLink = (live: LiveFolders, {path: target, firstPath, isReplacing}: {readonly path: RawPath; readonly firstPath: RawPath; readonly isReplacing: boolean}): void => {
	const source = live.open(folderOf(firstPath))?.hold();

	try {
		const folder = live.open(folderOf(target));

		if (!source || !folder) {
			throw new Error('a folder is gone');
		}

		const name = isReplacing ? newTemporaryName() : nameOf(target);
		folder.directory.linkFrom(source.directory, nameOf(firstPath), name);

		if (isReplacing) {
			folder.directory.rename(name, nameOf(target));
			// A rename onto a link of the same file leaves both names.
			removeIfThere(folder.directory, name);
		}
	} finally {
		source?.release();
	}
};
