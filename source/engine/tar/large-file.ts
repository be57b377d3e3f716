/** Puts a file into an archive in pieces, read by pack threads ahead of their turn. What changes meanwhile is taken back and read again. */
import {Buffer} from 'node:buffer';
import {closeSync, fstatSync} from 'node:fs';
import type {AbortFlag} from '../base/abort-flag.ts';
import type {CaptureOutcome} from '../backup/capture-outcome.ts';
import type {PendingFile} from '../backup/capture-queue.ts';
import {
	asFailure,
	type CaptureBounds,
	maxTries,
	noteOf,
	openFound,
} from '../backup/found-file.ts';
import {idlestOf, type PackThread} from '../pack-pool.ts';
import type {ArchiveWriter} from './archive-writer.ts';
import {becameShorter, describeFile, storedOutcome} from './file-packer.ts';
import {makeMember} from './gzip-members.ts';
import {zeros} from './section-hash.ts';
import {
	type Slot,
	slotLength,
	SlotPool,
} from './slot.ts';
import {paddingOf, tarBlock, type Hole} from './tar-entry.ts';
import {encodeEntry} from './tar-header.ts';

const rangeLength = slotLength - tarBlock;

/** Slots for batches, and others for large files, so that neither waits for the other. */
export type ArchiveSlots = {readonly batches: readonly Slot[]; readonly ranges: readonly Slot[]};

export type LargeFileOptions = {
	readonly run: number;
	readonly isCompressed: boolean;
	readonly threads: readonly PackThread[];
	readonly slots: ArchiveSlots;
	readonly writer: ArchiveWriter;
	readonly bounds: CaptureBounds;
	readonly flag: AbortFlag;
};

type Range = Hole & {readonly isHole: boolean};
type Attempt = {readonly outcome: CaptureOutcome; readonly isWhole: boolean};
type Reading = {readonly slot: Slot; readonly reply: Promise<number | undefined>};

export class LargeFiles {
	readonly #options: LargeFileOptions;
	readonly #slots: SlotPool;
	readonly #maxAhead: number;
	#zeroMember: Buffer | undefined;

	constructor(options: LargeFileOptions) {
		this.#options = options;
		this.#maxAhead = options.slots.ranges.length;
		this.#slots = new SlotPool(options.slots.ranges);
	}

	async #writeOnce({folder, path, name, linkedInode, counted}: PendingFile): Promise<Attempt> {
		const {bounds} = this.#options;
		const opened = openFound({folderFd: folder.directory.fd, name, counted}, bounds);

		if ('type' in opened) {
			return {outcome: opened, isWhole: false};
		}

		const {fd, before} = opened;

		try {
			const found = describeFile({
				fd, before, path, isLinked: linkedInode !== 0n,
			});
			await this.append(Buffer.from(encodeEntry(found.entry)));
			const isWhole = await this.#writeContent(fd, found.entry.sizeBytes, found.entry.holes);
			const note = noteOf(before, fstatSync(fd, {bigint: true}), !isWhole);

			return {outcome: storedOutcome(found, note), isWhole};
		} catch (error) {
			return {outcome: asFailure(error), isWhole: false};
		} finally {
			closeSync(fd);
		}
	}

	/**
	Writes what the file holds, holes as zeros.
	@returns false when the file ended early
	*/
	async #writeContent(fd: number, size: number, holes: readonly Hole[]): Promise<boolean> {
		const readings: Reading[] = [];
		let isWhole = true;
		let done = 0;

		try {
			for (const range of piecesOf(size, holes)) {
				if (range.isHole) {
					while (readings.length > 0) {
						isWhole = await this.#take(readings) && isWhole;
					}

					await this.#appendZeros(range.length);
					done += this.#count(range.length);
					continue;
				}

				if (readings.length === this.#maxAhead) {
					isWhole = await this.#take(readings) && isWhole;
				}

				if (!isWhole) {
					break;
				}

				readings.push(await this.#read(fd, range, range.offset + range.length === size ? paddingOf(size) : 0));
				done += this.#count(range.length);
			}

			while (isWhole && readings.length > 0) {
				isWhole = await this.#take(readings);
			}

			const last = holes.at(-1);

			if (isWhole && last && last.offset + last.length === size) {
				await this.append(zeros.subarray(0, paddingOf(size)));
			}

			return isWhole;
		} finally {
			await this.#drop(readings);
			this.#options.flag.addBytesUnderWay(-done);
		}
	}

	#count(length: number): number {
		this.#options.flag.check();
		this.#options.flag.addBytesUnderWay(length);

		return length;
	}

	async #read(fd: number, {offset, length}: Range, padding: number): Promise<Reading> {
		const {run, threads} = this.#options;
		const slot = await this.#slots.take();
		const reply = idlestOf(threads).call({
			type: 'packRange', run, slot: slot.number, fd, start: offset, length, padding,
		}, 'packedRange').then(({failure, length: stored}) => {
			if (failure) {
				throw Object.assign(new Error(failure.message), {code: failure.code});
			}

			return stored;
		});
		// Met again when its turn comes.
		reply.catch(() => undefined);

		return {slot, reply};
	}

	/**
	Writes the piece that was asked for first.
	@returns false when the file ended before the piece did
	*/
	async #take(readings: Reading[]): Promise<boolean> {
		const {slot, reply} = readings.shift()!;
		const {isCompressed, writer} = this.#options;

		try {
			const length = await reply;

			if (length === undefined) {
				return false;
			}

			await writer.append((isCompressed ? slot.packed : slot.plain).subarray(0, length));
			return true;
		} finally {
			this.#slots.giveAfter(writer.done(), slot);
		}
	}

	/** Waits for what was asked for and is not wanted any more. */
	async #drop(readings: readonly Reading[]): Promise<void> {
		await Promise.allSettled(readings.map(async ({reply}) => reply));

		for (const {slot} of readings) {
			this.#slots.give(slot);
		}
	}

	async #appendZeros(length: number): Promise<void> {
		const {isCompressed, writer} = this.#options;
		this.#zeroMember ??= isCompressed ? makeMember(zeros) : undefined;

		for (let left = length; left > 0; left -= zeros.length) {
			this.#options.flag.check();

			if (left < zeros.length) {
				await this.append(zeros.subarray(0, left));
			} else {
				await writer.append(this.#zeroMember ?? zeros);
			}
		}
	}

	/** Adds plain bytes. */
	async append(plain: Buffer): Promise<void> {
		if (plain.length > 0) {
			await this.#options.writer.append(this.#options.isCompressed ? makeMember(plain) : plain);
		}
	}

	/** Puts the file in, or nothing of it. */
	async write(file: PendingFile): Promise<CaptureOutcome> {
		const {writer} = this.#options;
		let attempt: Attempt = {outcome: becameShorter, isWhole: false};

		for (let count = 0; count < maxTries; count++) {
			writer.mark();
			attempt = await this.#writeOnce(file);
			const {outcome, isWhole} = attempt;
			const isLast = count === maxTries - 1;

			if (isWhole && outcome.type === 'stored' && (isLast || outcome.note !== 'changing')) {
				return outcome;
			}

			writer.rewind();

			if (outcome.type !== 'stored') {
				return outcome;
			}
		}

		return becameShorter;
	}
}

/**
Cuts a file into stretches to read and holes.
@yields both, in order
*/
const piecesOf = function * (size: number, holes: readonly Hole[]): Generator<Range> {
	let position = 0;

	for (const {offset, length} of [...holes, {offset: size, length: 0}]) {
		for (; position < offset; position += rangeLength) {
			yield {offset: position, length: Math.min(rangeLength, offset - position), isHole: false};
		}

		position = offset + length;

		if (length > 0) {
			yield {offset, length, isHole: true};
		}
	}
};
