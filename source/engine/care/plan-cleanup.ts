/** Decides what a cleanup does to each pack. Pure: the same plan is shown, carried out, and measures what deleting backups would free. */
import type {BlockTable} from '../segments/block-table.ts';
import type {IndexedPack} from '../segments/index-file.ts';

/** A pack is rewritten from this share of unneeded bytes on. */
const rewriteShare = 0.1;
const smallPack = 4 << 20;
/** More small packs than that are made into few. */
const smallPacksKept = 16;

export type PackSum = IndexedPack & {
	readonly liveBlocks: number;
	readonly liveBytes: number;
	readonly deadBlocks: number;
	readonly deadBytes: number;
};

export type CleanupPlan = {
	/** Nothing in them is needed. */
	readonly drop: readonly PackSum[];
	/** Their needed blocks are copied into new packs. */
	readonly rewrite: readonly PackSum[];
	/** What is gone afterwards, in bytes; the packs' tables are estimated. */
	readonly freedBytes: number;
};

/** Adds up what is needed of each pack; `isLive` is asked with a block's owner. */
export const sumPacks = (blocks: BlockTable, isLive: (owner: number) => boolean): readonly PackSum[] => {
	const sums = new Map(blocks.packs.map(pack => [pack.id, {
		...pack, liveBlocks: 0, liveBytes: 0, deadBlocks: 0, deadBytes: 0,
	}]));

	for (const {pack, storedLength, owner} of blocks.blocks()) {
		const sum = sums.get(pack.id)!;

		if (isLive(owner)) {
			sum.liveBlocks++;
			sum.liveBytes += storedLength;
		} else {
			sum.deadBlocks++;
			sum.deadBytes += storedLength;
		}
	}

	return sums.values().toArray();
};

export const planCleanup = (packs: readonly PackSum[]): CleanupPlan => {
	const drop = packs.filter(({liveBlocks}) => liveBlocks === 0);
	const needed = packs.filter(({liveBlocks}) => liveBlocks > 0);
	const small = needed.filter(({size}) => size < smallPack);
	const isMerging = small.length > smallPacksKept;
	const rewrite = needed.filter(pack => wastedBytes(pack) >= pack.size * rewriteShare || (isMerging && pack.size < smallPack));
	const freedBytes = drop.reduce((sum, {size}) => sum + size, 0) + rewrite.reduce((sum, pack) => sum + wastedBytes(pack), 0);

	return {drop, rewrite, freedBytes};
};

/** The blocks nobody needs, and their share of the pack's table. */
const wastedBytes = ({size, liveBytes, deadBytes}: PackSum): number => {
	const blockBytes = liveBytes + deadBytes;

	return Math.round(deadBytes + ((size - blockBytes) * deadBytes / blockBytes));
};
