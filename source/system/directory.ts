/**
Access to what lies below an open folder, by its descriptor: whoever owns the tree may rename or replace folders at any moment, and we still
never leave the folder we opened. Only single names are ever joined to a descriptor, never a path of several components.
*/
import {Buffer} from 'node:buffer';
import {
	type BigIntStats,
	chmodSync,
	closeSync,
	constants,
	fstatSync,
	lchownSync,
	linkSync,
	lstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readlinkSync,
	realpathSync,
	renameSync,
	rmdirSync,
	symlinkSync,
	unlinkSync,
} from 'node:fs';
import process from 'node:process';
import {isAscii, type RawPath} from '../domain/raw-name.ts';
import {native} from './native.ts';

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

let isDetached = false;
let enteredFd = -1;
/** Where a detached thread stands when it works in no folder: it must keep no home and no mount busy. */
let restFd = -1;

/**
Gives this thread its own working folder, so that bare names replace `/proc/self/fd/N/name` (which costs 2–3 µs a call). Only for worker threads
that do nothing else; without koffi nothing changes but the speed.
*/
export const detachThread = (): void => {
	isDetached = native?.detachWorkingFolder() ?? false;
	restFd = openSync('/', folderFlags);
	leaveFolders();
};

/** Steps out of whatever folder this thread worked in. */
export const leaveFolders = (): void => {
	if (!isDetached) {
		return;
	}

	native!.enter(restFd);
	enteredFd = -1;
};

/** What Node's calls take for a raw path. */
export const systemPath = (raw: RawPath): string | Buffer => isAscii(raw) ? raw : Buffer.from(raw, 'latin1');

/** An open folder. Its methods take single names. */
export class Directory {
	/**
	Opens the root of a tree; everything below it is opened from there.
	@throws the system's error; ENOTDIR and ELOOP where `path` is no folder or a symbolic link.
	*/
	static open(path: RawPath): Directory {
		return new Directory(openSync(systemPath(path), folderFlags));
	}

	/**
	Opens an absolute path one component after another, so that nobody but root and we ourselves can lead it elsewhere by a symbolic link: links of others are refused. Missing folders are made when `isMaking`.
	@throws the system's error; ELOOP where somebody else's link stands in the way
	*/
	static openTrusted(path: RawPath, isMaking: boolean): Directory {
		let current = this.open('/');
		let walked = '';

		const names = path.split('/').filter(component => component !== '' && component !== '.');

		for (const name of names) {
			const next = openTrustedChild(current, {name, walked, isMaking});
			current.close();
			current = next;
			walked += `/${name}`;
		}

		return current;
	}

	/** As `openTrusted`, which makes nothing; `undefined` where there is no such folder. */
	static tryOpenTrusted(path: RawPath): Directory | undefined {
		try {
			return this.openTrusted(path, false);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
				return undefined;
			}

			throw error;
		}
	}

	readonly fd: number;

	private constructor(fd: number) {
		this.fd = fd;
	}

	#enter(): boolean {
		if (!isDetached) {
			return false;
		}

		if (enteredFd !== this.fd) {
			native!.enter(this.fd);
			enteredFd = this.fd;
		}

		return true;
	}

	openFolder(name: RawPath): Directory {
		return new Directory(openSync(this.at(name), folderFlags));
	}

	openFile(name: RawPath, flags: number, mode?: number): number {
		return openSync(this.at(name), flags | constants.O_NOFOLLOW, mode);
	}

	lstat(name: RawPath): BigIntStats {
		return lstatSync(this.at(name), {bigint: true});
	}

	/** The state of `name`, or `undefined` where there is nothing. */
	tryLstat(name: RawPath): BigIntStats | undefined {
		return lstatSync(this.at(name), {bigint: true, throwIfNoEntry: false});
	}

	stat(): BigIntStats {
		return fstatSync(this.fd, {bigint: true});
	}

	names(): RawPath[] {
		return readdirSync(this.path(), {encoding: 'latin1'});
	}

	readLink(name: RawPath): RawPath {
		return readlinkSync(this.at(name), {encoding: 'latin1'});
	}

	makeFolder(name: RawPath, mode: number): void {
		mkdirSync(this.at(name), mode);
	}

	removeFolder(name: RawPath): void {
		rmdirSync(this.at(name));
	}

	remove(name: RawPath): void {
		unlinkSync(this.at(name));
	}

	rename(from: RawPath, to: RawPath): void {
		const source = this.at(from);

		renameSync(source, this.at(to));
	}

	/** Takes `name` from another folder of the same file system, in the place of what is there. */
	moveFrom(source: Directory, sourceName: RawPath, name: RawPath): void {
		renameSync(systemPath(source.rawFrom(sourceName)), systemPath(this.rawFrom(name)));
	}

	makeLink(target: RawPath, name: RawPath): void {
		symlinkSync(systemPath(target), this.at(name));
	}

	/** Makes `name` a hard link of `sourceName` in another folder; a symbolic link is linked itself. */
	linkFrom(source: Directory, sourceName: RawPath, name: RawPath): void {
		linkSync(systemPath(source.rawFrom(sourceName)), systemPath(this.rawFrom(name)));
	}

	/** Of `name` itself, never of what a link points to. */
	changeOwner(name: RawPath, uid: number, gid: number): void {
		lchownSync(this.at(name), uid, gid);
	}

	/** Of something that is not a symbolic link; FIFOs and devices, which must not be opened. */
	changeMode(name: RawPath, mode: number): void {
		chmodSync(this.at(name), mode);
	}

	/** A path of this folder that any of Node's calls can use in this thread right now. */
	path(): string {
		return this.#enter() ? '.' : `/proc/self/fd/${this.fd}`;
	}

	/** A raw path of `name` in this folder, good for one call in this thread. */
	rawAt(name: RawPath): RawPath {
		return this.#enter() ? name : `/proc/self/fd/${this.fd}/${name}`;
	}

	at(name: RawPath): string | Buffer {
		return systemPath(this.rawAt(name));
	}

	/** A raw path that also names `name` in calls that take a second folder's path, and from other threads. */
	rawFrom(name: RawPath): RawPath {
		return `/proc/self/fd/${this.fd}/${name}`;
	}

	close(): void {
		// A descriptor number is given out again: what was entered under it is no longer known.
		if (enteredFd === this.fd) {
			leaveFolders();
		}

		closeSync(this.fd);
	}
}

const openTrustedChild = (parent: Directory, {name, walked, isMaking}: {readonly name: RawPath; readonly walked: RawPath; readonly isMaking: boolean}): Directory => {
	try {
		return parent.openFolder(name);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;

		if (isMaking && code === 'ENOENT') {
			parent.makeFolder(name, 0o700);
			return parent.openFolder(name);
		}

		// A link is followed only where nobody else could have put it: its folder and itself belong to root or to us.
		if ((code === 'ELOOP' || code === 'ENOTDIR') && isOurs(parent.stat()) && isOurs(parent.lstat(name)) && parent.lstat(name).isSymbolicLink()) {
			return Directory.openTrusted(realpathSync(systemPath(`${walked}/${name}`), {encoding: 'latin1'}), false);
		}

		throw error;
	}
};

const isOurs = ({uid}: BigIntStats): boolean => uid === 0n || uid === BigInt(process.geteuid!());

/**
Opens `name` in a folder whose descriptor another thread opened and keeps open. That thread may reuse the number for another folder later, so nothing about it
is remembered here.
*/
export const openForeign = (folderFd: number, name: RawPath, flags: number, mode?: number): number => openSync(systemPath(atForeign(folderFd, name)), flags | constants.O_NOFOLLOW, mode);

/** A raw path of `name` in another thread's folder, good for one call in this thread. */
export const atForeign = (folderFd: number, name: RawPath): RawPath => {
	if (!isDetached) {
		return `/proc/self/fd/${folderFd}/${name}`;
	}

	native!.enter(folderFd);
	enteredFd = -1;
	return name;
};

/**
Opens the folder `name` in another thread's folder; as with `openForeign`.
@throws the system's error; ENOTDIR and ELOOP where it is no folder or a symbolic link
*/
export const openForeignFolder = (folderFd: number, name: RawPath): number => openForeign(folderFd, name, folderFlags);

/** Paths of another thread's folder itself and, as a prefix, of names in it, good in this thread until it turns to another folder. */
export const standInForeign = (folderFd: number): {readonly folder: string; readonly prefix: string} => {
	const prefix = atForeign(folderFd, '');

	return {folder: prefix === '' ? '.' : prefix, prefix};
};
