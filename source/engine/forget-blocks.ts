import {indexName} from './index-file.ts';
import {mergedContent} from './index-writer.ts';
import {blockName, type LostBlock, recordLoss} from './losses.ts';
import {SegmentIndex} from './segment-index.ts';
import type {OpenedVault} from './vault.ts';
import {writeIndexFile} from './write-index-file.ts';

/** Lets blocks that cannot be opened leave the index, so that what they held is stored anew. The caller works alone. */
export const forgetBlocks = async ({storage, rootKey}: Pick<OpenedVault, 'storage' | 'rootKey'>, blocks: readonly LostBlock[]): Promise<void> => {
	const names = new Set(blocks.map(block => blockName(block)));
	const {files} = SegmentIndex.open(storage, rootKey);
	await recordLoss({storage, rootKey}, {packs: [], blocks});
	await writeIndexFile(storage, rootKey, mergedContent(files, ({pack, blockOffset}) => !names.has(blockName({packId: pack.id, blockOffset})), () => true));

	for (const {id} of files) {
		storage.delete(indexName(id));
	}
};
