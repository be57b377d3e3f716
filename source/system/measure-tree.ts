import type {BigIntStats} from 'node:fs';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {joinRaw, type RawPath} from '../domain/raw-name.ts';
import {Directory} from './directory.ts';
import {readMountPoints} from './mounts.ts';

/** Of regular files: paths, and their content, a hard link's once. */
export type FilesSize = {readonly files: number; readonly bytes: number};

export type TreeSize = FilesSize & {
	/** Entries of any kind. */
	readonly entries: number;
	/** Of all these, what is left out. The content of a file that has another link which is not left out stays. */
	readonly excluded: FilesSize;
	/** What each exclusion leaves out, whatever the others do. */
	readonly byExclusion: readonly FilesSize[];
	/** Folders that could not be read, and are not counted. */
	readonly unreadable: number;
};

export type MeasureOptions = {
	/** Each tells whether a path, relative to the root, and all below it is left out. */
	readonly exclusions: ReadonlyArray<(path: RawPath) => boolean>;
	/** Paths, relative to the root, of which nothing is ever left out. */
	readonly held?: ReadonlySet<RawPath>;
	readonly signal?: AbortSignal | undefined;
};

/** Deeper trees would need more open folders than a process may have. */
const deepest = 500;
/** So that whoever measures stays awake. */
const foldersAtOnce = 50;

/**
Measures a tree by descriptors; no link is followed and no mount entered.
@throws the system's error when the root cannot be opened; what aborted the signal.
*/
export const measureTree = async (root: RawPath, {exclusions, held = new Set(), signal}: MeasureOptions): Promise<TreeSize> => {
	const mounts = readMountPoints();
	const tally = new Tally(exclusions.length);
	let entries = 0;
	let unreadable = 0;
	let folders = 0;

	const leftOutBy = (path: RawPath, {outBy, isHeld}: Place): readonly number[] => isHeld ? [] : exclusions.flatMap((isExcluded, index) => outBy.includes(index) || isExcluded(path) ? index : []);

	const measureFolder = async (folder: Directory, place: Place): Promise<void> => {
		for (const name of namesOf(folder) ?? []) {
			const stats = folder.tryLstat(name);

			if (stats === undefined) {
				continue;
			}

			const path = place.path === '' ? name : joinRaw(place.path, name);
			const isHeld = place.isHeld || held.has(path);
			const outBy = leftOutBy(path, {...place, isHeld});
			entries++;

			if (stats.isFile()) {
				tally.add(stats, outBy);
			} else if (stats.isDirectory() && !mounts.has(`${root}/${path}`)) {
				await enter(folder, {
					name, path, outBy, isHeld, depth: place.depth + 1,
				});
			}
		}
	};

	const enter = async (parent: Directory, {name, ...place}: Place & {readonly name: RawPath}): Promise<void> => {
		const folder = place.depth > deepest ? undefined : tryOpen(parent, name);

		if (folder === undefined) {
			unreadable++;
			return;
		}

		try {
			if (++folders % foldersAtOnce === 0) {
				await nextTurn();
				signal?.throwIfAborted();
			}

			await measureFolder(folder, place);
		} finally {
			folder.close();
		}
	};

	const folder = Directory.open(root);

	try {
		await measureFolder(folder, {
			path: '', outBy: [], isHeld: false, depth: 0,
		});
	} finally {
		folder.close();
	}

	return {...tally.sums(), entries, unreadable};
};

/** `outBy`: indexes of the exclusions that leave out all of it. */
type Place = {readonly path: RawPath; readonly outBy: readonly number[]; readonly isHeld: boolean; readonly depth: number};

/** A file with several links is left out where all of them are. */
type LinkedFile = {readonly size: number; readonly isOut: boolean; readonly outBy: readonly number[]};

class Tally {
	readonly #all = {files: 0, bytes: 0};
	readonly #excluded = {files: 0, bytes: 0};
	readonly #byExclusion: ReadonlyArray<{files: number; bytes: number}>;
	readonly #linked = new Map<string, LinkedFile>();

	constructor(exclusionCount: number) {
		this.#byExclusion = Array.from({length: exclusionCount}, () => ({files: 0, bytes: 0}));
	}

	#count({files, bytes}: FilesSize, isOut: boolean, outBy: readonly number[]): void {
		for (const sum of [this.#all, ...isOut ? [this.#excluded] : [], ...outBy.map(index => this.#byExclusion[index]!)]) {
			sum.files += files;
			sum.bytes += bytes;
		}
	}

	add({dev, ino, nlink, size}: BigIntStats, outBy: readonly number[]): void {
		const isOut = outBy.length > 0;
		this.#count({files: 1, bytes: 0}, isOut, outBy);

		if (nlink === 1n) {
			this.#count({files: 0, bytes: Number(size)}, isOut, outBy);
			return;
		}

		const key = `${dev} ${ino}`;
		const known = this.#linked.get(key) ?? {size: Number(size), isOut, outBy};
		this.#linked.set(key, {...known, isOut: known.isOut && isOut, outBy: known.outBy.filter(index => outBy.includes(index))});
	}

	sums(): Pick<TreeSize, 'files' | 'bytes' | 'excluded' | 'byExclusion'> {
		for (const {size, isOut, outBy} of this.#linked.values()) {
			this.#count({files: 0, bytes: size}, isOut, outBy);
		}

		return {...this.#all, excluded: this.#excluded, byExclusion: this.#byExclusion};
	}
}

/** Vanished, not a folder any more, or not ours to read. */
const passableCodes: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'EMFILE']);

const tryOpen = (parent: Directory, name: RawPath): Directory | undefined => {
	try {
		return parent.openFolder(name);
	} catch (error) {
		if (passableCodes.has((error as NodeJS.ErrnoException).code)) {
			return undefined;
		}

		throw error;
	}
};

const namesOf = (folder: Directory): readonly RawPath[] | undefined => {
	try {
		return folder.names();
	} catch (error) {
		if (passableCodes.has((error as NodeJS.ErrnoException).code)) {
			return undefined;
		}

		throw error;
	}
};
