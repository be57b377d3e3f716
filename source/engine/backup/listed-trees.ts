/** Listings of folders that were asked for, and of folders below them while there is room, made in one thread and handed to another in one message. */
import {
	closeSync,
	constants,
	fstatSync,
	type Stats,
} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import {openForeignFolder} from '../../system/directory.ts';
import {
	field,
	fieldCount,
	type FolderListing,
	type ListedBelow,
	listForeignFolder,
} from './folder-listing.ts';

/** A reply goes no further down once it holds so many entries. */
const wantedEntries = 768;
/** Each keeps a descriptor open. */
const maxDepth = 16;
/** Larger folders are listed when their turn comes: they may be left out of the backup for just that. */
const maxFolderBytes = 128 << 10;

export type ListingFailure = {readonly code: string; readonly message: string};

/** Listings in the order in which a walk meets the folders, names joined by what no name holds. */
export type PackedListings = {
	readonly names: readonly string[];
	/** Of all entries, one listing after another. */
	readonly facts: Float64Array;
	/** Of each listing: 0 for a folder that was asked for, else how far below one it lies. */
	readonly depths: Uint8Array;
	/** Of those below, by number of the listing. */
	readonly belows: ReadonlyArray<Pick<ListedBelow, 'device' | 'inode'> & {readonly name: RawPath} | undefined>;
	readonly failures: ReadonlyArray<ListingFailure | undefined>;
};

type Listed = {
	readonly depth: number;
	readonly below: PackedListings['belows'][number];
	readonly listing: Pick<FolderListing, 'names' | 'facts'>;
	readonly failure: ListingFailure | undefined;
};

const nothing: Listed['listing'] = {names: [], facts: new Float64Array(0)};

class TreeLister {
	readonly #all: Listed[] = [];
	#entries = 0;

	/** Lists what lies below an open folder until there is enough. Whatever cannot be opened is met again, and named, by the walk. */
	#listBelow(folderFd: number, {names, facts}: FolderListing, depth: number): void {
		for (const [position, name] of names.entries()) {
			if (this.#entries >= wantedEntries) {
				return;
			}

			const start = position * fieldCount;

			if ((facts[start]! & constants.S_IFMT) !== constants.S_IFDIR || facts[start + field.size]! > maxFolderBytes) {
				continue;
			}

			const fd = tryOpen(folderFd, name);

			if (fd === undefined) {
				continue;
			}

			try {
				const stats = fstatSync(fd);

				if (stats.dev === facts[start + field.device] && stats.ino === facts[start + field.inode]) {
					this.#list(fd, depth, {name, stats});
				}
			} finally {
				closeSync(fd);
			}
		}
	}

	#list(folderFd: number, depth: number, opened?: {readonly name: RawPath; readonly stats: Stats}): void {
		const listing = tryList(folderFd);
		const below = opened && {name: opened.name, device: opened.stats.dev, inode: opened.stats.ino};

		if ('code' in listing) {
			// A folder below that cannot be listed is as if nobody had tried.
			if (depth === 0) {
				this.#all.push({
					depth, below, listing: nothing, failure: listing,
				});
			}

			return;
		}

		this.#all.push({
			depth, below, listing, failure: undefined,
		});
		this.#entries += listing.names.length;

		if (depth < maxDepth) {
			this.#listBelow(folderFd, listing, depth + 1);
		}
	}

	run(folderFds: Int32Array): PackedListings {
		for (const fd of folderFds) {
			this.#list(fd, 0);
		}

		const facts = new Float64Array(this.#entries * fieldCount);
		let position = 0;

		for (const {listing} of this.#all) {
			facts.set(listing.facts, position);
			position += listing.facts.length;
		}

		return {
			names: this.#all.map(({listing}) => listing.names.join('/')),
			facts,
			depths: Uint8Array.from(this.#all, ({depth}) => depth),
			belows: this.#all.map(({below}) => below),
			failures: this.#all.map(({failure}) => failure),
		};
	}
}

/** Lists folders that another thread holds open. */
export const listForeignTrees = (folderFds: Int32Array): PackedListings => new TreeLister().run(folderFds);

/** The listing, or why there is none, of each folder that was asked for. */
export const unpackListings = ({names, facts, depths, belows, failures}: PackedListings): Array<FolderListing | ListingFailure> => {
	const asked: Array<FolderListing | ListingFailure> = [];
	/** From the folder that was asked for down to the last one. */
	const way: Array<Map<RawPath, ListedBelow>> = [];
	let position = 0;

	for (const [index, joined] of names.entries()) {
		const depth = depths[index]!;
		const list = joined === '' ? [] : joined.split('/');
		const end = position + (list.length * fieldCount);
		const below = new Map<RawPath, ListedBelow>();
		const listing = {names: list, facts: facts.subarray(position, end), below};
		position = end;
		way[depth] = below;

		if (depth === 0) {
			asked.push(failures[index] ?? listing);
		} else {
			const {name, ...identity} = belows[index]!;
			way[depth - 1]!.set(name, {...identity, listing});
		}
	}

	return asked;
};

const tryOpen = (folderFd: number, name: RawPath): number | undefined => {
	try {
		return openForeignFolder(folderFd, name);
	} catch (error) {
		asFailure(error);
		return undefined;
	}
};

const tryList = (fd: number): FolderListing | ListingFailure => {
	try {
		return listForeignFolder(fd);
	} catch (error) {
		return asFailure(error);
	}
};

/**
What the system said.
@throws what is no error of the system
*/
const asFailure = (error: unknown): ListingFailure => {
	const {code, message} = error as NodeJS.ErrnoException;

	if (code === undefined) {
		throw error;
	}

	return {code, message};
};
