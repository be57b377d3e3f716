/** The second part of a verification: every block that is needed is read and checked, pack by pack, each once, by all pack threads. */
import {type DataShare, isInShare} from '../../domain/data-share.ts';
import {type BlockTable, nobody} from '../segments/block-table.ts';
import type {AbortFlag} from '../base/abort-flag.ts';
import type {Damage} from '../segments/damage.ts';
import type {DataKeyRing} from '../segments/pack.ts';
import type {PackThread} from '../pack-pool.ts';
import type {OpenedVault} from '../vault/unlock-vault.ts';
import type {PackCheck} from './check-pack.ts';

export type CheckBlocksOptions = {
	readonly vault: OpenedVault;
	readonly threads: readonly PackThread[];
	readonly keyRing: DataKeyRing;
	readonly blocks: BlockTable;
	/** Of the packs, only this share. */
	readonly share: DataShare | undefined;
	readonly damage: Damage;
	readonly abortFlag: AbortFlag;
	readonly onProgress: (progress: {readonly bytesDone: number; readonly bytesTotal: number}) => void;
	/** A pack whose own table cannot be read; its blocks still can, through the index. */
	readonly onTableDamaged: (packId: string, reason: string) => void;
};

/** Resolves with the bytes that were read. */
export const checkBlocks = async (options: CheckBlocksOptions): Promise<number> => {
	const checks = neededBlocks(options.blocks, options.share);
	const bytesTotal = checks.reduce((sum, check) => sum + bytesOf(check), 0);
	const queue = checks.values();
	let bytesDone = 0;

	await Promise.all(options.threads.map(async thread => {
		for (const check of queue) {
			options.abortFlag.check();
			await checkOne(check, thread, options);
			bytesDone += bytesOf(check);
			options.onProgress({bytesDone, bytesTotal});
		}
	}));

	return bytesDone;
};

const bytesOf = ({lengths}: PackCheck): number => lengths.reduce((sum, length) => sum + length, 0);

const neededBlocks = (table: BlockTable, share: DataShare | undefined): readonly PackCheck[] => {
	const needed = table.blocks().filter(({owner, pack}) => owner !== nobody && (share === undefined || isInShare(pack.id, share))).toArray();
	const byPack = Map.groupBy(needed.toSorted((left, right) => left.offset - right.offset), ({pack}) => pack);

	return byPack.entries().map(([pack, blocks]) => ({
		pack, offsets: blocks.map(({offset}) => offset), lengths: blocks.map(({storedLength}) => storedLength),
	})).toArray();
};

const checkOne = async (check: PackCheck, thread: PackThread, {vault, keyRing, damage, abortFlag, onTableDamaged}: CheckBlocksOptions): Promise<void> => {
	const {result: {bad, tableProblem}} = await thread.call({
		type: 'checkPack', vaultFolder: vault.folder, rootKey: vault.rootKey, openedKeys: vault.openedKeys, dataKeys: keyRing.all(), check, abortFlag: abortFlag.buffer,
	}, 'checkedPack');

	if (tableProblem !== null) {
		onTableDamaged(check.pack.id, tableProblem);
	}

	for (const blockOffset of bad) {
		damage.addBlock({packId: check.pack.id, blockOffset});
	}
};
