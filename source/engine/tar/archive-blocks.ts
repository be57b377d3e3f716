/**
An archive object as what it holds, read anywhere: a plain archive in slices of a mebibyte, a compressed one member by member. What was read when the whole archive was checked is checked again, slice by slice,
whenever it is read.
*/
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {crc32} from 'node:zlib';
import type {AbortFlag} from '../base/abort-flag.ts';
import {FormatError} from '../base/bytes.ts';
import {KeptValues} from '../base/kept-values.ts';
import type {StoredArchive} from '../catalog/manifest.ts';
import type {Storage} from '../storage/storage.ts';
import {
	memberHeadLength,
	openMember,
	readMemberLength,
	readPlainLength,
} from './gzip-members.ts';

const sliceLength = 1 << 20;
const maxCachedBlocks = 4;
/** Slices hashed before others get their turn. */
const slicesPerTurn = 16;
const lengthField = 4;

/** Where blocks lie, as plain numbers that threads share; the last one ends all. */
export type ArchiveTable = {
	readonly name: string;
	/** Absolute path of the folder that `name` is in; `undefined`: the vault's. */
	readonly folder?: string | undefined;
	readonly isCompressed: boolean;
	/** Offsets in the object. */
	readonly stored: Float64Array;
	/** Offsets in what it holds. */
	readonly plain: Float64Array;
	/** CRC-32 of each slice of a plain archive; empty when it was not checked as a whole. */
	readonly checksums: Uint32Array;
};

/**
Reads the whole archive and compares its digest with the manifest's.
@returns CRC-32 of each slice
@throws FormatError where it is not what was stored
*/
export const verifyArchive = async (storage: Storage, archive: StoredArchive, flag: AbortFlag): Promise<Uint32Array> => {
	const checksums = new Uint32Array(Math.ceil(archive.sizeBytes / sliceLength));
	const whole = createHash('sha256');
	checkArchiveLength(storage, archive);

	for (const index of checksums.keys()) {
		const slice = storage.readRange(archive.name, index * sliceLength, Math.min(sliceLength, archive.sizeBytes - (index * sliceLength)));
		whole.update(slice);
		checksums[index] = crc32(slice);

		if (index % slicesPerTurn !== 0) {
			continue;
		}

		flag.check();
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}

	if (whole.digest('hex') !== archive.sha256) {
		throw new FormatError(`the archive ${archive.name} is damaged: it is not what was stored`);
	}

	return checksums;
};

/** `checksums`: from `verifyArchive`, or none. */
export const readArchiveTable = (storage: Storage, archive: StoredArchive, checksums: Uint32Array): ArchiveTable => {
	checkArchiveLength(storage, archive);
	const isCompressed = archive.name.endsWith('.gz');

	return {name: archive.name, isCompressed, ...isCompressed ? {...readMembers(storage, archive), checksums: new Uint32Array(0)} : {...sliceUp(archive), checksums}};
};

/** The same of any chain of our gzip members, whatever its name. */
export const readCompressedTable = (storage: Storage, archive: StoredArchive): ArchiveTable => ({
	name: archive.name, isCompressed: true, ...readMembers(storage, archive), checksums: new Uint32Array(0),
});

/**
Whether an archive is there, and as long as it was.
@throws FormatError where it is not
*/
export const checkArchiveLength = (storage: Storage, {name, sizeBytes}: StoredArchive): void => {
	const found = storage.size(name);

	if (found !== sizeBytes) {
		throw new FormatError(found === undefined ? `the archive ${name} is missing` : `the archive ${name} has ${found} bytes where ${sizeBytes} were stored`);
	}
};

const sliceUp = ({sizeBytes}: StoredArchive): Pick<ArchiveTable, 'stored' | 'plain'> => {
	const offsets = Float64Array.from({length: Math.ceil(sizeBytes / sliceLength) + 1}, (_, index) => Math.min(index * sliceLength, sizeBytes));

	return {stored: offsets, plain: offsets};
};

const readMembers = (storage: Storage, {name, sizeBytes}: StoredArchive): Pick<ArchiveTable, 'stored' | 'plain'> => {
	const stored = [0];
	const plain = [0];

	for (let offset = 0, plainOffset = 0; offset < sizeBytes;) {
		const end = offset + readMemberLength(storage.readRange(name, offset, Math.min(memberHeadLength, sizeBytes - offset)));

		if (end > sizeBytes) {
			throw new FormatError(`the archive ${name} ends within a gzip member`);
		}

		plainOffset += readPlainLength(storage.readRange(name, end - lengthField, lengthField));
		offset = end;
		stored.push(offset);
		plain.push(plainOffset);
	}

	return {stored: Float64Array.from(stored), plain: Float64Array.from(plain)};
};

export class ArchiveBlocks {
	readonly #storage: Storage;
	readonly #table: ArchiveTable;
	readonly #cached = new KeptValues<number, Buffer>(maxCachedBlocks);

	constructor(storage: Storage, table: ArchiveTable) {
		this.#storage = storage;
		this.#table = table;
	}

	/** The block that holds a byte. */
	#blockAt(offset: number): number {
		const {plain} = this.#table;
		let low = 0;
		let high = plain.length - 1;

		while (low < high) {
			const middle = (low + high) >>> 1;

			if (plain[middle]! > offset) {
				high = middle;
			} else {
				low = middle + 1;
			}
		}

		return low - 1;
	}

	#block(index: number): Buffer {
		return this.#cached.get(index, () => this.#read(index));
	}

	#read(index: number): Buffer {
		const {name, isCompressed, stored, plain, checksums} = this.#table;
		const start = stored[index]!;
		const bytes = this.#storage.readRange(name, start, stored[index + 1]! - start);

		if (!isCompressed) {
			if (checksums.length > 0 && crc32(bytes) !== checksums[index]) {
				throw new FormatError(`the archive ${name} changed at ${start} since it was checked`);
			}

			return bytes;
		}

		const block = openMember(bytes);

		if (block.length !== plain[index + 1]! - plain[index]!) {
			throw new FormatError(`the archive ${name} changed at ${start} since it was opened`);
		}

		return block;
	}

	get length(): number {
		return this.#table.plain.at(-1)!;
	}

	/**
	Reads a stretch block by block.
	@yields views that are good until the next one
	*/
	* pieces(offset: number, length: number): Generator<Buffer> {
		if (offset + length > this.length) {
			throw new FormatError(`the archive ${this.#table.name} ends within an entry`);
		}

		for (let position = offset; position < offset + length;) {
			const index = this.#blockAt(position);
			const blockStart = this.#table.plain[index]!;
			const piece = this.#block(index).subarray(position - blockStart, offset + length - blockStart);
			yield piece;
			position += piece.length;
		}
	}

	read(offset: number, length: number): Buffer {
		const pieces = [...this.pieces(offset, length)];

		return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
	}
}
