/** Opening a file of a home that the walk found: only what the walk saw, and only what belongs to the account, is read. */
import {
	type BigIntStats,
	closeSync,
	constants,
	fstatSync,
	lstatSync,
} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import {atForeign, openForeign, systemPath} from '../../system/directory.ts';
import {mountOf} from '../../system/mounts.ts';
import type {PackedSegment} from '../segments/segment-list.ts';
import {StorageError} from '../storage/storage.ts';
import {inShort} from '../base/thread-error.ts';
import type {CaptureOutcome} from './capture-outcome.ts';

/** How often a file that changes while it is read is read. */
export const maxTries = 3;

/** Both 0 where nobody counted. */
export type CountedFile = {readonly inode: bigint; readonly changedNs: bigint};

export type FileToCapture = {
	readonly folderFd: number;
	readonly name: RawPath;
	/** Inode and change time of a file all of whose links were found inside the home. */
	readonly counted: CountedFile;
	/** What it began with in the last backup. */
	readonly beginning?: PackedSegment | undefined;
};

export type CaptureBounds = {
	/** Of the home: another file system is not entered. */
	readonly device: bigint;
	/** The account's. */
	readonly uid: number;
};

/** Opens a file for reading, or says why it is not read; the caller closes it. */
export const openFound = (file: FileToCapture, {device, uid}: CaptureBounds): CaptureOutcome | {readonly fd: number; readonly before: BigIntStats} => {
	let fd: number;

	try {
		fd = openForeign(file.folderFd, file.name, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
	} catch (error) {
		return asFailure(error);
	}

	try {
		const before = fstatSync(fd, {bigint: true});

		// Between listing and opening it became something else, or a door to another file system.
		if (!before.isFile()) {
			closeSync(fd);
			return {type: 'vanished'};
		}

		// A file of an overlay may be on another device than its folder.
		if (before.dev !== device && mountOf(fd) !== mountOf(file.folderFd)) {
			closeSync(fd);
			return {type: 'unreadable', message: 'another file system was mounted over it'};
		}

		if (Number(before.uid) === uid || isOnlyInside(before, file)) {
			return {fd, before};
		}

		closeSync(fd);
		return {type: 'foreign'};
	} catch (error) {
		closeSync(fd);
		return asFailure(error);
	}
};

/**
Whether an opened file of somebody else's has no link outside the home. Its number of links alone does not tell: its owner may have removed the one in the home after it was opened. So the
name must still be this file, and its only one.
*/
const isOnlyInside = (opened: BigIntStats, {folderFd, name, counted}: FileToCapture): boolean => {
	if (opened.nlink > 1n) {
		return opened.ino === counted.inode && opened.ctimeNs === counted.changedNs;
	}

	const named = lstatSync(systemPath(atForeign(folderFd, name)), {bigint: true, throwIfNoEntry: false});

	return named?.ino === opened.ino && named.dev === opened.dev && named.nlink === 1n;
};

/** Growing while read is normal for logs: what was there when it was opened is stored whole. */
export const noteOf = (before: BigIntStats, after: BigIntStats, isShort: boolean): 'grown' | 'changing' | undefined => {
	if (isShort || after.size < before.size) {
		return 'changing';
	}

	if (after.size > before.size) {
		return 'grown';
	}

	return after.mtimeNs === before.mtimeNs && after.ctimeNs === before.ctimeNs ? undefined : 'changing';
};

/** What a failure to read means for the file; a failure of the destination is thrown on. */
export const asFailure = (error: unknown): CaptureOutcome => {
	const {code} = error as NodeJS.ErrnoException;

	if (code === undefined || error instanceof StorageError) {
		throw error;
	}

	// ELOOP: a symbolic link now stands where a file was listed. ENXIO: a socket or a FIFO does.
	return ['ENOENT', 'ELOOP', 'ENXIO'].includes(code) ? {type: 'vanished'} : {type: 'unreadable', message: inShort(error)};
};
