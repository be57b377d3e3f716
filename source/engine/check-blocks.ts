/** The second part of a verification: every block that is needed is read and opened, and every segment in it held against its digest; in the order of the packs, each block once. */
import type {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {setImmediate as breathe} from 'node:timers/promises';
import type {AbortFlag} from './abort-flag.ts';
import {type BlockTable, nobody} from './block-table.ts';
import {openBlock} from './block.ts';
import {FormatError} from './bytes.ts';
import type {Damage} from './damage.ts';
import type {IndexedPack} from './index-file.ts';
import {
	type DataKeyRing,
	type PackedSegment,
	packName,
	type PackTable,
	readPackTable,
} from './pack.ts';
import {isUnreadable} from './storage-failure.ts';
import type {OpenedVault} from './vault.ts';

export type CheckBlocksOptions = {
	readonly vault: OpenedVault;
	readonly keyRing: DataKeyRing;
	readonly blocks: BlockTable;
	readonly damage: Damage;
	readonly abortFlag: AbortFlag;
	readonly onProgress: (progress: {readonly bytesDone: number; readonly bytesTotal: number}) => void;
	/** A pack whose own table cannot be read; its blocks still can, through the index. */
	readonly onTableDamaged: (packId: string, reason: string) => void;
};

type NeededBlock = {readonly offset: number; readonly storedLength: number};

/** Resolves with the bytes that were read. */
export const checkBlocks = async (options: CheckBlocksOptions): Promise<number> => {
	const needed = neededBlocks(options.blocks);
	const bytesTotal = needed.values().toArray().flat().reduce((sum, {storedLength}) => sum + storedLength, 0);
	let bytesDone = 0;

	for (const [pack, blocks] of needed) {
		const segments = tryReadSegments(pack, options);

		for (const block of blocks) {
			options.abortFlag.check();
			checkBlock({pack, block, segments: segments?.get(block.offset)}, options);
			bytesDone += block.storedLength;
			options.onProgress({bytesDone, bytesTotal});
			await breathe();
		}
	}

	return bytesDone;
};

const neededBlocks = (table: BlockTable): ReadonlyMap<IndexedPack, readonly NeededBlock[]> => {
	const packs = new Map<IndexedPack, NeededBlock[]>();

	for (const {pack, offset, storedLength, owner} of table.blocks()) {
		if (owner === nobody) {
			continue;
		}

		const blocks = packs.get(pack) ?? [];
		blocks.push({offset, storedLength});
		packs.set(pack, blocks);
	}

	for (const blocks of packs.values()) {
		blocks.sort((left, right) => left.offset - right.offset);
	}

	return packs;
};

/** What a pack says is in its blocks, by their offset. */
const tryReadSegments = (pack: IndexedPack, {vault: {storage, rootKey}, onTableDamaged}: CheckBlocksOptions): ReadonlyMap<number, readonly PackedSegment[]> | undefined => {
	let table: PackTable;

	try {
		table = readPackTable(storage, rootKey, pack);
	} catch (error) {
		if (!isUnreadable(error)) {
			throw error;
		}

		onTableDamaged(pack.id, error.message);

		return undefined;
	}

	return new Map(table.blocks.map(({offset, segments}) => [offset, segments]));
};

type BlockCheck = {readonly pack: IndexedPack; readonly block: NeededBlock; readonly segments: readonly PackedSegment[] | undefined};

const checkBlock = ({pack, block: {offset, storedLength}, segments}: BlockCheck, {vault, keyRing, damage}: CheckBlocksOptions): void => {
	try {
		const stored = vault.storage.readRange(packName(pack.id), offset, storedLength);
		checkSegments(openBlock(stored, keyRing.keyOf), segments ?? []);
	} catch (error) {
		if (!isUnreadable(error)) {
			throw error;
		}

		damage.addBlock({packId: pack.id, blockOffset: offset});
	}
};

const checkSegments = (plain: Buffer, segments: readonly PackedSegment[]): void => {
	let position = 0;

	for (const {digest, length} of segments) {
		const segment = plain.subarray(position, position + length);

		if (!hash('sha256', segment, 'buffer').equals(digest)) {
			throw new FormatError('a segment is not what its digest says');
		}

		position += length;
	}
};
