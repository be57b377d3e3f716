/** Moves what is in a home into a folder of ours inside it, and back: by renames of single names below held folders. */
import {fchmodSync, fchownSync} from 'node:fs';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {joinRaw, type RawPath} from '../../../domain/raw-name.ts';
import {asideNames} from '../../../engine/restore/aside-names.ts';
import {setTimes} from '../../../engine/restore/file-restore.ts';
import type {Unheld} from '../../../engine/restore/unheld.ts';
import type {Directory} from '../../../system/directory.ts';
import {readMountPoints} from '../../../system/mounts.ts';

export type KeptOptions = {
	readonly root: Directory;
	/** Raw. */
	readonly home: RawPath;
	readonly unheld: Unheld;
};

const entriesPerTurn = 2000;

/** Paths that must stay where they are: what the backup could not hold, and mounts. */
export const findKept = async ({root, home, unheld}: KeptOptions): Promise<readonly RawPath[]> => {
	const mounts = readMountPoints();
	const {dev} = root.stat();
	const kept: RawPath[] = [];
	let count = 0;

	const visit = async (folder: Directory, path: RawPath): Promise<void> => {
		for (const name of folder.names()) {
			const child = joinRaw(path, name);
			const stats = folder.tryLstat(name);
			count++;

			if (count % entriesPerTurn === 0) {
				await nextTurn();
			}

			if (stats === undefined || (path === '' && asideNames.has(name))) {
				continue;
			}

			if (unheld(child) !== undefined || (stats.isDirectory() && (stats.dev !== dev || mounts.has(`${home}/${child}`)))) {
				kept.push(child);
			} else if (stats.isDirectory()) {
				await within(folder, name, async inner => visit(inner, child));
			}
		}
	};

	await visit(root, '');

	return kept;
};

/** Which folders cannot move as a whole. */
export class Kept {
	readonly #paths: ReadonlySet<RawPath>;
	readonly #above = new Set<RawPath>();

	constructor(paths: readonly RawPath[]) {
		this.#paths = new Set(paths);

		for (const path of paths) {
			for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
				this.#above.add(path.slice(0, end));
			}
		}
	}

	stays(path: RawPath): boolean {
		return this.#paths.has(path);
	}

	isAbove(path: RawPath): boolean {
		return this.#above.has(path);
	}
}

/** Moves all but what is kept; folders above something kept stay, and get a likeness. */
export const moveAside = async (root: Directory, aside: Directory, kept: Kept): Promise<void> => {
	const visit = async (folder: Directory, target: Directory, path: RawPath): Promise<void> => {
		for (const name of folder.names()) {
			const child = joinRaw(path, name);

			if (kept.stays(child) || (path === '' && asideNames.has(name))) {
				continue;
			}

			if (kept.isAbove(child)) {
				if (target.tryLstat(name) === undefined) {
					target.makeFolder(name, 0o700);
				}

				await within(folder, name, async inner => within(target, name, async innerTarget => {
					copyLooks(inner, innerTarget);
					await visit(inner, innerTarget, child);
				}));
			} else {
				target.moveFrom(folder, name, name);
			}
		}

		await nextTurn();
	};

	await visit(root, aside, '');
};

/** The way back, which may have been begun before. */
export const moveBack = async (root: Directory, aside: Directory, kept: Kept): Promise<void> => {
	const visit = async (source: Directory, folder: Directory, path: RawPath): Promise<void> => {
		for (const name of source.names()) {
			const child = joinRaw(path, name);

			if (kept.isAbove(child) && folder.tryLstat(name)?.isDirectory() === true) {
				await within(source, name, async inner => within(folder, name, async target => {
					await visit(inner, target, child);
					copyLooks(inner, target);
				}));
				source.removeFolder(name);
			} else if (folder.tryLstat(name) === undefined) {
				folder.moveFrom(source, name, name);
			} else {
				throw new Error('something else has taken the place of what was set aside');
			}
		}

		await nextTurn();
	};

	await visit(aside, root, '');
};

/** Removes a folder of ours and all in it; never what is mounted there. */
export const removeTree = async (parent: Directory, name: RawPath): Promise<void> => {
	const stats = parent.tryLstat(name);

	if (stats === undefined) {
		return;
	}

	if (!stats.isDirectory()) {
		parent.remove(name);
		return;
	}

	if (stats.dev !== parent.stat().dev) {
		throw new Error('another file system is mounted in what was set aside');
	}

	await within(parent, name, async folder => {
		for (const child of folder.names()) {
			await removeTree(folder, child);
		}
	});
	await nextTurn();
	parent.removeFolder(name);
};

const copyLooks = (from: Directory, to: Directory): void => {
	const {mode, uid, gid, mtimeNs} = from.stat();
	setLooks(to, {
		mode: Number(mode & 0o7777n), uid: Number(uid), gid: Number(gid), modifiedNs: mtimeNs,
	});
};

export type Looks = {readonly mode: number; readonly uid: number; readonly gid: number; readonly modifiedNs: bigint};

/** Owner, mode and time of a folder. */
export const setLooks = (folder: Directory, {mode, uid, gid, modifiedNs}: Looks): void => {
	fchownSync(folder.fd, uid, gid);
	fchmodSync(folder.fd, mode);
	setTimes(folder.fd, modifiedNs);
};

const within = async (parent: Directory, name: RawPath, work: (folder: Directory) => Promise<void>): Promise<void> => {
	const folder = parent.openFolder(name);

	try {
		await work(folder);
	} finally {
		folder.close();
	}
};
