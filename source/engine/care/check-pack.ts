/** Reads the needed blocks of one pack, opens them, and holds every segment against its digest. Runs in a pack thread. */
import type {Buffer} from 'node:buffer';
import {openBlock} from '../segments/block.ts';
import {FormatError} from '../base/bytes.ts';
import type {IndexedPack} from '../segments/index-file.ts';
import {
	type DataKeyRing,
	packName,
	type PackTable,
	readPackTable,
} from '../segments/pack.ts';
import {digestOf} from '../base/digest.ts';
import {release} from '../base/release.ts';
import type {PackedSegment, SegmentList} from '../segments/segment-list.ts';
import type {Storage} from '../storage/storage.ts';
import {isUnreadable} from '../storage/storage-failure.ts';

export type PackCheck = {
	readonly pack: IndexedPack;
	/** Where the needed blocks lie, in order, and how long each is with its header. */
	readonly offsets: readonly number[];
	readonly lengths: readonly number[];
};

export type CheckedPack = {
	/** Offsets of blocks that cannot be opened, or hold something else. */
	readonly bad: readonly number[];
	/** Why the pack's own table cannot be read; its blocks still can, through the index. */
	readonly tableProblem: string | null;
};

export type CheckPackOptions = {
	readonly storage: Storage;
	readonly rootKey: Uint8Array;
	readonly keyRing: DataKeyRing;
	/** Called before each block. */
	readonly onBlock: () => void;
};

export const checkPack = ({pack, offsets, lengths}: PackCheck, {storage, rootKey, keyRing, onBlock}: CheckPackOptions): CheckedPack => {
	const {segments, problem} = readSegments(storage, rootKey, pack);

	const bad = offsets.filter((offset, index) => {
		onBlock();

		return !isBlockWhole(segments.get(offset) ?? [], () => openAt(storage, {
			name: packName(pack.id), offset, length: lengths[index]!, keyRing,
		}));
	});

	return {bad, tableProblem: problem};
};

type ReadSegments = {readonly segments: ReadonlyMap<number, SegmentList>; readonly problem: string | null};

/** What a pack says is in its blocks, by their offset. */
const readSegments = (storage: Storage, rootKey: Uint8Array, pack: IndexedPack): ReadSegments => {
	let table: PackTable;

	try {
		table = readPackTable(storage, rootKey, pack);
	} catch (error) {
		if (!isUnreadable(error)) {
			throw error;
		}

		return {segments: new Map(), problem: error.message};
	}

	return {segments: new Map(table.blocks.map(({offset, segments}) => [offset, segments])), problem: null};
};

type Place = {readonly name: string; readonly offset: number; readonly length: number; readonly keyRing: DataKeyRing};

const openAt = (storage: Storage, {name, offset, length, keyRing}: Place): Buffer => {
	const stored = storage.readRange(name, offset, length);

	try {
		return openBlock(stored, keyRing.keyOf);
	} finally {
		release(stored);
	}
};

const isBlockWhole = (segments: Iterable<PackedSegment>, openIt: () => Buffer): boolean => {
	try {
		const plain = openIt();
		checkSegments(plain, segments);
		release(plain);

		return true;
	} catch (error) {
		if (!isUnreadable(error)) {
			throw error;
		}

		return false;
	}
};

const checkSegments = (plain: Buffer, segments: Iterable<PackedSegment>): void => {
	let position = 0;

	for (const {digest, length} of segments) {
		const segment = plain.subarray(position, position + length);

		if (!digestOf(segment).equals(digest)) {
			throw new FormatError('a segment is not what its digest says');
		}

		position += length;
	}
};
