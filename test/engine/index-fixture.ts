import {Buffer} from 'node:buffer';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {recordLength} from '../../source/engine/segments/index-file.ts';
import {createDataKey} from '../../source/engine/base/keys.ts';
import {LocalStorage} from '../../source/engine/storage/local-storage.ts';
import {digestLength} from '../../source/engine/base/digest.ts';
import type {WrittenPack} from '../../source/engine/segments/segment-writer.ts';
import {temporaryFolder} from '../sandbox.ts';
import type {Random} from '../benchmarks/random.ts';

export const rootKey = Buffer.alloc(32, 5);
export const dataKey = createDataKey(rootKey);

/** A vault's storage in a folder of its own. */
export const openStorage = async (t: ExecutionContext): Promise<{readonly folder: string; readonly storage: LocalStorage}> => {
	const folder = path.join(await temporaryFolder(t), 'vault');
	const storage = new LocalStorage(folder);
	t.teardown(() => {
		storage.close();
	});

	return {folder, storage};
};

export const randomDigests = (random: Random, count: number): Buffer[] => Array.from({length: count}, () => random.bytes(digestLength));

/** A pack as a run hands it to the index; the place of a segment tells its position among `digests`. */
export const packOf = (random: Random, digests: readonly Buffer[]): WrittenPack => {
	const records = Buffer.alloc(digests.length * recordLength);

	for (const [index, digest] of digests.entries()) {
		const start = index * recordLength;
		digest.copy(records, start);
		records.writeUInt32LE(32 + index, start + digestLength + 4);
		records.writeUInt32LE(1000, start + digestLength + 8);
		records.writeUInt32LE(index, start + digestLength + 12);
		records.writeUInt32LE(index + 1, start + digestLength + 16);
	}

	return {id: random.bytes(16).toString('hex'), size: 1_000_000, records};
};
