import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {Worker} from 'node:worker_threads';
import test from 'ava';
import {indexPacks, mergedContent, mergeIndexes} from '../../../source/engine/segments/index-writer.ts';
import {LocalStorage} from '../../../source/engine/storage/local-storage.ts';
import {SegmentIndex} from '../../../source/engine/segments/segment-index.ts';
import {writeIndexFile} from '../../../source/engine/segments/write-index-file.ts';
import {Random} from '../../benchmarks/random.ts';
import {
	dataKey,
	openStorage,
	packOf,
	randomDigests,
	rootKey,
} from '../index-fixture.ts';
import type {IndexReaderResult, IndexReaderTask} from './index-reader.ts';

/** What a page of an index file holds. */
const recordsPerPage = 314;

test('ten thousand digests are found where they lie, and none that is not there', async t => {
	const random = new Random(31);
	const {storage} = await openStorage(t);
	const digests = randomDigests(random, 10_000);
	const parts = [digests.slice(0, 1), digests.slice(1, 4000), digests.slice(4000)];
	const packs = parts.map(part => packOf(random, part));
	await indexPacks({storage, rootKey}, packs, [dataKey]);

	const index = SegmentIndex.open({storage, rootKey});
	const found = parts.flatMap((part, number) => part.map((digest, position) => ({location: index.find(digest), pack: packs[number]!.id, position})));
	const wrong = found.filter(({location, pack, position}) => location?.packId !== pack || location.offset !== position || location.blockOffset !== 32 + position || location.length !== position + 1);
	t.deepEqual(wrong, []);
	t.is(index.recordCount, 10_000);

	const absent = [...randomDigests(random, 5000), ...digests.slice(0, 5000).map(digest => Buffer.from(digest.with(31, digest[31]! ^ 1)))];
	t.deepEqual(absent.filter(digest => index.has(digest)), []);
});

for (const count of [1, recordsPerPage - 1, recordsPerPage, recordsPerPage + 1, 2 * recordsPerPage, (2 * recordsPerPage) + 1]) {
	test(`an index of ${count}`, async t => {
		const random = new Random(count);
		const {storage} = await openStorage(t);
		const digests = randomDigests(random, count);
		await indexPacks({storage, rootKey}, [packOf(random, digests)], [dataKey]);
		const index = SegmentIndex.open({storage, rootKey});
		t.deepEqual(digests.filter(digest => !index.has(digest)), []);
		t.false(index.has(Buffer.alloc(32)));
		t.false(index.has(Buffer.alloc(32, 0xFF)));
	});
}

test('nothing makes no index', async t => {
	const {storage} = await openStorage(t);
	t.is(await indexPacks({storage, rootKey}, [], [dataKey]), undefined);
	t.is(SegmentIndex.open({storage, rootKey}).find(Buffer.alloc(32, 1)), undefined);
});

test('digests that begin alike are told apart', async t => {
	const random = new Random(32);
	const {storage} = await openStorage(t);
	const start = Buffer.from('same');
	const digests = randomDigests(random, 1000).map(digest => Buffer.concat([start, digest.subarray(4)]));
	await indexPacks({storage, rootKey}, [packOf(random, digests)], [dataKey]);
	const index = SegmentIndex.open({storage, rootKey});
	t.deepEqual(digests.map(digest => index.find(digest)?.offset), digests.map((_, position) => position));
	const absent = Buffer.concat([start, random.bytes(28)]);
	t.false(index.has(absent));
});

test('a merge keeps every record once and every key, and leaves one file', async t => {
	const random = new Random(33);
	const {storage} = await openStorage(t);
	const shared = randomDigests(random, 100);
	const parts = Array.from({length: 4}, () => [...randomDigests(random, 500), ...shared]);
	const packs = parts.map(part => packOf(random, part));

	for (const pack of packs) {
		await indexPacks({storage, rootKey}, [pack], [dataKey]);
	}

	await mergeIndexes({storage, rootKey}, SegmentIndex.open({storage, rootKey}));
	const merged = SegmentIndex.open({storage, rootKey});
	t.is(storage.list('index').length, 1);
	t.is(merged.recordCount, 2100);
	t.deepEqual(merged.keyRing.keyOf(dataKey.id), dataKey.key);
	t.is(merged.files[0]!.replaces.length, 4);

	for (const [number, part] of parts.entries()) {
		const own = part.slice(0, 500);
		t.deepEqual(own.map(digest => merged.find(digest)?.packId), own.map(() => packs[number]!.id));
		t.deepEqual(part.map(digest => merged.find(digest)?.offset), part.map((_, position) => position));
	}
});

test('after a merge that was killed before it deleted what it replaces, only the new file is read', async t => {
	const random = new Random(37);
	const {storage} = await openStorage(t);
	const digests = randomDigests(random, 40);

	for (const part of [digests.slice(0, 20), digests.slice(20)]) {
		await indexPacks({storage, rootKey}, [packOf(random, part)], [dataKey]);
	}

	const id = await writeIndexFile(storage, rootKey, mergedContent(SegmentIndex.open({storage, rootKey}).files));
	const index = SegmentIndex.open({storage, rootKey});
	t.is(storage.list('index').length, 3);
	t.deepEqual(index.files.map(file => file.id), [id]);
	t.deepEqual(digests.filter(digest => !index.has(digest)), []);
});

test('fewer files of a size are left alone, and sizes far apart are not merged', async t => {
	const random = new Random(34);
	const {storage} = await openStorage(t);

	for (const count of [10, 10, 10, 1000]) {
		await indexPacks({storage, rootKey}, [packOf(random, randomDigests(random, count))], [dataKey]);
	}

	const before = storage.list('index');
	await mergeIndexes({storage, rootKey}, SegmentIndex.open({storage, rootKey}));
	t.deepEqual(storage.list('index'), before);
});

test('a reader that opened the index before a merge goes on finding everything, though its files are gone', async t => {
	const random = new Random(35);
	const {folder, storage} = await openStorage(t);
	const digests = randomDigests(random, 2000);

	for (let part = 0; part < 4; part++) {
		await indexPacks({storage, rootKey}, [packOf(random, digests.slice(part * 500, (part + 1) * 500))], [dataKey]);
	}

	const reader = SegmentIndex.open({storage, rootKey});
	// What a reader that is busy with many packs has closed long ago.
	storage.close();
	const writer = new LocalStorage(folder);
	await mergeIndexes({storage: writer, rootKey}, SegmentIndex.open({storage: writer, rootKey}));
	writer.close();

	t.deepEqual(digests.filter(digest => !reader.has(digest)), []);
	t.false(reader.has(random.bytes(32)));
});

test('while backups add and merge, readers find everything at every moment', async t => {
	const random = new Random(36);
	const {folder, storage} = await openStorage(t);
	const digests = randomDigests(random, 300);
	await indexPacks({storage, rootKey}, [packOf(random, digests)], [dataKey]);
	const stop = new SharedArrayBuffer(4);
	const task: IndexReaderTask = {
		folder, rootKey, digests, stop,
	};
	const worker = new Worker(new URL('index-reader.js', import.meta.url), {workerData: task});
	const done = once(worker, 'message') as Promise<[IndexReaderResult]>;
	let merges = 0;

	for (let round = 0; round < 24; round++) {
		await indexPacks({storage, rootKey}, [packOf(random, randomDigests(random, 300))], [dataKey]);
		const before = storage.list('index').length;
		await mergeIndexes({storage, rootKey}, SegmentIndex.open({storage, rootKey}));
		merges += storage.list('index').length < before ? 1 : 0;
	}

	Atomics.store(new Int32Array(stop), 0, 1);
	const [{rounds, missing}] = await done;
	t.true(merges >= 4, `${merges} merges`);
	t.true(rounds > 1, `${rounds} rounds`);
	t.is(missing, 0);
});
