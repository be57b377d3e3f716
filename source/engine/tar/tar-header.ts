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
	writeText(header.name, offset);
	writeOctal(header.mode, offset + 100, 7);
	writeOctal(header.uid, offset + 108, 7);
	writeOctal(header.gid, offset + 116, 7);
	writeSize(header.size, offset + 124);
	writeOctal(header.seconds, offset + 136, 11);
	writeText(header.flag, offset + 156);
	writeText(header.link, offset + 157);
	writeText('ustar\u{0}00', offset + 257);
	writeOctal(header.major, offset + 329, 7);
	writeOctal(header.minor, offset + 337, 7);
	writeText(header.prefix, offset + 345);
	writeOctal(checksumOf(scratch, offset), offset + 148, 6);
	scratch[offset + 155] = 32;

	return end;
};

const writeText = (text: string, offset: number): void => {
	if (text !== '') {
		scratch.write(text, offset, 'latin1');
	}
};

/** Digits written one by one: a string for each would cost more than all the rest of a header. */
const writeOctal = (value: number, offset: number, digits: number): void => {
	let rest = value;

	for (let index = offset + digits - 1; index >= offset; index--) {
		scratch[index] = 48 + (rest % 8);
		rest = Math.floor(rest / 8);
	}
};

/** Sizes beyond the field are in GNU's binary form too. */
const writeSize = (size: number, offset: number): void => {
	if (size <= maxOctal11) {
		writeOctal(size, offset, 11);
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
