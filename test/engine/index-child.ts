/** Opens the index of the vault's folder in the first argument, looks digests up, and prints what that took. */
import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import process from 'node:process';
import {LocalStorage} from '../../source/engine/storage/local-storage.ts';
import {SegmentIndex} from '../../source/engine/segments/segment-index.ts';
import {rootKey} from './index-fixture.ts';

export type IndexCost = {readonly openMs: number; readonly lookUpMicroseconds: number; readonly addedMiB: number; readonly recordCount: number};

const lookUps = 2000;
const residentMiB = () => process.memoryUsage.rss() / (1 << 20);
const before = residentMiB();
const startedAt = performance.now();
const index = SegmentIndex.open({storage: new LocalStorage(process.argv[2]!), rootKey});
const openMs = performance.now() - startedAt;

for (let number = 0; number < lookUps; number++) {
	const digest = hash('sha256', Buffer.from(`looked for ${number}`), 'buffer');

	if (index.has(digest)) {
		throw new Error('a digest was found that nobody stored');
	}
}

const cost: IndexCost = {
	openMs, lookUpMicroseconds: (performance.now() - startedAt - openMs) * 1000 / lookUps, addedMiB: residentMiB() - before, recordCount: index.recordCount,
};
process.stdout.write(JSON.stringify(cost));
