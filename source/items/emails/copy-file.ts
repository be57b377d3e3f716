import {Buffer} from 'node:buffer';
import {
	type BigIntStats,
	closeSync,
	constants,
	fchmodSync,
	fchownSync,
	fstatSync,
	futimesSync,
	readSync,
	writeSync,
} from 'node:fs';
import process from 'node:process';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';

export type CopyPlace = {readonly folder: Directory; readonly name: RawPath};

export type CopyOptions = {
	/** Who owns the copy; as the original unless given. */
	readonly owner?: {readonly uid: number; readonly gid: number} | undefined;
	/** Who may own an original of several names: what others own may be their secret. */
	readonly uid: number;
};

/** `changing`: it was not the same from the beginning to the end. `foreign`: it has another name, and another owner. */
export type CopyOutcome = 'copied' | 'vanished' | 'changing' | 'foreign' | 'special';

const window = Buffer.allocUnsafeSlow(1 << 20);
const mostTries = 3;

/**
Copies a regular file with mode and time into a new one, as large as it was when it was opened. Nothing stays of a copy that failed.
*/
export const copyFile = async (from: CopyPlace, to: CopyPlace, options: CopyOptions): Promise<CopyOutcome> => {
	let outcome: CopyOutcome = 'vanished';

	for (let attempt = 0; attempt < mostTries; attempt++) {
		outcome = await copyOnce(from, to, options);

		if (outcome !== 'changing') {
			return outcome;
		}

		to.folder.remove(to.name);
	}

	return outcome;
};

const copyOnce = async (from: CopyPlace, to: CopyPlace, {owner, uid}: CopyOptions): Promise<CopyOutcome> => {
	const source = tryOpen(from);

	if (typeof source === 'string') {
		return source;
	}

	try {
		const before = fstatSync(source, {bigint: true});

		if (!before.isFile()) {
			return 'special';
		}

		if (before.nlink > 1n && before.uid !== BigInt(uid)) {
			return 'foreign';
		}

		const target = to.folder.openFile(to.name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);

		try {
			const copied = await copyBytes(source, target, Number(before.size));
			const after = fstatSync(source, {bigint: true});
			dress(target, before, owner);

			return copied === Number(before.size) && (after.mtimeNs === before.mtimeNs || after.size > before.size) ? 'copied' : 'changing';
		} catch (error) {
			to.folder.remove(to.name);
			throw error;
		} finally {
			closeSync(target);
		}
	} finally {
		closeSync(source);
	}
};

const outcomes: ReadonlyMap<string | undefined, CopyOutcome> = new Map([['ENOENT', 'vanished'], ['ELOOP', 'special'], ['ENXIO', 'special'], ['ENODEV', 'special']]);

const tryOpen = ({folder, name}: CopyPlace): number | CopyOutcome => {
	try {
		return folder.openFile(name, constants.O_RDONLY | constants.O_NONBLOCK);
	} catch (error) {
		const outcome = outcomes.get((error as NodeJS.ErrnoException).code);

		if (outcome === undefined) {
			throw error;
		}

		return outcome;
	}
};

const copyBytes = async (source: number, target: number, length: number): Promise<number> => {
	let position = 0;

	while (position < length) {
		const read = readSync(source, window, 0, Math.min(window.length, length - position), position);

		if (read === 0) {
			break;
		}

		let written = 0;

		while (written < read) {
			written += writeSync(target, window, written, read - written);
		}

		position += read;

		if (position < length) {
			await nextTurn();
		}
	}

	return position;
};

/** Owner before mode, which a change of owner would take from. */
const dress = (fd: number, stats: BigIntStats, owner: CopyOptions['owner']): void => {
	if (process.geteuid!() === 0) {
		fchownSync(fd, owner?.uid ?? Number(stats.uid), owner?.gid ?? Number(stats.gid));
	}

	fchmodSync(fd, Number(stats.mode & 0o777n));
	futimesSync(fd, Number(stats.atimeMs) / 1000, Number(stats.mtimeNs) / 1e9);
};
