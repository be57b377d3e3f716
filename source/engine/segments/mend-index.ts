/**
Holds the index against one listing of the packs. A pack that is missing or cut short leaves the index, so that nothing is taken for stored that is not; what it held is stored again where it still
exists, and then older backups find it too. An index file that does not open is made again from the packs.
*/
import {FormatError} from '../base/bytes.ts';
import {SealError} from '../base/keys.ts';
import type {Storage} from '../storage/storage.ts';
import {adoptPacks} from './adopt-packs.ts';
import {IndexFile, indexName} from './index-file.ts';
import {mergedContent} from './index-writer.ts';
import {recordLoss} from './losses.ts';
import {findLostPacks, type LostPack} from './lost-packs.ts';
import {packName} from './pack.ts';
import {writeIndexFile} from './write-index-file.ts';

type Target = {readonly storage: Storage; readonly rootKey: Uint8Array};

/**
Under the writer's lock, while nothing else writes.
@returns the packs that are missing or cut short
*/
export const mendIndex = async ({storage, rootKey}: Target): Promise<readonly LostPack[]> => {
	const {files: readable, damaged} = openReadable({storage, rootKey});
	const files = withoutReplaced(storage, readable);
	const listed = storage.list('packs');
	const packs = files.flatMap(file => file.packs);
	const lost = findLostPacks(packs, listed);

	if (lost.length > 0) {
		const lostIds = new Set(lost.map(({id}) => id));
		await recordLoss({storage, rootKey}, {packs: [...lostIds], blocks: []});
		await writeIndexFile(storage, rootKey, mergedContent(files, ({pack}) => !lostIds.has(pack.id)));

		for (const {id} of files) {
			storage.delete(indexName(id));
		}
	}

	for (const id of damaged) {
		storage.delete(indexName(id));
	}

	const known = new Set(packs.map(({id}) => packName(id)));

	if (listed.some(({name}) => !known.has(name))) {
		await adoptPacks({storage, rootKey});
	}

	return lost;
};

/** A writer that was killed leaves index files whose successor is there; they may name packs that are gone since. */
const withoutReplaced = (storage: Storage, files: readonly IndexFile[]): readonly IndexFile[] => {
	const replaced = new Set(files.flatMap(file => file.replaces));

	for (const {id} of files) {
		if (replaced.has(id)) {
			storage.delete(indexName(id));
		}
	}

	return files.filter(({id}) => !replaced.has(id));
};

const openReadable = ({storage, rootKey}: Target): {readonly files: readonly IndexFile[]; readonly damaged: readonly string[]} => {
	const files: IndexFile[] = [];
	const damaged: string[] = [];

	for (const {name, size} of storage.list('index')) {
		const id = name.slice('index/'.length);

		try {
			files.push(IndexFile.open(storage, rootKey, {id, size}));
		} catch (error) {
			if (!(error instanceof FormatError || error instanceof SealError)) {
				throw error;
			}

			damaged.push(id);
		}
	}

	return {files, damaged};
};
