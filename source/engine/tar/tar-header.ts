/**
Headers of a POSIX tar archive in the pax format. What the old header holds exactly stands there alone; what it cannot hold comes as pax records before it, so that every reader of our time
gets all of it. Names too long for the header come in GNU's form too, for small readers (busybox) that know no pax records.
*/
import {Buffer} from 'node:buffer';
import type {EntryType} from '../../domain/entry.ts';
import {maxOctal11, maxOctal7, recordsOf} from './pax-records.ts';
import {paddingOf, tarBlock, type TarEntry} from './tar-entry.ts';

const nameLength = 100;
const prefixLength = 155;
const nanosecondsPerSecond = 1_000_000_000n;

/** A socket is never stored. */
const typeFlags: Readonly<Record<Exclude<EntryType, 'socket'>, string>> = {
	file: '0', symlink: '2', characterDevice: '3', blockDevice: '4', directory: '5', fifo: '6',
};
const hardLinkFlag = '1';

/** The two zero blocks at the end of every archive. */
export const endOfArchive = Buffer.alloc(2 * tarBlock);

let scratch = Buffer.alloc(16 << 10);

type OldHeader = {
	readonly name: string;
	readonly prefix: string;
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	readonly size: number;
	readonly seconds: number;
	readonly flag: string;
	readonly link: string;
	readonly major: number;
	readonly minor: number;
};

const plainHeader: OldHeader = {
	name: '', prefix: '', mode: 0o644, uid: 0, gid: 0, size: 0, seconds: 0, flag: '0', link: '', major: 0, minor: 0,
};

/**
The header blocks of an entry; its content follows, filled up to a whole block.
@returns a view that is good until the next call
*/
export const encodeEntry = (entry: TarEntry): Buffer => {
	const name = nameInArchive(entry);
	const link = entry.hardLinkOf ?? entry.linkTarget ?? '';
	const split = splitName(name);
	const records = recordsOf(entry, {name, isNameLong: split === undefined, isLinkLong: link.length > nameLength});
	let end = 0;

	if (split === undefined) {
		end = addMeta(end, {...plainHeader, name: '././@LongLink', flag: 'L'}, `${name}\0`);
	}

	if (link.length > nameLength) {
		end = addMeta(end, {...plainHeader, name: '././@LongLink', flag: 'K'}, `${link}\0`);
	}

	if (records !== '') {
		end = addMeta(end, {...plainHeader, name: 'PaxHeaders/entry', flag: 'x'}, records);
	}

	end = addHeader(end, {...oldHeaderOf(entry), ...split ?? {name: name.slice(0, nameLength), prefix: ''}, link: link.slice(0, nameLength)});

	return scratch.subarray(0, end);
};

/** A folder's name ends with a slash; the root is `./`. */
const nameInArchive = ({path, type}: TarEntry): string => {
	if (path === '') {
		return './';
	}

	return type === 'directory' ? `${path}/` : path;
};

/** Where a name is cut between the header's two fields; `undefined` where it fits in no way. */
const splitName = (name: string): {readonly name: string; readonly prefix: string} | undefined => {
	if (name.length <= nameLength) {
		return {name, prefix: ''};
	}

	const slash = name.indexOf('/', name.length - nameLength - 1);

	return slash > 0 && slash <= prefixLength && slash < name.length - 1 ? {name: name.slice(slash + 1), prefix: name.slice(0, slash)} : undefined;
};

const oldHeaderOf = ({type, mode, uid, gid, sizeBytes, modifiedNs, device, hardLinkOf}: TarEntry): Omit<OldHeader, 'name' | 'prefix' | 'link'> => {
	const seconds = modifiedNs < 0n ? 0 : Number(modifiedNs / nanosecondsPerSecond);
	const {major, minor} = deviceNumbers(device);

	return {
		mode,
		uid: Math.min(uid, maxOctal7),
		gid: Math.min(gid, maxOctal7),
		size: hardLinkOf === undefined ? sizeBytes : 0,
		seconds: Math.min(seconds, maxOctal11),
		flag: hardLinkOf === undefined ? typeFlags[type as Exclude<EntryType, 'socket'>] : hardLinkFlag,
		major,
		minor,
	};
};

/** As glibc's `major` and `minor`. */
const deviceNumbers = (device: bigint): {readonly major: number; readonly minor: number} => ({
	major: Number(((device >> 8n) & 0xF_FFn) | ((device >> 32n) & 0xFF_FF_F0_00n)),
	minor: Number((device & 0xFFn) | ((device >> 12n) & 0xFF_FF_FF_00n)),
});

/** As glibc's `makedev`. */
export const toDevice = (major: number, minor: number): bigint => {
	const [a, b] = [BigInt(major), BigInt(minor)];

	return ((a & 0xFF_FF_F0_00n) << 32n) | ((a & 0xF_FFn) << 8n) | ((b & 0xFF_FF_FF_00n) << 12n) | (b & 0xFFn);
};

/** A header with raw text as its content. */
const addMeta = (offset: number, header: OldHeader, text: string): number => {
	const start = addHeader(offset, {...header, size: text.length});
	const end = start + text.length + paddingOf(text.length);
	reserve(end);
	scratch.write(text, start, 'latin1');
	scratch.fill(0, start + text.length, end);

	return end;
};

const reserve = (length: number): void => {
	if (length <= scratch.length) {
		return;
	}

	const grown = Buffer.alloc(length * 2);
	scratch.copy(grown);
	scratch = grown;
};

const addHeader = (offset: number, header: OldHeader): number => {
	const end = offset + tarBlock;
	reserve(end);
	scratch.fill(0, offset, end);
	const text = (value: string, at: number): void => {
		scratch.write(value, offset + at, 'latin1');
	};

	text(header.name, 0);
	text(octal(header.mode, 7), 100);
	text(octal(header.uid, 7), 108);
	text(octal(header.gid, 7), 116);
	writeSize(offset + 124, header.size);
	text(octal(header.seconds, 11), 136);
	text(header.flag, 156);
	text(header.link, 157);
	text('ustar\u{0}00', 257);
	text(octal(header.major, 7), 329);
	text(octal(header.minor, 7), 337);
	text(header.prefix, 345);
	text(`${octal(checksumOf(scratch, offset), 6)}\u{0} `, 148);

	return end;
};

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

/** Sizes beyond the field are in GNU's binary form too. */
const writeSize = (offset: number, size: number): void => {
	if (size <= maxOctal11) {
		scratch.write(octal(size, 11), offset, 'latin1');
		return;
	}

	scratch[offset] = 0x80;
	scratch.writeBigUInt64BE(BigInt(size), offset + 4);
};

/** The sum of all bytes of a header, its own field taken as spaces. */
export const checksumOf = (bytes: Buffer, offset: number): number => {
	let sum = 8 * 32;

	for (let index = offset; index < offset + tarBlock; index++) {
		sum += bytes[index]!;
	}

	for (let index = offset + 148; index < offset + 156; index++) {
		sum -= bytes[index]!;
	}

	return sum;
};
