/**
A folder's names with what a scan compares of each entry, as plain numbers: whole listings cross a thread boundary for next to nothing. Times are milliseconds and lose their last 200 nanoseconds, which
is no loss here: what is taken as unchanged is older than the last scan by far more than that.
*/
import {lstatSync, readdirSync} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import {atForeign, pathOfForeign, systemPath} from '../../system/directory.ts';

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
};

/**
Lists a folder that another thread holds open.
@throws the system's error when it cannot be listed
*/
export const listForeignFolder = (folderFd: number): FolderListing => {
	const names = readdirSync(pathOfForeign(folderFd), {encoding: 'latin1'}).toSorted();
	const facts = new Float64Array(names.length * fieldCount);

	let start = 0;

	for (const name of names) {
		const stats = lstatSync(systemPath(atForeign(folderFd, name)), {throwIfNoEntry: false});

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

	return {names, facts};
};

/** A time as `lstat` gives it in milliseconds, from its exact nanoseconds. */
export const toMilliseconds = (ns: bigint): number => {
	const nanoseconds = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;

	return (Number((ns - nanoseconds) / 1_000_000_000n) * 1000) + (Number(nanoseconds) / 1_000_000);
};

/** Several listings as one reply: names joined by what no name holds. */
export type PackedListings = {readonly names: readonly string[]; readonly facts: Float64Array; readonly errors: ReadonlyArray<{readonly code: string; readonly message: string} | undefined>};

export const packListings = (folderFds: Int32Array): PackedListings => {
	const listings = Array.from(folderFds, fd => tryList(fd));
	const facts = new Float64Array(listings.reduce((sum, listing) => sum + listing.facts.length, 0));
	let position = 0;

	for (const listing of listings) {
		facts.set(listing.facts, position);
		position += listing.facts.length;
	}

	return {names: listings.map(({names}) => names.join('/')), facts, errors: listings.map(({error}) => error)};
};

export const unpackListings = ({names, facts, errors}: PackedListings): Array<FolderListing | {readonly code: string; readonly message: string}> => {
	let position = 0;

	return names.map((joined, index) => {
		const error = errors[index];
		const list = joined === '' ? [] : joined.split('/');
		const part = facts.subarray(position, position + (list.length * fieldCount));
		position += part.length;

		return error ?? {names: list, facts: part};
	});
};

const tryList = (fd: number): FolderListing & {readonly error: {readonly code: string; readonly message: string} | undefined} => {
	try {
		return {...listForeignFolder(fd), error: undefined};
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;

		if (code === undefined) {
			throw error;
		}

		return {names: [], facts: new Float64Array(0), error: {code, message}};
	}
};
