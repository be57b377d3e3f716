/** What deleting all backups of some accounts, and a cleanup after it, would free: the difference of two plans, so that it is what is really freed. */
import {archivesFolder} from '../storage/archive-name.ts';
import type {RunOptions} from '../run-options.ts';
import {type BlockTable, nobody} from '../segments/block-table.ts';
import type {ReclaimableRequest} from '../engine.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {unlockVault} from '../vault/unlock-vault.ts';
import {markLive} from './mark-live.ts';
import {type PackSum, planCleanup, sumPacks} from './plan-cleanup.ts';

const others = 1;
const firstOwner = 2;
/** Owners are numbered in sixteen bits. */
const mostGroups = 60_000;

/** Bytes by the names of the groups; groups beyond sixty thousand are left out. */
export const measureReclaimable = async ({vault: location, groups}: ReclaimableRequest, {abortFlag}: RunOptions): Promise<ReadonlyMap<string, number>> => {
	const vault = unlockVault(location);

	try {
		const asked = [...groups].slice(0, mostGroups);
		const owners = new Map(asked.flatMap(([, accounts], index) => accounts.map(uuid => [uuid, firstOwner + index] as const)));
		const {blocks} = await markLive({
			vault, index: SegmentIndex.open(vault), abortFlag, ownerOf: uuid => owners.get(uuid) ?? others,
		});
		const sums = sumPacks(blocks, owner => owner !== nobody);
		const freedNow = planCleanup(sums).freedBytes;
		const owned = ownedBlocks(blocks);

		return new Map(asked.map(([name, accounts], index) => {
			const folders = accounts.flatMap(uuid => ['backups', archivesFolder].map(folder => `${folder}/${uuid}`));
			const own = folders.flatMap(folder => vault.storage.list(folder)).reduce((sum, {size}) => sum + size, 0);
			const freed = planCleanup(without(sums, owned.get(firstOwner + index) ?? new Map())).freedBytes;

			return [name, own + Math.max(0, freed - freedNow)];
		}));
	} finally {
		vault.storage.close();
	}
};

type OwnedBlocks = {blocks: number; bytes: number};

/** What only one group needs, by owner and pack. */
const ownedBlocks = (table: BlockTable): ReadonlyMap<number, ReadonlyMap<string, OwnedBlocks>> => {
	const owners = new Map<number, Map<string, OwnedBlocks>>();

	for (const {pack, storedLength, owner} of table.blocks()) {
		const packs = owners.get(owner) ?? new Map<string, OwnedBlocks>();
		const owned = packs.get(pack.id) ?? {blocks: 0, bytes: 0};
		owned.blocks++;
		owned.bytes += storedLength;
		packs.set(pack.id, owned);
		owners.set(owner, packs);
	}

	return owners;
};

const without = (sums: readonly PackSum[], owned: ReadonlyMap<string, OwnedBlocks>): readonly PackSum[] => sums.map(sum => {
	const {blocks, bytes} = owned.get(sum.id) ?? {blocks: 0, bytes: 0};

	return {
		...sum, liveBlocks: sum.liveBlocks - blocks, liveBytes: sum.liveBytes - bytes, deadBlocks: sum.deadBlocks + blocks, deadBytes: sum.deadBytes + bytes,
	};
});
