import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {Worker} from 'node:worker_threads';
import test from 'ava';
import {SegmentTable} from '../../../source/engine/segments/segment-table.ts';
import {Random} from '../../benchmarks/random.ts';
import {randomDigests} from '../index-fixture.ts';
import type {ClaimerTask} from './table-claimer.ts';

test('a digest is claimed once, and counted', t => {
	const random = new Random(41);
	const table = new SegmentTable(2000);
	const digests = randomDigests(random, 2000);
	t.true(digests.every(digest => table.claim(digest)));
	t.false(digests.some(digest => table.claim(digest)));
	t.is(table.claimCount, 2000);
	t.true(table.capacity >= 2000);
});

test('digests that fall on the same slot, begin alike, or begin like an empty or a busy slot are told apart', t => {
	const random = new Random(42);
	const table = new SegmentTable(4000);
	const beginnings = [0, 1, -1, 7];
	const digests = randomDigests(random, 2000);

	for (const [index, digest] of digests.entries()) {
		digest.writeInt32LE(beginnings[index % beginnings.length]!, 0);
		// A handful of slots for all of them.
		digest.writeUInt32LE(index % 5, 4);
	}

	t.true(digests.every(digest => table.claim(digest)));
	t.false(digests.some(digest => table.claim(digest)));
});

test('two views of one buffer are one table', t => {
	const [digest] = randomDigests(new Random(43), 1);
	const table = new SegmentTable(100);
	const other = new SegmentTable(table.buffer);
	t.true(table.claim(digest!));
	t.false(other.claim(digest!));
	t.is(other.claimCount, 1);
	t.is(other.capacity, table.capacity);
});

test('of two threads that claim the same digests at once, exactly one gets each', async t => {
	const count = 100_000;
	const claimers = 2;
	const table = new SegmentTable(count);
	const ready = new SharedArrayBuffer(4);
	const task: ClaimerTask = {
		table: table.buffer, ready, claimers, digests: Buffer.concat(randomDigests(new Random(44), count)),
	};
	const claims = await Promise.all(Array.from({length: claimers}, async () => {
		const worker = new Worker(new URL('table-claimer.js', import.meta.url), {workerData: task});
		const [claimed] = await once(worker, 'message') as [number[]];

		return claimed;
	}));

	t.is(claims.flat().length, count);
	t.is(new Set(claims.flat()).size, count);
	t.is(table.claimCount, count);
	t.log(claims.map(claimed => claimed.length));
});
