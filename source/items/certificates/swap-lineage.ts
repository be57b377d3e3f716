import type {RawPath} from '../../domain/raw-name.ts';
import {Directory} from '../../system/directory.ts';
import {removeTree} from '../remove-tree.ts';
import {type LineageFiles, writeLineage, writeRenewal} from './lineage-files.ts';

/** Writes a lineage beside the live one and takes its place by renaming; where that fails, the live one is as it was. */
export const swapLineage = (root: RawPath, stored: LineageFiles, live: LineageFiles): void => {
	const beside = `.${stored.name}.holdfast`;
	const before = `.${stored.name}.before`;
	const folders = (['archive', 'live'] as const).map(kind => Directory.openTrusted(`${root}/${kind}`, true));

	try {
		for (const folder of folders) {
			removeTree(folder, beside);
			recover(folder, stored.name, before);
		}

		writeLineage(root, stored, {live: beside, archive: beside});
		const swapped: Directory[] = [];

		try {
			for (const folder of folders) {
				swapped.push(folder);
				setAside(folder, stored.name, before);
				folder.rename(beside, stored.name);
			}

			writeRenewal(root, stored);
		} catch (error) {
			for (const folder of swapped) {
				putBack(folder, stored.name, before);
			}

			writeRenewal(root, live);
			throw error;
		}

		for (const folder of folders) {
			removeTree(folder, before);
		}
	} finally {
		for (const folder of folders) {
			removeTree(folder, beside);
			folder.close();
		}
	}
};

/** One that died between the two renames left what was live aside. */
const recover = (folder: Directory, name: RawPath, before: RawPath): void => {
	if (folder.tryLstat(name) === undefined) {
		putBack(folder, name, before);
	}

	removeTree(folder, before);
};

const setAside = (folder: Directory, name: RawPath, before: RawPath): void => {
	if (folder.tryLstat(name) !== undefined) {
		folder.rename(name, before);
	}
};

const putBack = (folder: Directory, name: RawPath, before: RawPath): void => {
	if (folder.tryLstat(before) === undefined) {
		return;
	}

	removeTree(folder, name);
	folder.rename(before, name);
};
