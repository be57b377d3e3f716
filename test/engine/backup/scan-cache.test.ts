import {
	copyFileSync,
	readdirSync,
	readFileSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {fieldsPerRow, ScanCache, ScanCacheWriter} from '../../../source/engine/backup/scan-cache.ts';
import {Random} from '../../benchmarks/random.ts';
import {temporaryFolder} from '../../sandbox.ts';

const pageLengths = [3, 512, 1];
const startedNs = 1_763_000_000_123_456_789n;

const randomRows = (random: Random, count: number): Float64Array => Float64Array.from({length: count * fieldsPerRow}, () => random.below(2 ** 31) / 1000);

const writeCache = async (t: ExecutionContext) => {
	const folder = path.join(await temporaryFolder(t), 'cache');
	const random = new Random(51);
	const pages = pageLengths.map(count => randomRows(random, count));
	const writer = new ScanCacheWriter(folder, 'account', {backupId: 'backup1', startedNs});

	for (const page of pages) {
		writer.addPage(page);
	}

	writer.commit();

	return {folder, pages, file: path.join(folder, 'account.scan')};
};

/** Page after page, as far as they are intact. */
const readPages = (cache: ScanCache | undefined): Float64Array[] => {
	const pages: Float64Array[] = [];

	for (const count of pageLengths) {
		const page = cache?.nextPage(count);

		if (!page) {
			break;
		}

		pages.push(page);
	}

	return pages;
};

test('rows come back page by page', async t => {
	const {folder, pages} = await writeCache(t);
	const cache = ScanCache.open(folder, 'account', 'backup1');
	t.deepEqual(readPages(cache), pages);
	t.deepEqual(cache!.facts, {backupId: 'backup1', startedNs});
	t.is(cache!.nextPage(1), undefined);
});

test('a cache of another backup, or none, is no cache', async t => {
	const {folder} = await writeCache(t);
	t.is(ScanCache.open(folder, 'account', 'backup2'), undefined);
	t.is(ScanCache.open(folder, 'other', 'backup1'), undefined);
});

test('a page that is asked for with another length is not given, nor what follows it', async t => {
	const {folder} = await writeCache(t);
	t.is(ScanCache.open(folder, 'account', 'backup1')!.nextPage(4), undefined);
	t.is(ScanCache.open(folder, 'account', 'backup1')!.nextPage(2), undefined);
});

test('a flipped byte anywhere never gives wrong rows or a wrong start', async t => {
	const {folder, pages, file} = await writeCache(t);
	const intact = readFileSync(file);
	let damaged = 0;

	for (let offset = 0; offset < intact.length; offset += offset < 200 ? 1 : 61) {
		writeFileSync(file, intact.with(offset, intact[offset]! ^ 0x10));
		const cache = ScanCache.open(folder, 'account', 'backup1');
		const read = readPages(cache);
		t.deepEqual(read, pages.slice(0, read.length), `at ${offset}`);
		t.true(read.length < pages.length, `at ${offset}`);
		t.is(cache?.facts.startedNs ?? startedNs, startedNs, `at ${offset}`);
		damaged++;
	}

	t.true(damaged > 300);
});

test('a cache cut short gives what is whole', async t => {
	const {folder, pages, file} = await writeCache(t);
	const whole = readFileSync(file);
	const copy = `${file}.copy`;
	copyFileSync(file, copy);

	for (const length of [0, 4, 20, 60, 200, 1000, whole.length - 1]) {
		copyFileSync(copy, file);
		truncateSync(file, length);
		const read = readPages(ScanCache.open(folder, 'account', 'backup1'));
		t.deepEqual(read, pages.slice(0, read.length), `${length}`);
		t.true(read.length < pages.length, `${length}`);
	}
});

test('a scan that is given up leaves the cache before it alone, and nothing of itself', async t => {
	const {folder, pages, file} = await writeCache(t);
	const writer = new ScanCacheWriter(folder, 'account', {backupId: 'backup2', startedNs: 2n});
	writer.addPage(pages[0]!);
	writer.abort();
	t.deepEqual(readPages(ScanCache.open(folder, 'account', 'backup1')), pages);
	t.deepEqual(readdirSync(folder), [path.basename(file)]);
});

test('until a scan is finished, the cache before it stands', async t => {
	const {folder, pages} = await writeCache(t);
	const writer = new ScanCacheWriter(folder, 'account', {backupId: 'backup2', startedNs: 2n});
	writer.addPage(pages[1]!);
	t.deepEqual(readPages(ScanCache.open(folder, 'account', 'backup1')), pages);
	writer.commit();
	t.is(ScanCache.open(folder, 'account', 'backup1'), undefined);
	t.deepEqual(ScanCache.open(folder, 'account', 'backup2')!.nextPage(512), pages[1]);
});
