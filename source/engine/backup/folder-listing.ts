/**
A folder's names with what a scan compares of each entry, as plain numbers: whole listings cross a thread boundary for next to nothing. Times are milliseconds and lose their last 200 nanoseconds, which
is no loss here: what is taken as unchanged is older than the last scan by far more than that.
*/
import {lstatSync, readdirSync} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import {standInForeign, systemPath} from '../../system/directory.ts';

/** Positions in an entry's numbers. */
export const field = {
	/** Type and permission bits; 0 when the entry vanished meanwhile. */
	mode: 0,
	device: 1,
	inode: 2,
	links: 3,
	size: 4,
	modifiedMs: 5,
	changedMs: 6,
} as const;

export const fieldCount = 7;

export type FolderListing = {
	/** In byte order. */
	readonly names: readonly RawPath[];
	/** `fieldCount` numbers an entry. */
	readonly facts: Float64Array;
	/** Folders in it that were listed with it, by name. */
	readonly below: ReadonlyMap<RawPath, ListedBelow>;
};

/** What was listed under a name; whoever opens the name again must find the same folder there. */
export type ListedBelow = {readonly device: number; readonly inode: number; readonly listing: FolderListing};

const nothingBelow: FolderListing['below'] = new Map();

/**
Lists a folder that another thread holds open, and nothing below it.
@throws the system's error when it cannot be listed
*/
export const listForeignFolder = (folderFd: number): FolderListing => {
	const {folder, prefix} = standInForeign(folderFd);
	const names = readdirSync(folder, {encoding: 'latin1'}).toSorted();
	const facts = new Float64Array(names.length * fieldCount);

	let start = 0;

	for (const name of names) {
		const stats = lstatSync(systemPath(prefix + name), {throwIfNoEntry: false});

		if (stats) {
			facts[start] = stats.mode;
			facts[start + field.device] = stats.dev;
			facts[start + field.inode] = stats.ino;
			facts[start + field.links] = stats.nlink;
			facts[start + field.size] = stats.size;
			facts[start + field.modifiedMs] = stats.mtimeMs;
			facts[start + field.changedMs] = stats.ctimeMs;
		}

		start += fieldCount;
	}

	return {names, facts, below: nothingBelow};
};

/** A time as `lstat` gives it in milliseconds, from its exact nanoseconds. */
export const toMilliseconds = (ns: bigint): number => {
	const nanoseconds = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;

	return (Number((ns - nanoseconds) / 1_000_000_000n) * 1000) + (Number(nanoseconds) / 1_000_000);
};
