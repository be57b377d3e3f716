/**
Gzip as a chain of members that know nothing of each other, so that threads make them side by side and a reader begins at any of them. Each says in an extra field (RFC 1952, 2.3.1.1) how long it is;
every gzip passes over that.
*/
import {Buffer} from 'node:buffer';
import {crc32, deflateRawSync, inflateRawSync} from 'node:zlib';
import {FormatError} from '../base/bytes.ts';

const headLength = 20;
const tailLength = 8;
const maxStoredBlock = 0xFF_FF;
/** Deflate, an extra field, no time, fastest, Unix; eight bytes of extra field named HF with four bytes in it. */
const head = Buffer.from('1f8b0804000000000403080048460400', 'hex');
const level = 1;

/** Room that members made of `plainLength` bytes may need. */
export const roomFor = (plainLength: number): number => plainLength + (plainLength >> 8) + (64 << 10);

/** Bytes of one kind: what is packed already is stored as it is. */
export type Stretch = {readonly start: number; readonly end: number; readonly isPacked: boolean};

/**
Writes `plain` as a member at `offset` of `target`.
@returns where it ends
*/
export const writeMember = (target: Buffer, offset: number, {plain, isPacked}: {readonly plain: Buffer; readonly isPacked: boolean}): number => {
	const bodyStart = offset + headLength;
	const bodyEnd = isPacked ? writeStored(target, bodyStart, plain) : writeDeflated(target, bodyStart, plain);
	const end = bodyEnd + tailLength;
	head.copy(target, offset);
	target.writeUInt32LE(end - offset, offset + head.length);
	target.writeUInt32LE(crc32(plain), bodyEnd);
	target.writeUInt32LE(plain.length, bodyEnd + 4);

	return end;
};

/** A member of its own, for what is written outside of slots. */
export const makeMember = (plain: Buffer): Buffer => {
	const target = Buffer.allocUnsafe(roomFor(plain.length));

	return target.subarray(0, writeMember(target, 0, {plain, isPacked: false}));
};

const writeDeflated = (target: Buffer, offset: number, plain: Buffer): number => {
	const deflated = deflateRawSync(plain, {level, chunkSize: roomFor(plain.length)});
	target.set(deflated, offset);

	return offset + deflated.length;
};

const writeStored = (target: Buffer, offset: number, plain: Buffer): number => {
	let position = offset;

	for (let start = 0; start < plain.length; start += maxStoredBlock) {
		const part = plain.subarray(start, start + maxStoredBlock);
		target[position] = start + maxStoredBlock >= plain.length ? 1 : 0;
		target.writeUInt16LE(part.length, position + 1);
		target.writeUInt16LE(maxStoredBlock - part.length, position + 3);
		target.set(part, position + 5);
		position += 5 + part.length;
	}

	return position;
};

/** Bytes to read to know a member's length. */
export const memberHeadLength = headLength;

/**
The length of a member, from its first bytes.
@throws FormatError where no member of ours begins
*/
export const readMemberLength = (bytes: Buffer): number => {
	if (bytes.length < headLength || !bytes.subarray(0, head.length).equals(head)) {
		throw new FormatError('a gzip member is broken');
	}

	const length = bytes.readUInt32LE(head.length);

	if (length < headLength + tailLength) {
		throw new FormatError('a gzip member is broken');
	}

	return length;
};

/** The length of what a member holds, from its last four bytes. */
export const readPlainLength = (lastBytes: Buffer): number => lastBytes.readUInt32LE(lastBytes.length - 4);

/**
Opens a member.
@throws FormatError where it is damaged
*/
export const openMember = (member: Buffer): Buffer => {
	const plainLength = readPlainLength(member);
	const plain = inflate(member.subarray(headLength, member.length - tailLength), plainLength);

	if (plain.length !== plainLength || crc32(plain) !== member.readUInt32LE(member.length - tailLength)) {
		throw new FormatError('a gzip member does not hold what its checksum says');
	}

	return plain;
};

const inflate = (body: Buffer, plainLength: number): Buffer => {
	try {
		return inflateRawSync(body, {chunkSize: Math.max(64, plainLength), maxOutputLength: Math.max(1, plainLength)});
	} catch (error) {
		throw new FormatError(`a gzip member does not unpack (${(error as Error).message})`, {cause: error});
	}
};
