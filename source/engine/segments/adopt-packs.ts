/** After a run was killed: what it had made durable is put to use instead of being stored again. */
import {FormatError} from '../base/bytes.ts';
import {SealError} from '../base/keys.ts';
import type {Storage} from '../storage/storage.ts';
import {indexPacks} from './index-writer.ts';
import {blockName, readLostBlocks} from './losses.ts';
import {type PackTable, readPackTable} from './pack.ts';
import {SegmentIndex} from './segment-index.ts';
import {toWrittenPack, type WrittenPack} from './segment-writer.ts';

type Target = {readonly storage: Storage; readonly rootKey: Uint8Array};

/**
Indexes the packs that no index speaks of.
@returns how many packs were adopted.
*/
export const adoptPacks = async ({storage, rootKey}: Target): Promise<number> => {
	const known = new Set(SegmentIndex.open({storage, rootKey}).files.flatMap(file => file.packs.map(({id}) => id)));
	const unknown = storage.list('packs').map(({name, size}) => ({id: name.slice(name.lastIndexOf('/') + 1), size})).filter(({id}) => !known.has(id));
	const lost = readLostBlocks({storage, rootKey});
	const adopted: WrittenPack[] = [];
	const dataKeys = new Map<string, PackTable['dataKeys'][number]>();

	for (const pack of unknown) {
		const table = tryReadTable(storage, rootKey, pack);

		if (!table) {
			continue;
		}

		const blocks = table.blocks.filter(({offset}) => !lost.has(blockName({packId: pack.id, blockOffset: offset})));
		adopted.push(toWrittenPack({...pack, table: {...table, blocks}}));

		for (const key of table.dataKeys) {
			dataKeys.set(key.id.toString('hex'), key);
		}
	}

	await indexPacks({storage, rootKey}, adopted, dataKeys.values().toArray());

	return adopted.length;
};

/** A pack that cannot be read helps nobody; it stays for `verify` to name. */
const tryReadTable = (storage: Storage, rootKey: Uint8Array, pack: {readonly id: string; readonly size: number}): PackTable | undefined => {
	try {
		return readPackTable(storage, rootKey, pack);
	} catch (error) {
		if (error instanceof FormatError || error instanceof SealError) {
			return undefined;
		}

		throw error;
	}
};
