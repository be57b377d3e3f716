import type {BigIntStats} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import {type Directory} from '../../system/directory.ts';

/** A link or rename stamps a file with a clock that may lag this much. */
const clockMarginNs = 20_000_000n;

type Counted = {readonly changedNs: bigint; readonly places: Set<string>};

/**
Tells whether all links of a file lie inside the tree. Asked only for files with several links that the account does not own, which are rare; the first question walks the tree once.

The owner may move things about meanwhile, to have one link counted twice. So links are counted by folder inode and name, which a moved folder keeps, and only for files whose change time is older than
the count, as linking and renaming a file renew it. What was counted holds as long as that time stays the same.
*/
export class LinkCounter {
	readonly #root: Directory;
	#startedNs = 0n;
	#counted: Map<bigint, Counted> | undefined;

	constructor(root: Directory) {
		this.#root = root;
	}

	areAllInside({ino, nlink, ctimeNs}: BigIntStats): boolean {
		if (!this.#counted) {
			this.#startedNs = BigInt(Date.now()) * 1_000_000n;
			this.#counted = countLinks(this.#root);
		}

		const counted = this.#counted.get(ino);

		return counted !== undefined
			&& BigInt(counted.places.size) >= nlink
			&& counted.changedNs === ctimeNs
			&& ctimeNs < this.#startedNs - clockMarginNs;
	}
}

const countLinks = (root: Directory): Map<bigint, Counted> => {
	const counted = new Map<bigint, Counted>();
	countFolder(root, {device: root.stat().dev, counted});

	return counted;
};

const countFolder = (folder: Directory, {device, counted}: {readonly device: bigint; readonly counted: Map<bigint, Counted>}): void => {
	const subfolders: RawPath[] = [];
	const {ino: folderInode} = folder.stat();

	for (const name of folder.names()) {
		const stats = folder.tryLstat(name);

		if (stats?.dev !== device) {
			continue;
		}

		if (stats.isDirectory()) {
			subfolders.push(name);
		} else if (stats.nlink > 1n) {
			countPlace(counted, stats, `${folderInode}/${name}`);
		}
	}

	for (const name of subfolders) {
		const child = tryOpen(folder, name);

		if (child) {
			try {
				countFolder(child, {device, counted});
			} finally {
				child.close();
			}
		}
	}
};

/** A file that changed since its last link was counted begins anew. */
const countPlace = (counted: Map<bigint, Counted>, {ino, ctimeNs}: BigIntStats, place: string): void => {
	const known = counted.get(ino);

	if (known?.changedNs === ctimeNs) {
		known.places.add(place);
	} else {
		counted.set(ino, {changedNs: ctimeNs, places: new Set([place])});
	}
};

/** A folder that cannot be entered hides links: its files then count as linked from outside, which is the safe side. */
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
