/** Makes stretches of an archive in a worker thread: headers, contents, and the entries that are ready already, in the order in which they were met. */
import {Buffer} from 'node:buffer';
import {type BigIntStats, closeSync, fstatSync} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import type {CaptureOutcome, CapturedStats} from '../backup/capture-outcome.ts';
import {nameOf} from '../catalog/catalog-order.ts';
import {isLikelyPacked} from '../segments/entropy.ts';
import {readAttributes} from '../catalog/extended-attributes.ts';
import {readInto} from '../backup/file-ranges.ts';
import {
	asFailure,
	type CaptureBounds,
	type CountedFile,
	maxTries,
	noteOf,
	openFound,
} from '../backup/found-file.ts';
import {digestLength} from '../base/digest.ts';
import {type Stretch, writeMember} from './gzip-members.ts';
import {holesOf} from './holes.ts';
import type {Slot} from './slot.ts';
import {paddingOf, type TarEntry} from './tar-entry.ts';
import {encodeEntry} from './tar-header.ts';

/** Shorter files are not worth a member of their own. */
const minPackedStretch = 16 << 10;
const noDigest = Buffer.alloc(digestLength);

export type BatchToPack = {
	/** Number of the slot to fill. */
	readonly slot: number;
	readonly folderFds: Int32Array;
	/** Of the files. */
	readonly paths: readonly RawPath[];
	/** 1 where the walk saw other names of the file. */
	readonly linked: Uint8Array;
	readonly counted: readonly CountedFile[];
	/** Entries that need no reading, and where those before each file end; the rest comes after the last file. */
	readonly ready: Uint8Array;
	readonly readyEnds: Uint32Array;
};

export type PackedBatch = {
	/** Fewer than files: the next one is too large for what is left. */
	readonly outcomes: readonly CaptureOutcome[];
	/** Bytes for the archive, at the beginning of the slot's part for them. */
	readonly length: number;
};

export type RangeToPack = {readonly slot: number; readonly fd: number; readonly start: number; readonly length: number; readonly padding: number};

type FileToPack = {readonly folderFd: number; readonly path: RawPath; readonly isLinked: boolean; readonly counted: CountedFile};
type Placed = {readonly outcome: CaptureOutcome; readonly end: number} | undefined;

export type FilePackerOptions = CaptureBounds & {
	readonly isCompressed: boolean;
	readonly slots: readonly Slot[];
	/** Called between files, and between stretches that are compressed. */
	readonly onPause: () => void;
};

export class FilePacker {
	readonly #bounds: CaptureBounds;
	readonly #isCompressed: boolean;
	readonly #slots: readonly Slot[];
	readonly #onPause: () => void;

	constructor({isCompressed, slots, onPause, ...bounds}: FilePackerOptions) {
		this.#bounds = bounds;
		this.#isCompressed = isCompressed;
		this.#slots = slots;
		this.#onPause = onPause;
	}

	#packOnce(file: FileToPack, target: Buffer, offset: number): Placed {
		const opened = openFound({...file, name: nameOf(file.path)}, this.#bounds);

		if ('type' in opened) {
			return {outcome: opened, end: offset};
		}

		try {
			return read({...opened, ...file}, target, offset);
		} catch (error) {
			return {outcome: asFailure(error), end: offset};
		} finally {
			closeSync(opened.fd);
		}
	}

	#pack(file: FileToPack, target: Buffer, offset: number): Placed {
		let placed: Placed;

		for (let attempt = 0; attempt < maxTries; attempt++) {
			placed = this.#packOnce(file, target, offset);

			if (placed?.outcome.type !== 'stored' || placed.outcome.note !== 'changing') {
				return placed;
			}
		}

		// Nothing of it stands in the archive: it became shorter in the last try too.
		return placed!.end === offset ? {outcome: becameShorter, end: offset} : placed;
	}

	#finish({plain, packed}: Slot, stretches: readonly Stretch[]): number {
		const plainLength = stretches.at(-1)?.end ?? 0;

		if (!this.#isCompressed) {
			return plainLength;
		}

		let end = 0;

		for (const {start, end: stretchEnd, isPacked} of stretches) {
			this.#onPause();
			end = writeMember(packed, end, {plain: plain.subarray(start, stretchEnd), isPacked});
		}

		return end;
	}

	packBatch({slot: number, folderFds, paths, linked, counted, ready, readyEnds}: BatchToPack): PackedBatch {
		const slot = this.#slots[number]!;
		const target = slot.plain;
		const outcomes: CaptureOutcome[] = [];
		const stretches: Stretch[] = [];
		let readyStart = 0;
		let offset = 0;

		const addReady = (end: number): void => {
			target.set(ready.subarray(readyStart, end), offset);
			addStretch(stretches, {start: offset, end: offset + end - readyStart, isPacked: false});
			offset += end - readyStart;
			readyStart = end;
		};

		for (const [index, path] of paths.entries()) {
			this.#onPause();
			addReady(readyEnds[index]!);
			const placed = this.#pack({
				folderFd: folderFds[index]!, path, isLinked: linked[index] === 1, counted: counted[index]!,
			}, target, offset);

			if (!placed) {
				return {outcomes, length: this.#finish(slot, stretches)};
			}

			const isPacked = this.#isCompressed && placed.end - offset >= minPackedStretch && isLikelyPacked(target.subarray(offset, placed.end));
			outcomes.push(placed.outcome);
			addStretch(stretches, {start: offset, end: placed.end, isPacked});
			offset = placed.end;
		}

		addReady(ready.length);

		return {outcomes, length: this.#finish(slot, stretches)};
	}

	/**
	Reads a stretch of a large file.
	@returns bytes for the archive; `undefined` when the file ends before
	*/
	packRange({slot: number, fd, start, length, padding}: RangeToPack): number | undefined {
		const slot = this.#slots[number]!;
		const target = slot.plain;

		if (readInto(fd, target.subarray(0, length), start) < length) {
			return undefined;
		}

		target.fill(0, length, length + padding);

		return this.#finish(slot, [{start: 0, end: length + padding, isPacked: this.#isCompressed && isLikelyPacked(target.subarray(0, length))}]);
	}
}

export const becameShorter: CaptureOutcome = {type: 'unreadable', message: 'it became shorter each time it was read'};

/** Neighbours of one kind are one stretch. */
const addStretch = (stretches: Stretch[], stretch: Stretch): void => {
	if (stretch.end === stretch.start) {
		return;
	}

	const last = stretches.at(-1);

	if (last?.isPacked === stretch.isPacked) {
		stretches[stretches.length - 1] = {...last, end: stretch.end};
	} else {
		stretches.push(stretch);
	}
};

/** Places one file at `offset`; `undefined` where there is no room for it. */
const read = (file: FileToDescribe, target: Buffer, offset: number): Placed => {
	const {fd, before} = file;
	const found = describeFile(file);
	const header = encodeEntry(found.entry);
	const size = found.entry.sizeBytes;
	const start = offset + header.length;
	const end = start + size + paddingOf(size);

	if (end > target.length) {
		return undefined;
	}

	target.set(header, offset);
	const isShort = readInto(fd, target.subarray(start, start + size), 0) < size;
	target.fill(0, start + size, end);

	return {outcome: storedOutcome(found, noteOf(before, fstatSync(fd, {bigint: true}), isShort)), end: isShort ? offset : end};
};

type FileToDescribe = {readonly fd: number; readonly before: BigIntStats; readonly path: RawPath; readonly isLinked: boolean};
export type DescribedFile = {readonly entry: TarEntry; readonly stats: CapturedStats; readonly attributesError: string | undefined};

/** What the archive says of an opened file; its size is that of this moment. */
export const describeFile = ({fd, before, path, isLinked}: FileToDescribe): DescribedFile => {
	const {attributes, attributesError} = readAttributes(fd);
	const stats: CapturedStats = {
		inode: before.ino,
		sizeBytes: Number(before.size),
		mode: Number(before.mode & 0o7777n),
		uid: Number(before.uid),
		gid: Number(before.gid),
		modifiedNs: before.mtimeNs,
		changedNs: before.ctimeNs,
	};

	return {
		entry: {
			...stats,
			path,
			name: nameOf(path),
			type: 'file',
			linkTarget: null,
			device: 0n,
			attributes,
			holes: holesOf(fd, before),
			isLinked,
			hardLinkOf: undefined,
		},
		stats,
		attributesError,
	};
};

/** Archives are checked as a whole: no digest of the file alone is needed. */
export const storedOutcome = ({stats, attributesError}: DescribedFile, note: 'grown' | 'changing' | undefined): CaptureOutcome => ({
	type: 'stored', stats, sha256: noDigest, extents: [], attributes: [], note, attributesError,
});
