import type {RawPath} from '../domain/raw-name.ts';
import type {Directory} from '../system/directory.ts';

/** Removes a name and all below it, by descriptors: no link is followed. */
export const removeTree = (folder: Directory, name: RawPath): void => {
	const stats = folder.tryLstat(name);

	if (stats === undefined) {
		return;
	}

	if (!stats.isDirectory()) {
		folder.remove(name);
		return;
	}

	const inner = folder.openFolder(name);

	try {
		for (const child of inner.names()) {
			removeTree(inner, child);
		}
	} finally {
		inner.close();
	}

	folder.removeFolder(name);
};
