import type {BigIntStats} from 'node:fs';
import type {RawPath} from '../domain/raw-name.ts';
import {type Directory} from '../system/directory.ts';

/**
Whether all links of a file lie inside the tree. Asked only for files with several links that the account does not own, which are rare; the first question walks the
tree once.
*/
export class LinkCounter {
	readonly #root: Directory;
	#counts: Map<bigint, bigint> | undefined;

	constructor(root: Directory) {
		this.#root = root;
	}

	areAllInside({ino, nlink}: BigIntStats): boolean {
		this.#counts ??= countLinks(this.#root);

		return (this.#counts.get(ino) ?? 0n) >= nlink;
	}
}

const countLinks = (root: Directory): Map<bigint, bigint> => {
	const counts = new Map<bigint, bigint>();
	const {dev} = root.stat();
	countFolder(root, {dev, counts});

	return counts;
};

const countFolder = (folder: Directory, {dev, counts}: {readonly dev: bigint; readonly counts: Map<bigint, bigint>}): void => {
	const names: RawPath[] = [];

	for (const name of folder.names()) {
		const stats = folder.tryLstat(name);

		if (stats?.dev !== dev) {
			continue;
		}

		if (stats.isDirectory()) {
			names.push(name);
		} else if (stats.nlink > 1n) {
			counts.set(stats.ino, (counts.get(stats.ino) ?? 0n) + 1n);
		}
	}

	for (const name of names) {
		const child = tryOpen(folder, name);

		if (child) {
			try {
				countFolder(child, {dev, counts});
			} finally {
				child.close();
			}
		}
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
