/**
A catalog page: up to two thousand entries as columns, in two parts that are stored apart: the shape (names and types), and the *facts*, which hold everything else.
*/
import {Buffer} from 'node:buffer';
import type {Entry} from '../../domain/entry.ts';
import {joinRaw, type RawPath} from '../../domain/raw-name.ts';
import {ByteReader, ByteWriter, FormatError} from '../base/bytes.ts';
import {digestLength} from '../base/digest.ts';
import type {Shape} from './catalog-shape.ts';
import {
	attributesFlag,
	contentMany,
	contentMask,
	contentNone,
	contentOne,
	deviceFlag,
	holeFlag,
	linkGroupFlag,
	linkTargetFlag,
} from './facts-flags.ts';

/** A stretch of a file: a segment, or a hole where `digest` is `undefined`. */
export type Extent = {readonly length: number; readonly digest: Buffer | undefined};

export type Content = {
	/** Of the whole content. */
	readonly sha256: Buffer;
	readonly extents: readonly Extent[];
};

export type StoredAttribute = {readonly name: RawPath; readonly value: Uint8Array};

/** An entry with everything needed to make it again. */
export type StoredEntry = Entry & {
	/** Of regular files; `undefined` for an empty one and for other types. */
	readonly content: Content | undefined;
	/** Entries with the same group are links to one file: the first eight digest bytes of the path that came first, in hexadecimal. */
	readonly linkGroup: string | undefined;
	/** Device number of a device. */
	readonly device: bigint;
	/** Extended attributes, which hold the ACLs too. */
	readonly attributes: readonly StoredAttribute[];
};

export const maxExtentLength = 0x7F_FF_FF_FF;

export const encodeFacts = (entries: readonly StoredEntry[]): Buffer => {
	const writer = new ByteWriter();
	writer.u32(entries.length);

	for (const entry of entries) {
		writer.u8(flagsOf(entry));
	}

	for (const {mode} of entries) {
		writer.u16(mode);
	}

	for (const {uid} of entries) {
		writer.u32(uid);
	}

	for (const {gid} of entries) {
		writer.u32(gid);
	}

	for (const {sizeBytes} of entries) {
		writer.u64(sizeBytes);
	}

	for (const {modifiedNs} of entries) {
		writer.timeNs(modifiedNs);
	}

	for (const entry of entries) {
		writeContent(writer, entry);
	}

	for (const entry of entries) {
		writeRest(writer, entry);
	}

	return writer.take();
};

/**
Puts the two parts of a page together.
@throws FormatError
*/
export const decodePage = (shape: Shape, facts: Uint8Array): StoredEntry[] => {
	const {reader, flags, entries} = readColumns(shape, facts);
	const contents = Array.from(flags, (flag, index) => readContent(reader, flag, entries[index]!.sizeBytes));

	return entries.map((entry, index) => ({...entry, content: contents[index], ...readRest(reader, flags[index]!)}));
};

/**
The same for lists, which show nothing of an entry's content.
@throws FormatError
*/
export const decodeListed = (shape: Shape, facts: Uint8Array): Entry[] => {
	const {reader, flags, entries} = readColumns(shape, facts);

	for (const flag of flags) {
		skipContent(reader, flag);
	}

	return entries.map((entry, index) => {
		const flag = flags[index]!;

		// Most have nothing of what follows.
		return (flag & ~contentMask) === 0 ? entry : {...entry, linkTarget: readRest(reader, flag).linkTarget};
	});
};

type Columns = {readonly reader: ByteReader; readonly flags: Uint8Array; readonly entries: readonly Entry[]};

/** What stands before the content; the reader is there. */
const readColumns = (shape: Shape, facts: Uint8Array): Columns => {
	const reader = new ByteReader(facts);
	const count = reader.u32();

	if (count !== shape.names.length) {
		throw new FormatError('the two parts of a catalog page do not belong together');
	}

	const flags = reader.bytes(count);
	const modes = Array.from({length: count}, () => reader.u16());
	const uids = Array.from({length: count}, () => reader.u32());
	const gids = Array.from({length: count}, () => reader.u32());
	const sizes = Array.from({length: count}, () => reader.u64());
	const times = Array.from({length: count}, () => reader.timeNs());
	const entries: Entry[] = [];

	for (const {folder, start, count: runLength} of shape.runs) {
		for (let index = start; index < start + runLength; index++) {
			const name = shape.names[index]!;
			entries.push({
				path: joinRaw(folder, name),
				name,
				type: shape.types[index]!,
				sizeBytes: sizes[index]!,
				mode: modes[index]!,
				uid: uids[index]!,
				gid: gids[index]!,
				modifiedNs: times[index]!,
				linkTarget: null,
			});
		}
	}

	return {reader, flags, entries};
};

/** Bytes of an entry before its content, in all columns but the flags: mode, owner, group, size, time. */
const fixedLength = 2 + 4 + 4 + 8 + 12;

/**
The segments that hold the content of a page's files, told from the facts alone.
@throws FormatError
@yields digests
*/
export const contentDigests = function * (facts: Uint8Array): Generator<Buffer> {
	const reader = new ByteReader(facts);
	const count = reader.u32();
	const flags = reader.bytes(count);
	reader.bytes(count * fixedLength);

	for (const flag of flags) {
		for (const {digest} of readContent(reader, flag, 0)?.extents ?? []) {
			if (digest) {
				yield digest;
			}
		}
	}
};

const flagsOf = (entry: StoredEntry): number => contentFlag(entry.content)
	| (entry.linkTarget === null ? 0 : linkTargetFlag)
	| (entry.linkGroup === undefined ? 0 : linkGroupFlag)
	| (entry.device === 0n ? 0 : deviceFlag)
	| (entry.attributes.length === 0 ? 0 : attributesFlag);

/** A file that is one segment needs no more than that segment's digest, which is also its own. */
const contentFlag = (content: Content | undefined): number => {
	if (!content) {
		return contentNone;
	}

	return content.extents.length === 1 && content.extents[0]!.digest?.equals(content.sha256) ? contentOne : contentMany;
};

const writeContent = (writer: ByteWriter, {content}: StoredEntry): void => {
	const flag = contentFlag(content);

	if (!content || flag === contentNone) {
		return;
	}

	writer.bytes(content.sha256);

	if (flag === contentOne) {
		return;
	}

	writer.u32(content.extents.length);

	for (const {length, digest} of content.extents) {
		writer.u32(digest ? length : (length | holeFlag) >>> 0);

		if (digest) {
			writer.bytes(digest);
		}
	}
};

const readContent = (reader: ByteReader, flag: number, size: number): Content | undefined => {
	const kind = flag & contentMask;

	if (kind === contentNone) {
		return undefined;
	}

	const sha256 = reader.bytes(digestLength);

	if (kind === contentOne) {
		return {sha256, extents: [{length: size, digest: sha256}]};
	}

	const extents = Array.from({length: reader.u32()}, (): Extent => {
		const word = reader.u32();

		return word >= holeFlag ? {length: word - holeFlag, digest: undefined} : {length: word, digest: reader.bytes(digestLength)};
	});

	return {sha256, extents};
};

const skipContent = (reader: ByteReader, flag: number): void => {
	const kind = flag & contentMask;

	if (kind === contentOne) {
		reader.bytes(digestLength);
	} else if (kind !== contentNone) {
		readContent(reader, flag, 0);
	}
};

const writeRest = (writer: ByteWriter, entry: StoredEntry): void => {
	if (entry.linkTarget !== null) {
		writer.text(entry.linkTarget);
	}

	if (entry.linkGroup !== undefined) {
		writer.bytes(Buffer.from(entry.linkGroup, 'hex'));
	}

	if (entry.device !== 0n) {
		writer.i64(entry.device);
	}

	if (entry.attributes.length === 0) {
		return;
	}

	writer.u16(entry.attributes.length);

	for (const {name, value} of entry.attributes) {
		writer.text(name).u32(value.length).bytes(value);
	}
};

const readRest = (reader: ByteReader, flag: number): Pick<StoredEntry, 'linkTarget' | 'linkGroup' | 'device' | 'attributes'> => ({
	linkTarget: (flag & linkTargetFlag) === 0 ? null : reader.text(),
	linkGroup: (flag & linkGroupFlag) === 0 ? undefined : reader.bytes(8).toString('hex'),
	device: (flag & deviceFlag) === 0 ? 0n : reader.i64(),
	attributes: (flag & attributesFlag) === 0 ? [] : Array.from({length: reader.u16()}, () => ({name: reader.text(), value: reader.bytes(reader.u32())})),
});
