import {indexName} from '../segments/index-file.ts';
import {mergedContent} from '../segments/index-writer.ts';
import {blockName, type LostBlock, recordLoss} from '../segments/losses.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {writeIndexFile} from '../segments/write-index-file.ts';
import type {OpenedVault} from './unlock-vault.ts';

/** Lets blocks that cannot be opened leave the index, so that what they held is stored anew. The caller works alone. */
export const forgetBlocks = async ({storage, rootKey}: Pick<OpenedVault, 'storage' | 'rootKey'>, blocks: readonly LostBlock[]): Promise<void> => {
	const names = new Set(blocks.map(block => blockName(block)));
	const {files} = SegmentIndex.open({storage, rootKey});
	await recordLoss({storage, rootKey}, {packs: [], blocks});
	await writeIndexFile(storage, rootKey, mergedContent(files, ({pack, blockOffset}) => !names.has(blockName({packId: pack.id, blockOffset})), () => true));

	for (const {id} of files) {
		storage.delete(indexName(id));
	}
};
