/** Reads the archives that `tar-header.ts` writes. */
import {type Buffer} from 'node:buffer';
import type {EntryType} from '../../domain/entry.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {FormatError} from '../base/bytes.ts';
import {nameOf} from '../catalog/catalog-order.ts';
import type {ArchiveBlocks} from './archive-blocks.ts';
import {noFacts, parseRecords, type PaxFacts} from './pax-records.ts';
import {paddingOf, tarBlock, type TarEntry} from './tar-entry.ts';
import {checksumOf, endOfArchive, toDevice} from './tar-header.ts';

const nanosecondsPerSecond = 1_000_000_000n;
const hardLinkFlag = '1';
const forbiddenParts = new Set(['', '.', '..']);

const types: Readonly<Record<string, EntryType>> = {
	0: 'file', 2: 'symlink', 3: 'characterDevice', 4: 'blockDevice', 5: 'directory', 6: 'fifo',
};

/** An entry and where it lies. */
export type FoundEntry = {
	readonly entry: TarEntry;
	/** Of its content. */
	readonly contentOffset: number;
	/** Where the next one begins. */
	readonly end: number;
};

type ReadableBlocks = Pick<ArchiveBlocks, 'length' | 'read'>;

/**
Reads the entry that begins at `offset`; `undefined` at the end of the archive.
@throws FormatError
*/
export const readEntry = (blocks: ReadableBlocks, offset: number): FoundEntry | undefined => {
	let position = offset;
	let facts = noFacts;

	for (;;) {
		const header = blocks.read(position, tarBlock);

		if (header[0] === 0) {
			checkEnd(blocks, position);
			return undefined;
		}

		if (octalAt(header, 148, 8) !== checksumOf(header, 0)) {
			throw new FormatError(`a header of the archive is broken at ${position}`);
		}

		const size = sizeAt(header);
		const flag = header.toString('latin1', 156, 157);
		position += tarBlock;

		if (flag === 'x') {
			facts = parseRecords(blocks.read(position, size).toString('latin1'));
		} else if (flag !== 'L' && flag !== 'K') {
			return toEntry(header, facts, position);
		}

		// GNU's long names say what the records say too.
		position += size + paddingOf(size);
	}
};

const checkEnd = (blocks: ReadableBlocks, position: number): void => {
	if (blocks.length - position !== endOfArchive.length || !blocks.read(position, endOfArchive.length).equals(endOfArchive)) {
		throw new FormatError('the archive goes on behind its end, or ends early');
	}
};

const toEntry = (header: Buffer, facts: PaxFacts, contentOffset: number): FoundEntry => {
	const flag = header.toString('latin1', 156, 157);
	const isHardLink = flag === hardLinkFlag;
	const type = isHardLink ? 'file' : types[flag];

	if (type === undefined) {
		throw new FormatError(`the archive holds an entry of unknown type ${JSON.stringify(flag)}`);
	}

	const path = toPath(facts.path ?? nameIn(header));
	const link = facts.linkPath ?? textAt(header, 157, 100);
	const size = facts.size ?? sizeAt(header);
	const entry: TarEntry = {
		path,
		name: nameOf(path),
		type,
		sizeBytes: type === 'file' ? size : 0,
		mode: octalAt(header, 100, 8),
		uid: facts.uid ?? octalAt(header, 108, 8),
		gid: facts.gid ?? octalAt(header, 116, 8),
		modifiedNs: facts.modifiedNs ?? (BigInt(octalAt(header, 136, 12)) * nanosecondsPerSecond),
		linkTarget: type === 'symlink' ? link : null,
		device: type === 'characterDevice' || type === 'blockDevice' ? toDevice(octalAt(header, 329, 8), octalAt(header, 337, 8)) : 0n,
		attributes: facts.attributes,
		holes: checkHoles(facts.holes, size),
		isLinked: facts.isLinked || isHardLink,
		hardLinkOf: isHardLink ? toPath(link) : undefined,
	};

	return {entry, contentOffset, end: contentOffset + entry.sizeBytes + paddingOf(entry.sizeBytes)};
};

const checkHoles = (holes: TarEntry['holes'], size: number): TarEntry['holes'] => {
	let position = 0;

	for (const {offset, length} of holes) {
		if (length === 0 || offset < position || offset + length > size) {
			throw new FormatError('the archive holds a file whose holes lie outside it');
		}

		position = offset + length;
	}

	return holes;
};

const nameIn = (header: Buffer): string => {
	const prefix = textAt(header, 345, 155);
	const name = textAt(header, 0, 100);

	return prefix === '' ? name : `${prefix}/${name}`;
};

/** As paths are inside: no slash at the end, and never one that leads elsewhere. */
const toPath = (name: string): RawPath => {
	if (name === './') {
		return '';
	}

	const path = name.endsWith('/') ? name.slice(0, -1) : name;

	if (path.split('/').some(part => forbiddenParts.has(part)) || path.includes('\0')) {
		throw new FormatError('the archive holds an entry whose name leads elsewhere');
	}

	return path;
};

const textAt = (header: Buffer, offset: number, length: number): string => {
	const text = header.toString('latin1', offset, offset + length);
	const end = text.indexOf('\0');

	return end === -1 ? text : text.slice(0, end);
};

const octalAt = (header: Buffer, offset: number, length: number): number => {
	const text = textAt(header, offset, length).trim();

	if (!/^[0-7]*$/v.test(text)) {
		throw new FormatError('a header of the archive holds no number where one belongs');
	}

	return text === '' ? 0 : Number.parseInt(text, 8);
};

/** Beyond eight gibibytes in GNU's binary form. */
const sizeAt = (header: Buffer): number => {
	if (header[124] !== 0x80) {
		return octalAt(header, 124, 12);
	}

	const size = Number(header.readBigUInt64BE(128));

	if (!Number.isSafeInteger(size)) {
		throw new FormatError('the archive holds a file of impossible size');
	}

	return size;
};
