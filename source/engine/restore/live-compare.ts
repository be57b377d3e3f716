/** Compares a live thing with a stored entry. Size and time prove nothing on a hacked site: content is proven by its digest, or by an inode and change time that are still those of the backup's scan. */
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {
	type BigIntStats,
	closeSync,
	constants,
	fstatSync,
	readSync,
} from 'node:fs';
import type {Directory} from '../../system/directory.ts';
import {native} from '../../system/native.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import {attributesOf} from '../catalog/extended-attributes.ts';
import type {Metadata} from './file-restore.ts';

const readLength = 1 << 20;
const buffer = Buffer.alloc(readLength);

export const isSameType = (entry: StoredEntry, stats: BigIntStats): boolean => {
	switch (entry.type) {
		case 'file': {
			return stats.isFile();
		}

		case 'directory': {
			return stats.isDirectory();
		}

		case 'symlink': {
			return stats.isSymbolicLink();
		}

		case 'fifo': {
			return stats.isFIFO();
		}

		case 'characterDevice': {
			return stats.isCharacterDevice() && stats.rdev === entry.device;
		}

		case 'blockDevice': {
			return stats.isBlockDevice() && stats.rdev === entry.device;
		}

		case 'socket': {
			return stats.isSocket();
		}
	}
};

/** Of things of the same type. */
export const isSameContent = (entry: StoredEntry, folder: Directory, stats: BigIntStats): boolean => {
	if (entry.type === 'symlink') {
		return folder.readLink(entry.name) === entry.linkTarget;
	}

	if (entry.type !== 'file') {
		return true;
	}

	return Number(stats.size) === entry.sizeBytes ? entry.content === undefined || hashLive(folder, entry.name)?.equals(entry.content.sha256) === true : false;
};

/** Against what the restore would set, not what is stored: an owner that cannot be given back is no difference. */
export const isSameMetadata = (wanted: Metadata, {folder, name, stats}: {readonly folder: Directory; readonly name: RawPath; readonly stats: BigIntStats}): boolean =>
	isSameOwner(wanted, stats)
	&& (stats.isSymbolicLink() || Number(stats.mode & 0o7777n) === wanted.mode)
	&& stats.mtimeNs === wanted.modifiedNs
	&& hasAttributes(wanted, folder.rawAt(name));

const isSameOwner = ({owner}: Metadata, {uid, gid}: BigIntStats): boolean => owner === undefined || (Number(uid) === owner.uid && Number(gid) === owner.gid);

const hasAttributes = ({attributes}: Metadata, path: RawPath): boolean => {
	if (!native) {
		return true;
	}

	const live = attributesOf(native.listAttributes(path), attribute => native!.getAttribute(path, attribute));

	return live.length === attributes.length && live.every(({name, value}, index) => attributes[index]!.name === name && Buffer.compare(value, attributes[index]!.value) === 0);
};

/** `undefined` when it cannot be read, which proves nothing. */
const hashLive = (folder: Directory, name: RawPath): Buffer | undefined => {
	let fd: number;

	try {
		fd = folder.openFile(name, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === undefined) {
			throw error;
		}

		return undefined;
	}

	try {
		if (!fstatSync(fd).isFile()) {
			return undefined;
		}

		const whole = createHash('sha256');

		for (let count = readSync(fd, buffer, 0, readLength, null); count > 0; count = readSync(fd, buffer, 0, readLength, null)) {
			whole.update(buffer.subarray(0, count));
		}

		return whole.digest();
	} finally {
		closeSync(fd);
	}
};
