/** The tree that a backup reads: its root, what of it is wanted, and the mounts below it. */
import {compilePruning} from '../../domain/glob.ts';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {UserError} from '../../errors.ts';
import {Directory} from '../../system/directory.ts';
import {readMountPoints} from '../../system/mounts.ts';
import {heldElsewhere} from '../catalog/held-elsewhere.ts';
import {isWithin} from '../catalog/catalog-order.ts';
import type {BackupTreeRequest} from '../engine.ts';

/**
Opens the home.
@throws UserError `failed` when it is missing or cannot be opened, `refused` when it is no folder
*/
export const openHome = (path: RawPath): Directory => {
	try {
		return Directory.open(path);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;

		if (code === 'ENOENT') {
			throw new UserError(`The home ${toScreen(path)} is missing: not mounted?`, {code: 'failed', hint: 'Mount it, or make it again; the backups that exist are untouched.', cause: error});
		}

		if (code === 'ENOTDIR' || code === 'ELOOP') {
			throw new UserError(`The home ${toScreen(path)} is not a folder but something else, or a symbolic link.`, {
				code: 'refused',
				hint: 'Give the account its real home in the user database.',
				cause: error,
			});
		}

		throw new UserError(`The home ${toScreen(path)} cannot be opened (${code}).`, {code: 'failed', hint: 'Look at its owner and mode.', cause: error});
	}
};

/**
A test for what a backup shall hold.
@returns `undefined` when nothing is left out
*/
export const wantedOf = (request: BackupTreeRequest): ((path: RawPath) => boolean) | undefined => {
	const {excludes, onlyPaths} = request;
	const elsewhere = heldElsewhere(request);

	if (onlyPaths === undefined && excludes.length === 0 && elsewhere.length === 0) {
		return undefined;
	}

	const isExcluded = compilePruning(excludes);

	return path => !isExcluded(path) && elsewhere.every(place => path !== place) && (onlyPaths === undefined || onlyPaths.some(wanted => isWithin(path, wanted) || isWithin(wanted, path)));
};

/** Mounts below the home, relative to it. */
export const mountsBelow = (root: RawPath): ReadonlySet<RawPath> => {
	const below = [...readMountPoints()].filter(point => point.startsWith(`${root}/`));

	return new Set(below.map(point => point.slice(root.length + 1)));
};
