/**
Walks a tree in catalog order through descriptors: a folder's own entries first, then folder after folder below it. In a large tree the folders that come next are listed ahead by other
threads. The tree's owner may change it meanwhile; nothing outside the root is ever opened.
*/
import type {BigIntStats} from 'node:fs';
import {joinRaw, type RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import {HeldFolder} from '../base/held-folder.ts';
import type {FolderLister} from './folder-lister.ts';
import type {FolderListing, ListedBelow} from './folder-listing.ts';

/** Descriptors kept on the way down; folders further up are closed and found again on the way back. */
const maxOpenDepth = 200;
/** Folders that are open and listed ahead of the walk. */
const maxAhead = 96;

export type WalkedFolder = {
	readonly path: RawPath;
	readonly folder: HeldFolder;
	readonly listing: FolderListing;
};

export type WalkOptions = {
	readonly lister: Pick<FolderLister, 'isAhead' | 'listNow' | 'listAhead' | 'flush'>;
	/** Reads the entries of a folder; the names it returns are entered one after another. */
	readonly visit: (folder: WalkedFolder) => Promise<readonly RawPath[]>;
	/** A folder that could not be listed or entered; ENOENT when it vanished meanwhile. */
	readonly onUnreadable: (path: RawPath, error: NodeJS.ErrnoException) => void;
};

type Ahead = {readonly folder: HeldFolder; readonly listed: Promise<FolderListing | NodeJS.ErrnoException>};

/** What is known of a folder that is entered: a listing that was asked for ahead, or one that came with its parent's. */
type Entering = {readonly path: RawPath; readonly name: RawPath; readonly ahead: Ahead['listed'] | undefined; readonly below: ListedBelow | undefined};

type Frame = {
	readonly path: RawPath;
	readonly name: RawPath;
	readonly identity: BigIntStats;
	folder: HeldFolder | undefined;
	readonly names: readonly RawPath[];
	/** What was listed with the folder. */
	readonly below: FolderListing['below'];
	next: number;
	/** What was listed ahead, by position in `names`; errors are met again when their turn comes. */
	readonly ahead: Map<number, Ahead>;
	nextAhead: number;
};

export const walkTree = async (root: Directory, options: WalkOptions): Promise<void> => {
	const walk = new TreeWalk(options);

	try {
		await walk.run(root);
	} finally {
		walk.close();
	}
};

class TreeWalk {
	readonly #options: WalkOptions;
	readonly #stack: Frame[] = [];
	#aheadCount = 0;

	constructor(options: WalkOptions) {
		this.#options = options;
	}

	/** Enters the next folder of the topmost frame, or leaves it. */
	async #step(): Promise<void> {
		const frame = this.#stack.at(-1)!;
		const position = frame.next;
		const name = frame.names[position];

		if (name === undefined) {
			frame.folder?.release();
			this.#stack.pop();
			return;
		}

		frame.next++;
		const path = joinRaw(frame.path, name);

		try {
			const ahead = frame.ahead.get(position);

			if (ahead) {
				frame.ahead.delete(position);
				this.#aheadCount--;
				await this.#enter(ahead.folder, {
					path, name, ahead: ahead.listed, below: undefined,
				});
			} else {
				reopen(this.#stack);
				const folder = new HeldFolder(frame.folder!.directory.openFolder(name));
				await this.#enter(folder, {
					path, name, ahead: undefined, below: frame.below.get(name),
				});
			}
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === undefined || (error as Error).name === 'UserError') {
				throw error;
			}

			this.#options.onUnreadable(path, error as NodeJS.ErrnoException);
		}
	}

	/** Takes over `folder`, and lets go of it when it cannot be listed. */
	async #enter(folder: HeldFolder, {path, name, ahead, below}: Entering): Promise<void> {
		try {
			const identity = folder.directory.stat();
			const listing = ahead ? await this.#awaited(ahead) : listedAs(identity, below) ?? this.#options.lister.listNow(folder);

			if (listing instanceof Error) {
				throw listing;
			}

			const names = await this.#options.visit({path, folder, listing});
			this.#stack.push({
				path, name, identity, folder, names, below: listing.below, next: 0, ahead: new Map(), nextAhead: 0,
			});
		} catch (error) {
			folder.release();
			throw error;
		}

		closeFar(this.#stack);
		this.#lookAhead();
	}

	async #awaited(listed: Ahead['listed']): Promise<FolderListing | NodeJS.ErrnoException> {
		this.#options.lister.flush();

		return listed;
	}

	/** Has the folders listed that come next: those below the newest folder first, then its siblings. */
	#lookAhead(): void {
		if (!this.#options.lister.isAhead || this.#aheadCount > maxAhead / 2) {
			return;
		}

		for (let depth = this.#stack.length - 1; depth >= 0 && this.#aheadCount < maxAhead; depth--) {
			this.#lookAheadIn(this.#stack[depth]!);
		}

		this.#options.lister.flush();
	}

	#lookAheadIn(frame: Frame): void {
		frame.nextAhead = Math.max(frame.nextAhead, frame.next);

		while (frame.folder && this.#aheadCount < maxAhead && frame.nextAhead < frame.names.length) {
			const position = frame.nextAhead;
			const name = frame.names[position]!;
			frame.nextAhead++;
			const folder = frame.below.has(name) ? undefined : tryOpen(frame.folder.directory, name);

			if (!folder) {
				continue;
			}

			frame.ahead.set(position, {folder, listed: this.#options.lister.listAhead(folder)});
			this.#aheadCount++;
		}
	}

	async run(root: Directory): Promise<void> {
		await this.#enter(new HeldFolder(root), {
			path: '', name: '', ahead: undefined, below: undefined,
		});

		while (this.#stack.length > 0) {
			await this.#step();
		}
	}

	close(): void {
		for (const {folder, ahead} of this.#stack) {
			folder?.release();

			for (const {folder: child} of ahead.values()) {
				child.release();
			}
		}
	}
}

/** What was listed of a folder through its parent, if it is still the same. */
const listedAs = ({dev, ino}: BigIntStats, below: ListedBelow | undefined): FolderListing | undefined => below?.device === Number(dev) && below.inode === Number(ino) ? below.listing : undefined;

/** Whatever is wrong is met again, and named, when the folder's turn comes. */
const tryOpen = (parent: Directory, name: RawPath): HeldFolder | undefined => {
	try {
		return new HeldFolder(parent.openFolder(name));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === undefined) {
			throw error;
		}

		return undefined;
	}
};

/** Closes the folder that is now too far up. */
const closeFar = (stack: Frame[]): void => {
	const far = stack[stack.length - 1 - maxOpenDepth];

	// The root stays open: everything is found again from there.
	if (!far || far === stack[0]) {
		return;
	}

	far.folder?.release();
	far.folder = undefined;
};

/** Opens the topmost frame's folder again if it was closed, by walking down from the nearest open one; each must be the folder it was. */
const reopen = (stack: Frame[]): void => {
	const nearest = stack.findLastIndex(({folder}) => folder !== undefined);

	if (nearest === stack.length - 1) {
		return;
	}

	let current = stack[nearest]!.folder!.directory;

	for (const frame of stack.slice(nearest + 1)) {
		const directory = current.openFolder(frame.name);
		const {dev, ino} = directory.stat();
		frame.folder = new HeldFolder(directory);
		current = directory;

		if (dev !== frame.identity.dev || ino !== frame.identity.ino) {
			throw Object.assign(new Error('the folder was replaced while it was read'), {code: 'ESTALE'});
		}
	}

	for (const frame of stack.slice(Math.max(1, nearest + 1), Math.max(1, stack.length - maxOpenDepth))) {
		frame.folder?.release();
		frame.folder = undefined;
	}
};
