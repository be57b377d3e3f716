/**
The order of a catalog: folder by folder, folders in depth-first order with siblings in byte order, and within a folder the names in byte order. So the entries of one folder
lie together (browsing is one range), and so do all folders below one (a subtree is one range), and a walk meets them in exactly this order.
*/
import type {RawPath} from '../../domain/raw-name.ts';

const slash = 47;

/** Compares folder paths component by component: `a/b` comes before `a-b`, and a folder before what lies below it. */
export const compareFolders = (left: RawPath, right: RawPath): number => {
	const shared = Math.min(left.length, right.length);

	for (let index = 0; index < shared; index++) {
		const a = left.codePointAt(index)!;
		const b = right.codePointAt(index)!;

		if (a !== b) {
			return (a === slash ? -1 : a) - (b === slash ? -1 : b);
		}
	}

	return left.length - right.length;
};

export const compareNames = (left: RawPath, right: RawPath): number => {
	if (left === right) {
		return 0;
	}

	return left < right ? -1 : 1;
};

export const folderOf = (path: RawPath): RawPath => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const nameOf = (path: RawPath): RawPath => path.slice(path.lastIndexOf('/') + 1);

/** Whether `path` is `folder` or lies below it; the empty folder holds everything. */
export const isWithin = (path: RawPath, folder: RawPath): boolean =>
	folder === '' || path === folder || (path.length > folder.length && path.codePointAt(folder.length) === slash && path.startsWith(folder));
