/** Run as a worker: opens the index again and again and looks for digests that are in it all the time, until it is told to stop. */
import {Buffer} from 'node:buffer';
import {parentPort, workerData} from 'node:worker_threads';
import {LocalStorage} from '../../../source/engine/storage/local-storage.ts';
import {SegmentIndex} from '../../../source/engine/segments/segment-index.ts';

export type IndexReaderTask = {readonly folder: string; readonly rootKey: Uint8Array; readonly digests: readonly Uint8Array[]; readonly stop: SharedArrayBuffer};
export type IndexReaderResult = {readonly rounds: number; readonly missing: number};

const {folder, rootKey, digests, stop} = workerData as IndexReaderTask;
const flag = new Int32Array(stop);
let rounds = 0;
let missing = 0;

do {
	const storage = new LocalStorage(folder);
	const index = SegmentIndex.open({storage, rootKey});
	missing += digests.filter(digest => !index.has(Buffer.from(digest))).length;
	rounds++;
	storage.close();
} while (Atomics.load(flag, 0) === 0);

parentPort!.postMessage({rounds, missing} satisfies IndexReaderResult);
