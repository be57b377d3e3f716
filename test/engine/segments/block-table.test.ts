import test from 'ava';
import {BlockTable, nobody, several} from '../../../source/engine/segments/block-table.ts';
import {indexPacks} from '../../../source/engine/segments/index-writer.ts';
import {SegmentBatch} from '../../../source/engine/segments/segment-batch.ts';
import {SegmentIndex} from '../../../source/engine/segments/segment-index.ts';
import {planCleanup, sumPacks, type PackSum} from '../../../source/engine/care/plan-cleanup.ts';
import {Random} from '../../benchmarks/random.ts';
import {
	dataKey,
	openStorage,
	packOf,
	randomDigests,
	rootKey,
} from '../index-fixture.ts';

test('knows every block of many packs once, and who needs it', async t => {
	const {storage} = await openStorage(t);
	const random = new Random(7);
	const digests = Array.from({length: 6}, () => randomDigests(random, 800));
	const packs = digests.map(list => packOf(random, list));
	await indexPacks({storage, rootKey}, packs, [dataKey]);
	// A second index that names the first pack again.
	await indexPacks({storage, rootKey}, [packs[0]!], [dataKey]);
	const index = SegmentIndex.open({storage, rootKey});
	const table = new BlockTable(index);
	t.is([...table.blocks()].length, 6 * 800);
	t.is(table.packs.length, 6);

	const located: string[] = [];
	const batch = new SegmentBatch(index, (location, owner) => {
		located.push(`${location!.packId} ${location!.blockOffset}`);
		table.need(location!, owner);
	});

	// Every second segment belongs to the first account, every third to the second one.
	for (const list of digests) {
		for (const [number, digest] of list.entries()) {
			for (const owner of [1, 2]) {
				if (number % (owner + 1) === 0) {
					batch.add(digest, owner);
				}
			}
		}
	}

	batch.flush();
	t.is(located.length, 6 * (400 + 267));

	for (const {id} of packs) {
		t.is(table.ownerOf(id, 32), several);
		t.is(table.ownerOf(id, 34), 1);
		t.is(table.ownerOf(id, 35), 2);
		t.is(table.ownerOf(id, 33), nobody);
	}

	t.is(table.ownerOf('00', 32), nobody);
	const sums = sumPacks(table, owner => owner !== nobody);
	t.deepEqual(sums.map(({liveBlocks, deadBlocks}) => [liveBlocks, deadBlocks]), Array.from({length: 6}, () => [533, 267]));
});

const sum = (changes: Partial<PackSum>): PackSum => ({
	id: 'pack', size: 10_000_000, liveBlocks: 10, liveBytes: 9_900_000, deadBlocks: 0, deadBytes: 0, ...changes,
});

test('a pack without a needed block goes, one with a tenth of waste is written anew, the rest stays', t => {
	const whole = sum({id: 'whole'});
	const dead = sum({
		id: 'dead', liveBlocks: 0, liveBytes: 0, deadBlocks: 10, deadBytes: 9_900_000,
	});
	const hardly = sum({
		id: 'hardly', liveBytes: 9_000_000, deadBlocks: 1, deadBytes: 900_000,
	});
	const much = sum({
		id: 'much', liveBytes: 8_500_000, deadBlocks: 2, deadBytes: 1_400_000,
	});
	const plan = planCleanup([whole, dead, hardly, much]);
	t.deepEqual(plan.drop.map(({id}) => id), ['dead']);
	t.deepEqual(plan.rewrite.map(({id}) => id), ['much']);
	t.true(plan.freedBytes > 11_400_000 && plan.freedBytes < 11_450_000, String(plan.freedBytes));
});

test('small packs are merged only when there are more than sixteen', t => {
	const small = Array.from({length: 17}, (_, number) => sum({id: String(number), size: 1_000_000, liveBytes: 990_000}));
	t.is(planCleanup(small.slice(1)).rewrite.length, 0);
	t.is(planCleanup(small).rewrite.length, 17);
	t.is(planCleanup(small).freedBytes, 0);
});
