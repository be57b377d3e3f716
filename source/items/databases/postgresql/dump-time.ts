/**
The time in the head of a dump in PostgreSQL's custom format. It is all that differs between two dumps of a database in which nothing changed; nothing needs it. Source: WriteHead in
src/bin/pg_dump/pg_backup_archiver.c, archive versions 1.10 (PostgreSQL 8.3) to 1.16 (17).
*/
import {Buffer} from 'node:buffer';
import type {FileHandle} from 'node:fs/promises';

const magic = 'PGDMP';
/** After the magic: version (3 bytes), bytes of an integer, bytes of an offset, format. */
const minorAt = 6;
const integerSizeAt = 8;
const compressionAt = 11;
/** The first minor version that says the compression in a byte, no longer in an integer. */
const byteCompression = 15;
/** Least and most of seconds, minutes, hours, day, month, years since 1900, daylight saving. */
const ranges = [[0, 61], [0, 59], [0, 23], [1, 31], [0, 11], [70, 300], [-1, 1]] as const;
/** 2000-01-01 0:00. */
const fixed = [0, 0, 0, 1, 0, 100, 0] as const;
const headLength = 64;

/**
The same head with a time that is always the same.
@returns `undefined` for what is no head that is known
*/
export const withFixedTime = (head: Buffer): Buffer | undefined => {
	if (head.toString('latin1', 0, magic.length) !== magic || head[magic.length] !== 1) {
		return undefined;
	}

	const integerSize = head[integerSizeAt]!;
	/** Of an integer, with its sign. */
	const length = 1 + integerSize;
	const start = compressionAt + (head[minorAt]! >= byteCompression ? 1 : length);

	if (integerSize !== 4 || start + (ranges.length * length) > head.length) {
		return undefined;
	}

	const changed = Buffer.from(head);

	for (const [index, [least, most]] of ranges.entries()) {
		const at = start + (index * length);
		const value = head.readUInt32LE(at + 1) * (head[at] === 0 ? 1 : -1);

		if (value < least || value > most) {
			return undefined;
		}

		changed[at] = 0;
		changed.writeUInt32LE(fixed[index]!, at + 1);
	}

	return changed;
};

/** Gives a dump that was just written that time. One that is not understood stays as it is: it only costs more to keep. */
export const fixTime = async (dump: FileHandle): Promise<void> => {
	const {buffer, bytesRead} = await dump.read(Buffer.alloc(headLength), 0, headLength, 0);
	const head = withFixedTime(buffer.subarray(0, bytesRead));

	if (head) {
		await dump.write(head, 0, head.length, 0);
	}
};
