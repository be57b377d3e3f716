/** The facts of a catalog page as they are stored, cut and joined without looking at the entries one by one: where little changed, pages are made of what the last ones hold. */
import {Buffer} from 'node:buffer';
import {FormatError} from '../base/bytes.ts';
import {digestLength} from '../base/digest.ts';
import type {PackedSegment} from '../segments/segment-list.ts';
import {
	attributesFlag,
	contentMask,
	contentNone,
	contentOne,
	deviceFlag,
	holeFlag,
	linkGroupFlag,
	linkTargetFlag,
} from './facts-flags.ts';

/** Bytes of an entry in the columns of one width: flags, mode, owner, group, size, time. */
const columnWidths = [1, 2, 4, 4, 8, 12] as const;
const headLength = 4;
const sizeColumn = 4;
const groupLength = 8;

/** Entries `index` to `index + count` of a page. */
export type FactsPiece = {readonly facts: PageFacts; readonly index: number; readonly count: number};

export class PageFacts {
	readonly #bytes: Buffer;
	/** Where what each entry has in the two parts of no fixed width begins, and the last one ends. */
	readonly #contents: Uint32Array;
	readonly #rests: Uint32Array;
	readonly count: number;

	/**
	Finds where each entry's facts lie.
	@throws FormatError
	*/
	constructor(bytes: Buffer) {
		this.#bytes = bytes;
		this.count = bytes.length < headLength ? fail() : bytes.readUInt32LE(0);
		const start = this.#columnStart(columnWidths.length);

		if (start > bytes.length) {
			fail();
		}

		this.#contents = this.#starts(start, (flag, offset) => this.#contentEnd(flag, offset));
		this.#rests = this.#starts(this.#contents[this.count]!, (flag, offset) => this.#restEnd(flag, offset));
	}

	#columnStart(column: number): number {
		return headLength + columnWidths.slice(0, column).reduce((sum, width) => sum + (width * this.count), 0);
	}

	#starts(from: number, endOf: (flag: number, offset: number) => number): Uint32Array {
		const starts = new Uint32Array(this.count + 1);
		let offset = from;

		for (let index = 0; index < this.count; index++) {
			starts[index] = offset;
			offset = endOf(this.#bytes[headLength + index]!, offset);
		}

		starts[this.count] = offset;

		return offset > this.#bytes.length ? fail() : starts;
	}

	#u32(offset: number): number {
		return offset + 4 > this.#bytes.length ? fail() : this.#bytes.readUInt32LE(offset);
	}

	#contentEnd(flag: number, offset: number): number {
		const kind = flag & contentMask;

		if (kind === contentNone) {
			return offset;
		}

		if (kind === contentOne) {
			return offset + digestLength;
		}

		let end = offset + digestLength + 4;

		for (let left = this.#u32(end - 4); left > 0; left--) {
			end += this.#u32(end) >= holeFlag ? 4 : 4 + digestLength;
		}

		return end;
	}

	#restEnd(flag: number, offset: number): number {
		// Most have nothing of it.
		if ((flag & ~contentMask) === 0) {
			return offset;
		}

		let end = this.#groupStart(flag, offset) + ((flag & linkGroupFlag) === 0 ? 0 : groupLength) + ((flag & deviceFlag) === 0 ? 0 : 8);

		if ((flag & attributesFlag) !== 0) {
			const count = end + 2 > this.#bytes.length ? fail() : this.#bytes.readUInt16LE(end);
			end += 2;

			for (let text = 0; text < count * 2; text++) {
				end += 4 + this.#u32(end);
			}
		}

		return end;
	}

	#groupStart(flag: number, offset: number): number {
		return offset + ((flag & linkTargetFlag) === 0 ? 0 : 4 + this.#u32(offset));
	}

	/** Content of an entry, in bytes. */
	sizeOf(index: number): number {
		const start = this.#columnStart(sizeColumn) + (8 * index);

		return this.#bytes.readUInt32LE(start) + (this.#bytes.readUInt32LE(start + 4) * 0x1_00_00_00_00);
	}

	/** The segment that the content of an entry begins with; `undefined` where there is none, or a hole. */
	firstSegmentOf(index: number): PackedSegment | undefined {
		const kind = this.#bytes[headLength + index]! & contentMask;

		if (kind === contentNone) {
			return undefined;
		}

		const start = this.#contents[index]!;

		if (kind === contentOne) {
			return {length: this.sizeOf(index), digest: this.#bytes.subarray(start, start + digestLength)};
		}

		const first = start + digestLength + 4;
		const isSegment = first + 4 + digestLength <= this.#contents[index + 1]!;
		const length = isSegment ? this.#u32(first) : holeFlag;

		return length >= holeFlag ? undefined : {length, digest: this.#bytes.subarray(first + 4, first + 4 + digestLength)};
	}

	/** The group of hard links of an entry, in hexadecimal. */
	linkGroupOf(index: number): string | undefined {
		const flag = this.#bytes[headLength + index]!;

		if ((flag & linkGroupFlag) === 0) {
			return undefined;
		}

		const start = this.#groupStart(flag, this.#rests[index]!);

		return this.#bytes.toString('hex', start, start + groupLength);
	}

	/** What entries have in one of the columns, or in one of the parts that follow them. */
	stretch(part: number, index: number, count: number): Buffer {
		if (part >= columnWidths.length) {
			const starts = part === columnWidths.length ? this.#contents : this.#rests;

			return this.#bytes.subarray(starts[index], starts[index + count]);
		}

		const width = columnWidths[part]!;
		const start = this.#columnStart(part) + (width * index);

		return this.#bytes.subarray(start, start + (width * count));
	}
}

const partCount = columnWidths.length + 2;

/** The facts of a page made of pieces of others. */
export const joinFacts = (pieces: readonly FactsPiece[]): Buffer => {
	const head = Buffer.alloc(headLength);
	const parts: Buffer[] = [head];
	head.writeUInt32LE(pieces.reduce((sum, {count}) => sum + count, 0));

	for (let part = 0; part < partCount; part++) {
		for (const {facts, index, count} of pieces) {
			parts.push(facts.stretch(part, index, count));
		}
	}

	return Buffer.concat(parts);
};

const fail = (): never => {
	throw new FormatError('the facts of a catalog page are cut short');
};
