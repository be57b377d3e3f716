/** Run as a worker: claims digests in a shared table as fast as it can, and says which it got. */
import {Buffer} from 'node:buffer';
import {parentPort, workerData} from 'node:worker_threads';
import {SegmentTable} from '../../../source/engine/segments/segment-table.ts';

export type ClaimerTask = {
	readonly table: SharedArrayBuffer;
	/** Counts the claimers that are ready; all begin when all are. */
	readonly ready: SharedArrayBuffer;
	readonly claimers: number;
	readonly digests: Uint8Array;
};

const {table, ready, claimers, digests} = workerData as ClaimerTask;
const count = new Int32Array(ready);
const segments = new SegmentTable(table);
const claimed: number[] = [];
Atomics.add(count, 0, 1);

while (Atomics.load(count, 0) < claimers) {
	// All begin at the same moment.
}

for (let index = 0; index < digests.length / 32; index++) {
	if (segments.claim(Buffer.from(digests.subarray(index * 32, (index + 1) * 32)))) {
		claimed.push(index);
	}
}

parentPort!.postMessage(claimed);
