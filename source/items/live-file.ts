/**
Files of services, any of which may lie in a home: reached one folder after another, so that nobody but root leads us elsewhere, and replaced beside-and-rename.
*/
import type {Buffer} from 'node:buffer';
import {
	closeSync,
	constants,
	fchmodSync,
	fchownSync,
	fstatSync,
	fsyncSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import process from 'node:process';
import type {RawPath} from '../domain/raw-name.ts';
import {Directory} from '../system/directory.ts';

export type FileOwner = {
	/** Permission bits. */
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
};

export type LiveFile = {readonly content: Buffer; readonly owner: FileOwner};

/** More than any table, zone or key has. */
const maxSizeInBytes = 64 << 20;

/**
Reads a file; `undefined` where there is none.
@throws Error for what is no regular file, or may be somebody else's by another name
*/
export const readLiveFile = (path: RawPath): LiveFile | undefined => {
	try {
		return inFolder(path, (folder, name) => readIn(folder, name));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

/** As `readLiveFile`, for a single name in an open folder, where it must be. */
export const readIn = (folder: Directory, name: RawPath): LiveFile => {
	const fd = folder.openFile(name, constants.O_RDONLY | constants.O_NONBLOCK);

	try {
		const stats = fstatSync(fd);

		if (!stats.isFile()) {
			throw new Error(`${name} is no regular file`);
		}

		// In a folder of a user's, a second name may be the work of that user, and the file somebody else's secret.
		if (stats.nlink > 1 && stats.uid !== Number(folder.stat().uid) && !isTrusted(Number(folder.stat().uid))) {
			throw new Error(`${name} has another name elsewhere and another owner than its folder`);
		}

		if (stats.size > maxSizeInBytes) {
			throw new Error(`${name} is larger than ${maxSizeInBytes} bytes`);
		}

		return {content: readFileSync(fd), owner: {mode: stats.mode & 0o777, uid: stats.uid, gid: stats.gid}};
	} finally {
		closeSync(fd);
	}
};

/** Replaces a file, or makes it: after a crash the old or the new content is there, whole. */
export const writeLiveFile = (path: RawPath, content: Uint8Array, owner: FileOwner): void => {
	inFolder(path, (folder, name) => {
		replaceIn(folder, name, {content, owner});
	});
};

/** As `writeLiveFile`, for a single name in an open folder. */
export const replaceIn = (folder: Directory, name: RawPath, {content, owner}: {readonly content: Uint8Array; readonly owner: FileOwner}): void => {
	const temporary = `.${name}.holdfast`;
	removeIfThere(folder, temporary);

	try {
		const fd = folder.openFile(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);

		try {
			writeFileSync(fd, content);

			if (process.geteuid!() === 0) {
				fchownSync(fd, owner.uid, owner.gid);
			}

			fchmodSync(fd, owner.mode);
			fsyncSync(fd);
		} finally {
			closeSync(fd);
		}

		folder.rename(temporary, name);
	} catch (error) {
		removeIfThere(folder, temporary);
		throw error;
	}

	fsyncSync(folder.fd);
};

/** What a new file beside it would get: the folder's owner. */
export const ownerBeside = (path: RawPath, mode: number): FileOwner => inFolder(path, folder => {
	const {uid, gid} = folder.stat();

	return {mode, uid: Number(uid), gid: Number(gid)};
});

export const isThere = (path: RawPath): boolean => {
	try {
		return inFolder(path, (folder, name) => folder.tryLstat(name) !== undefined);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return false;
		}

		throw error;
	}
};

export const removeLiveFile = (path: RawPath): void => {
	inFolder(path, (folder, name) => {
		folder.remove(name);
	});
};

export const removeIfThere = (folder: Directory, name: RawPath): void => {
	if (folder.tryLstat(name) !== undefined) {
		folder.remove(name);
	}
};

const inFolder = <Result>(path: RawPath, work: (folder: Directory, name: RawPath) => Result): Result => {
	const slash = path.lastIndexOf('/');
	const folder = Directory.openTrusted(slash === 0 ? '/' : path.slice(0, slash), false);

	try {
		return work(folder, path.slice(slash + 1));
	} finally {
		folder.close();
	}
};

const isTrusted = (uid: number): boolean => uid === 0 || uid === process.geteuid!();
