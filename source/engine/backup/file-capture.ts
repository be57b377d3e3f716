/** Reads changed files into segments, in a worker thread. A file is read only when what was opened is what the walk saw. */
import {Buffer} from 'node:buffer';
import {hash, createHash} from 'node:crypto';
import {type BigIntStats, closeSync, fstatSync} from 'node:fs';
import type {AbortFlag} from '../base/abort-flag.ts';
import {type Extent, maxExtentLength} from '../catalog/catalog-page.ts';
import {readAttributes} from '../catalog/extended-attributes.ts';
import type {PackedSegment} from '../segments/segment-list.ts';
import type {SegmentWriter} from '../segments/segment-writer.ts';
import {digestOf} from '../base/digest.ts';
import {isBeginning} from './beginnings.ts';
import type {CaptureOutcome} from './capture-outcome.ts';
import {type Chunker, maxChunk} from './chunker.ts';
import {rangesOf, readInto} from './file-ranges.ts';
import {
	asFailure,
	type CaptureBounds,
	type FileToCapture,
	maxTries,
	noteOf,
	openFound,
} from './found-file.ts';

/** Files up to this size are one segment. */
export const wholeFileLimit = 512 << 10;
const readWindow = 1 << 20;
const zeros = Buffer.alloc(maxChunk);

export type FileCaptureOptions = CaptureBounds & {
	readonly writer: SegmentWriter;
	readonly chunker: Chunker;
	readonly flag: AbortFlag;
	/** Called often while a large file is read. */
	readonly onPause: () => void;
};

export class FileCapture {
	readonly #options: FileCaptureOptions;
	#window: Buffer | undefined;

	constructor(options: FileCaptureOptions) {
		this.#options = options;
	}

	#captureOnce(file: FileToCapture): CaptureOutcome {
		const opened = openFound(file, this.#options);

		if ('type' in opened) {
			return opened;
		}

		try {
			return this.#read(opened.fd, opened.before, file.beginning);
		} catch (error) {
			return asFailure(error);
		} finally {
			closeSync(opened.fd);
		}
	}

	#read(fd: number, before: BigIntStats, beginning: PackedSegment | undefined): CaptureOutcome {
		const size = Number(before.size);
		const isSparse = size > 0 && before.blocks * 512n < before.size;
		const content = !isSparse && size <= wholeFileLimit ? this.#readWhole(fd, size, beginning) : this.#readChunks(fd, size, isSparse);
		const after = fstatSync(fd, {bigint: true});
		const {attributes, attributesError} = readAttributes(fd);

		return {
			type: 'stored',
			stats: {
				inode: before.ino, sizeBytes: size, mode: Number(before.mode & 0o7777n), uid: Number(before.uid), gid: Number(before.gid), modifiedNs: before.mtimeNs, changedNs: before.ctimeNs,
			},
			...content,
			attributes,
			attributesError,
			note: noteOf(before, after, content.isShort),
		};
	}

	#readWhole(fd: number, size: number, beginning: PackedSegment | undefined): ReadContent {
		if (size === 0) {
			return {sha256: emptySha256, extents: [], isShort: false};
		}

		const tail = this.#options.writer.tail(size);

		if (readInto(fd, tail, 0) < size) {
			return {sha256: emptySha256, extents: [], isShort: true};
		}

		if (beginning && isBeginning(beginning, size) && digestOf(tail.subarray(0, beginning.length)).equals(beginning.digest)) {
			return this.#addGrown(tail, beginning);
		}

		const digest = this.#options.writer.addTail(size);

		return {sha256: digest, extents: [{length: size, digest}], isShort: false};
	}

	/** What lies in the tail as two segments: the one that it still begins with, which is stored already unless it was lost, and the rest. */
	#addGrown(tail: Buffer, {length, digest}: PackedSegment): ReadContent {
		const {writer} = this.#options;
		const sha256 = digestOf(tail);
		const rest = Buffer.from(tail.subarray(length));
		writer.add(tail.subarray(0, length));

		return {sha256, extents: [{length, digest}, {length: rest.length, digest: writer.add(rest)}], isShort: false};
	}

	#readChunks(fd: number, size: number, isSparse: boolean): ReadContent {
		const {flag} = this.#options;
		const extents: Extent[] = [];
		const whole = createHash('sha256');
		let isShort = false;
		const add = (extent: Extent, bytes: Buffer): void => {
			whole.update(bytes);
			flag.addBytesUnderWay(bytes.length);

			if (extent.digest) {
				extents.push(extent);
			} else {
				addHole(extents, extent.length);
			}
		};

		for (const {start, end, isHole} of isSparse ? rangesOf(fd, size) : [{start: 0, end: size, isHole: false}]) {
			if (isHole) {
				addHole(extents, end - start);
				hashZeros(whole, end - start);
				flag.addBytesUnderWay(end - start);
				continue;
			}

			isShort = !this.#readRange({
				fd, start, end, isSparse, add,
			});

			if (isShort) {
				break;
			}
		}

		flag.addBytesUnderWay(-lengthOf(extents));

		return {sha256: whole.digest(), extents, isShort};
	}

	/**
	Reads a stretch of the file, chunk by chunk.
	@returns false when the file was shorter than expected.
	*/
	#readRange({fd, start, end, isSparse, add}: ReadRange): boolean {
		this.#window ??= Buffer.allocUnsafeSlow(readWindow + maxChunk);
		const buffer = this.#window;
		let filled = 0;
		let position = start;

		while (position < end || filled > 0) {
			if (this.#options.flag.isRaised) {
				return false;
			}

			this.#options.onPause();

			const wanted = Math.min(buffer.length - filled, end - position);

			if (readInto(fd, buffer.subarray(filled, filled + wanted), position) < wanted) {
				return false;
			}

			filled += wanted;
			position += wanted;
			const isLast = position >= end;
			const bytes = buffer.subarray(0, filled);
			// A chunk that more bytes follow needs as many as it may become long.
			const lastStart = filled - (isLast ? 1 : maxChunk);
			let done = 0;

			while (done <= lastStart) {
				const next = this.#options.chunker.next(bytes, done, isLast);
				const chunk = bytes.subarray(done, next);
				const isZero = isSparse && chunk.equals(zeros.subarray(0, chunk.length));
				add({length: chunk.length, digest: isZero ? undefined : this.#options.writer.add(chunk)}, chunk);
				done = next;
			}

			buffer.copyWithin(0, done, filled);
			filled -= done;
		}

		return true;
	}

	capture(file: FileToCapture): CaptureOutcome {
		let outcome: CaptureOutcome = {type: 'vanished'};

		for (let attempt = 0; attempt < maxTries; attempt++) {
			outcome = this.#captureOnce(file);

			if (outcome.type !== 'stored' || outcome.note !== 'changing') {
				return outcome;
			}
		}

		return outcome;
	}
}

type ReadContent = {readonly sha256: Buffer; readonly extents: readonly Extent[]; readonly isShort: boolean};
type ReadRange = {
	readonly fd: number;
	readonly start: number;
	readonly end: number;
	readonly isSparse: boolean;
	readonly add: (extent: Extent, bytes: Buffer) => void;
};

const emptySha256 = hash('sha256', '', 'buffer');

const lengthOf = (extents: readonly Extent[]): number => {
	let length = 0;

	for (const extent of extents) {
		length += extent.length;
	}

	return length;
};

const addHole = (extents: Extent[], length: number): void => {
	for (let left = length; left > 0; left -= maxExtentLength) {
		extents.push({length: Math.min(left, maxExtentLength), digest: undefined});
	}
};

const hashZeros = (whole: ReturnType<typeof createHash>, length: number): void => {
	for (let left = length; left > 0; left -= zeros.length) {
		whole.update(left >= zeros.length ? zeros : zeros.subarray(0, left));
	}
};
