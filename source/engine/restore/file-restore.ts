/** Writes restored files, in a worker thread: each segment is checked against its digest before a byte of it is written. */
import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {
	closeSync,
	constants,
	fchmodSync,
	fchownSync,
	fstatSync,
	ftruncateSync,
	futimesSync,
	renameSync,
	unlinkSync,
	writeSync,
} from 'node:fs';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {atForeign, openForeign, systemPath} from '../../system/directory.ts';
import {native} from '../../system/native.ts';
import {isAbortion, type AbortFlag} from '../base/abort-flag.ts';
import type {BlockReader} from '../segments/block-reader.ts';
import {FormatError} from '../base/bytes.ts';
import type {StoredAttribute} from '../catalog/catalog-page.ts';
import type {ContentPiece} from '../segments/content-piece.ts';
import type {ArchiveBlocks} from '../tar/archive-blocks.ts';
import {inShort} from '../base/thread-error.ts';

/** Marks names that a restore made and had no time to rename: the next one removes them. */
export const temporaryPrefix = '.holdfast-';

export const newTemporaryName = (): RawPath => `${temporaryPrefix}${randomBytes(8).toString('hex')}`;

export type Metadata = {
	readonly mode: number;
	/** `undefined`: whoever runs the restore. */
	readonly owner: {readonly uid: number; readonly gid: number} | undefined;
	readonly modifiedNs: bigint;
	readonly attributes: readonly StoredAttribute[];
};

/** One file to write. */
export type WriteJob = {
	readonly id: number;
	readonly folderFd: number;
	readonly name: RawPath;
	readonly isReplacing: boolean;
	readonly sizeBytes: number;
	readonly pieces: readonly ContentPiece[];
	readonly metadata: Metadata;
};

/** A file that was not restored, or not with all of its metadata. */
export type WriteException = {
	readonly id: number;
	/** Why the file was not restored; `undefined` when it was. */
	readonly error: string | undefined;
	/** `damaged`: what is stored could not be read. `full`: no space is left. `aborted`: it was not tried to the end. */
	readonly reason: 'damaged' | 'full' | 'aborted' | 'other' | undefined;
	/** What of its metadata could not be kept. */
	readonly notKept: readonly string[];
};

type FileRestoreOptions = {
	readonly blocks: BlockReader;
	/** Of an archived backup. */
	readonly archive: ArchiveBlocks | undefined;
	readonly flag: AbortFlag;
};

export class FileRestore {
	readonly #blocks: BlockReader;
	readonly #archive: ArchiveBlocks | undefined;
	readonly #flag: AbortFlag;

	constructor({blocks, archive, flag}: FileRestoreOptions) {
		this.#blocks = blocks;
		this.#archive = archive;
		this.#flag = flag;
	}

	/** A file that cannot be written whole does not stay under its name. */
	#writeNew({folderFd, sizeBytes, pieces, metadata}: WriteJob, name: RawPath): string[] {
		const fd = openForeign(folderFd, name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);

		try {
			const end = this.#writePieces(fd, pieces);

			if (pieces.at(-1)?.type === 'hole') {
				ftruncateSync(fd, sizeBytes);
			} else if (end !== sizeBytes) {
				throw new FormatError(`the backup holds ${end} of its ${sizeBytes} bytes`);
			}

			const notKept = applyMetadata(fd, metadata);

			if (fstatSync(fd).size !== sizeBytes) {
				throw new Error(`has ${fstatSync(fd).size} bytes after writing ${sizeBytes}`);
			}

			return notKept;
		} catch (error) {
			unlinkSync(systemPath(atForeign(folderFd, name)));
			throw error;
		} finally {
			closeSync(fd);
		}
	}

	#writePieces(fd: number, pieces: readonly ContentPiece[]): number {
		let position = 0;

		try {
			for (const piece of pieces) {
				this.#flag.check();
				const length = this.#writePiece(fd, piece, position);
				position += length;
				this.#flag.addBytesUnderWay(length);
			}

			return position;
		} finally {
			this.#flag.addBytesUnderWay(-position);
		}
	}

	/**
	Writes a piece of a file at `position`; a hole needs no writing.
	@returns its length
	*/
	#writePiece(fd: number, piece: ContentPiece, position: number): number {
		switch (piece.type) {
			case 'hole': {
				return piece.length;
			}

			case 'missing': {
				throw new FormatError(`segment ${Buffer.from(piece.digest).toString('hex', 0, 8)} is in no index`);
			}

			case 'segment': {
				const segment = this.#blocks.read(piece.location, piece.digest);
				writeAll(fd, segment, position);

				return segment.length;
			}

			case 'archived': {
				let done = 0;

				for (const bytes of this.#archive!.pieces(piece.offset, piece.length)) {
					writeAll(fd, bytes, position + done);
					done += bytes.length;
				}

				return done;
			}
		}
	}

	write(job: WriteJob): WriteException | undefined {
		const temporaryName = job.isReplacing ? newTemporaryName() : job.name;

		try {
			const notKept = this.#writeNew(job, temporaryName);

			if (job.isReplacing) {
				replace(job, temporaryName);
			}

			return notKept.length === 0
				? undefined
				: {
					id: job.id, error: undefined, reason: undefined, notKept,
				};
		} catch (error) {
			return {
				id: job.id, error: inShort(error), reason: reasonOf(error), notKept: [],
			};
		}
	}
}

const writeAll = (fd: number, bytes: Buffer, position: number): void => {
	for (let done = 0; done < bytes.length;) {
		done += writeSync(fd, bytes, done, bytes.length - done, position + done);
	}
};

/**
Owner before mode, for a change of owner clears setuid; times last.
@returns what could not be kept
*/
export const applyMetadata = (fd: number, {mode, owner, modifiedNs, attributes}: Metadata): string[] => {
	const notKept: string[] = [];

	if (owner) {
		fchownSync(fd, owner.uid, owner.gid);
	}

	fchmodSync(fd, mode);

	for (const {name, value} of attributes) {
		try {
			if (!native) {
				throw new Error('needs the koffi module');
			}

			native.setAttributeOf(fd, name, value);
		} catch (error) {
			notKept.push(`extended attribute ${toScreen(name)} (${(error as Error).message})`);
		}
	}

	const problem = setTimes(fd, modifiedNs);

	return problem === undefined ? notKept : [...notKept, problem];
};

/**
Sets the times of an open file or folder.
@returns what could not be kept
*/
export const setTimes = (fd: number, modifiedNs: bigint): string | undefined => {
	if (native) {
		native.setTimesOf(fd, modifiedNs);
		return undefined;
	}

	// Node takes a number below zero for "now".
	if (modifiedNs < 0n) {
		return 'a time before 1970 (needs the koffi module)';
	}

	const seconds = Number(modifiedNs) / 1e9;
	futimesSync(fd, seconds, seconds);
	return undefined;
};

const replace = ({folderFd, name}: WriteJob, temporaryName: RawPath): void => {
	const from = systemPath(atForeign(folderFd, temporaryName));

	try {
		renameSync(from, systemPath(atForeign(folderFd, name)));
	} catch (error) {
		unlinkSync(systemPath(atForeign(folderFd, temporaryName)));
		throw error;
	}
};

const reasonOf = (error: unknown): WriteException['reason'] => {
	if (error instanceof FormatError) {
		return 'damaged';
	}

	if (isAbortion(error)) {
		return 'aborted';
	}

	const {code} = error as NodeJS.ErrnoException;

	return code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'other';
};
