import type {StoredObject} from '../storage/storage.ts';
import type {IndexedPack} from './index-file.ts';
import {packName} from './pack.ts';

export type LostPack = IndexedPack & {
	/** Completes "pack … ". */
	readonly reason: string;
};

/** Holds packs that an index names against a listing of those that are there. */
export const findLostPacks = (packs: readonly IndexedPack[], listed: readonly StoredObject[]): readonly LostPack[] => {
	const sizes = new Map(listed.map(({name, size}) => [name, size]));

	return packs.flatMap(pack => {
		const size = sizes.get(packName(pack.id));

		return size === pack.size ? [] : {...pack, reason: size === undefined ? 'is missing' : `has ${size} bytes instead of ${pack.size}`};
	});
};
