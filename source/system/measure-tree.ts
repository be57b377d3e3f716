import {setImmediate as nextTurn} from 'node:timers/promises';
import {joinRaw, type RawPath} from '../domain/raw-name.ts';
import {Directory} from './directory.ts';
import {readMountPoints} from './mounts.ts';

export type TreeSize = {
	/** Regular files and their content; a hard link as often as it is there. */
	readonly files: number;
	readonly bytes: number;
	/** Entries of any kind. */
	readonly entries: number;
	/** Of all these, what is left out. */
	readonly excluded: {readonly files: number; readonly bytes: number};
	/** Folders that could not be read, and are not counted. */
	readonly unreadable: number;
};

export type MeasureOptions = {
	/** Whether a path, relative to the root, and all below it is left out. */
	readonly isExcluded: (path: RawPath) => boolean;
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
export const measureTree = async (root: RawPath, {isExcluded, signal}: MeasureOptions): Promise<TreeSize> => {
	const mounts = readMountPoints();
	const size = {
		files: 0, bytes: 0, entries: 0, excluded: {files: 0, bytes: 0}, unreadable: 0,
	};
	let folders = 0;

	const measureFolder = async (folder: Directory, {path, isOut, depth}: Place): Promise<void> => {
		for (const name of namesOf(folder) ?? []) {
			const stats = folder.tryLstat(name);

			if (stats === undefined) {
				continue;
			}

			const entryPath = path === '' ? name : joinRaw(path, name);
			const isEntryOut = isOut || isExcluded(entryPath);
			size.entries++;

			if (stats.isFile()) {
				size.files++;
				size.bytes += Number(stats.size);
				size.excluded.files += Number(isEntryOut);
				size.excluded.bytes += isEntryOut ? Number(stats.size) : 0;
			} else if (stats.isDirectory() && !mounts.has(`${root}/${entryPath}`)) {
				await enter(folder, {
					name, path: entryPath, isOut: isEntryOut, depth: depth + 1,
				});
			}
		}
	};

	const enter = async (parent: Directory, {name, ...place}: Place & {readonly name: RawPath}): Promise<void> => {
		const folder = place.depth > deepest ? undefined : tryOpen(parent, name);

		if (folder === undefined) {
			size.unreadable++;
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
		await measureFolder(folder, {path: '', isOut: false, depth: 0});
	} finally {
		folder.close();
	}

	return size;
};

type Place = {readonly path: RawPath; readonly isOut: boolean; readonly depth: number};

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
