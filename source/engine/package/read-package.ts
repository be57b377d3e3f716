/** Reads packages, which anybody may have made: nothing in one is believed before it was looked at. */
import {Buffer} from 'node:buffer';
import {
	closeSync,
	constants,
	fstatSync,
	openSync,
	readSync,
} from 'node:fs';
import {UserError} from '../../errors.ts';
import {FormatError} from '../base/bytes.ts';
import {
	memberHeadLength,
	openMember,
	readMemberLength,
	readPlainLength,
	roomFor,
} from '../tar/gzip-members.ts';
import {readEntry} from '../tar/tar-reader.ts';
import {factsName} from './package-facts.ts';
import {memberLimit} from './package-writer.ts';

/** What an OpenPGP message begins with, armoured or not. */
const encryptedStart = /^(?:-----BEGIN PGP|[\u{84}-\u{87}\u{C1}\u{D2}])/v;

/**
The text of `holdfast.json`, which comes first.
@throws UserError `notFound`, `damaged` for what is no package or is cut short, `key` for an encrypted one, `refused` for what is no regular file
*/
export const readPackageFacts = (file: string): string => {
	const fd = openPackage(file);

	try {
		const head = readAt(fd, memberHeadLength, 0);

		if (encryptedStart.test(head.toString('latin1'))) {
			throw new UserError(`${file} is encrypted.`, {code: 'key', hint: 'Open it first, where its key is: gpg --decrypt FILE > package.tar.gz'});
		}

		const member = readAt(fd, checkMember(readMemberLength(head)), 0);
		checkPlain(readPlainLength(member));

		return factsIn(openMember(member));
	} catch (error) {
		throw error instanceof FormatError ? noPackage(file, error) : error;
	} finally {
		closeSync(fd);
	}
};

const openPackage = (file: string): number => {
	try {
		// A pipe would keep who opens it waiting for ever.
		const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);

		if (fstatSync(fd).isFile()) {
			return fd;
		}

		closeSync(fd);
	} catch (error) {
		throw new UserError(`The package ${file} cannot be read: ${(error as Error).message}.`, {code: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'notFound' : 'failed', hint: 'Name the file of a package.', cause: error});
	}

	throw new UserError(`${file} is no regular file.`, {code: 'usage', hint: 'Name the file of a package.'});
};

const readAt = (fd: number, length: number, position: number): Buffer => {
	const bytes = Buffer.alloc(length);

	if (readSync(fd, bytes, 0, length, position) !== length) {
		throw new FormatError('it ends early');
	}

	return bytes;
};

/** Before memory is taken for it. */
export const checkMember = (length: number): number => {
	if (length > roomFor(memberLimit)) {
		throw new FormatError('a gzip member is larger than any of a package');
	}

	return length;
};

export const checkPlain = (length: number): number => {
	if (length > memberLimit) {
		throw new FormatError('a gzip member holds more than any of a package');
	}

	return length;
};

/** The root comes first, then the file. */
const factsIn = (plain: Buffer): string => {
	const blocks = {
		length: plain.length,
		read(offset: number, length: number) {
			if (offset + length > plain.length) {
				throw new FormatError('its first member ends early');
			}

			return plain.subarray(offset, offset + length);
		},
	};
	const root = readEntry(blocks, 0);
	const file = root && readEntry(blocks, root.end);

	if (file?.entry.path !== factsName || file.entry.type !== 'file') {
		throw new FormatError(`it does not begin with ${factsName}`);
	}

	return blocks.read(file.contentOffset, file.entry.sizeBytes).toString();
};

export const noPackage = (file: string, error: Error): UserError => new UserError(`${file} is no package of Holdfast's, or is damaged: ${error.message}.`, {
	code: 'damaged', hint: 'Bring it here again, as "holdfast download save" wrote it; one that was packed anew by other programs is none.', cause: error,
});

