import {createHash} from 'node:crypto';
import test from 'ava';
import type {EntryType} from '../../../source/domain/entry.ts';
import {FormatError} from '../../../source/engine/base/bytes.ts';
import {
	type Content,
	decodePage,
	encodeFacts,
	maxExtentLength,
	type StoredEntry,
} from '../../../source/engine/catalog/catalog-page.ts';
import {decodeShape, encodeShape} from '../../../source/engine/catalog/catalog-shape.ts';
import {Random} from '../../benchmarks/random.ts';

const types: readonly EntryType[] = ['file', 'directory', 'symlink', 'fifo', 'characterDevice', 'blockDevice', 'socket'];
const times = [0n, -1n, 1n, -1_000_000_000n, -1_000_000_001n, 999_999_999n, -(2n ** 62n) * 1_000_000_000n, (2n ** 62n) * 1_000_000_000n, 1_763_000_000_123_456_789n, -315_619_200_000_000_001n];
const ids = [0, 1000, 65_534, (2 ** 31) - 1, 2 ** 31, (2 ** 32) - 2];
const sizes = [0, 1, 4096, (2 ** 32) - 1, 2 ** 32, (2 ** 53) - 1];

const pick = <Value>(random: Random, values: readonly Value[]): Value => values[random.below(values.length)]!;

const randomRaw = (random: Random, length: number): string => random.bytes(length).toString('latin1').replaceAll(/[\0\/]/gv, 'x');

const randomContent = (random: Random, sizeBytes: number): Content => {
	const sha256 = random.bytes(32);

	if (random.below(3) === 0) {
		return {sha256, extents: [{length: sizeBytes, digest: sha256}]};
	}

	return {
		sha256,
		extents: Array.from({length: random.below(5)}, () => ({
			length: pick(random, [1, 65_536, maxExtentLength]), digest: random.below(3) === 0 ? undefined : random.bytes(32),
		})),
	};
};

const randomEntry = (random: Random, folder: string): StoredEntry => {
	const name = randomRaw(random, 1 + random.below(255));
	const type = pick(random, types);
	const sizeBytes = type === 'file' ? pick(random, sizes) : 0;
	const isDevice = type === 'characterDevice' || type === 'blockDevice';

	return {
		path: folder === '' ? name : `${folder}/${name}`,
		name,
		type,
		sizeBytes,
		mode: random.below(4096),
		uid: pick(random, ids),
		gid: pick(random, ids),
		modifiedNs: pick(random, times),
		linkTarget: type === 'symlink' ? randomRaw(random, 1 + random.below(4095)) : null,
		content: type === 'file' && sizeBytes > 0 ? randomContent(random, sizeBytes) : undefined,
		linkGroup: random.below(4) === 0 ? random.bytes(8).toString('hex') : undefined,
		device: isDevice ? pick(random, [1n, 259n, 2n ** 40n]) : 0n,
		attributes: Array.from({length: random.below(3)}, () => ({name: `user.${randomRaw(random, 5)}`, value: random.bytes(random.below(600))})),
	};
};

const randomPage = (random: Random): StoredEntry[] => {
	const folders = ['', 'www', `${'d'.repeat(255)}/`.repeat(20).slice(0, -1)];

	return folders.flatMap(folder => Array.from({length: random.below(30)}, () => randomEntry(random, folder)));
};

const readBack = (entries: readonly StoredEntry[]): StoredEntry[] => {
	const shape = decodeShape(encodeShape(entries));

	return decodePage(shape, encodeFacts(entries));
};

test('property: a page comes back from its two parts', t => {
	const random = new Random(21);

	for (let run = 0; run < 60; run++) {
		const entries = randomPage(random);
		t.deepEqual(readBack(entries), entries);
	}
});

test('the root is the entry with the empty name', t => {
	const root: StoredEntry = {
		path: '', name: '', type: 'directory', sizeBytes: 0, mode: 0o755, uid: 0, gid: 0, modifiedNs: 0n, linkTarget: null, content: undefined, linkGroup: undefined, device: 0n, attributes: [],
	};
	t.deepEqual(readBack([root]), [root]);
});

test('the shape does not change with facts', t => {
	const entries = randomPage(new Random(22));
	const touched = entries.map(entry => ({...entry, modifiedNs: entry.modifiedNs + 1n, mode: entry.mode ^ 1}));
	t.deepEqual(encodeShape(touched), encodeShape(entries));
	t.notDeepEqual(encodeFacts(touched), encodeFacts(entries));
});

test('a hole and data of equal length are told apart', t => {
	const digest = createHash('sha256').update('data').digest();
	const entry = randomPage(new Random(23)).find(({type}) => type === 'file');
	const file: StoredEntry = {...entry!, sizeBytes: 8, content: {sha256: digest, extents: [{length: 4, digest: undefined}, {length: 4, digest}]}};
	const [read] = readBack([file]);
	t.deepEqual(read!.content!.extents.map(extent => extent.digest === undefined), [true, false]);
});

test('property: a page cut short is an error, never a value', t => {
	const random = new Random(24);
	const entries = randomPage(random);
	const shape = encodeShape(entries);
	const facts = encodeFacts(entries);
	const decoded = decodeShape(shape);

	for (let run = 0; run < 300; run++) {
		t.throws(() => decodeShape(shape.subarray(0, random.below(shape.length))), {instanceOf: FormatError});
		t.throws(() => decodePage(decoded, facts.subarray(0, random.below(facts.length))), {instanceOf: FormatError});
	}
});

test('parts that do not belong together are an error', t => {
	const random = new Random(25);
	const one = [randomEntry(random, 'a')];
	const two = [randomEntry(random, 'a'), randomEntry(random, 'a')];
	const shape = decodeShape(encodeShape(one));
	t.throws(() => decodePage(shape, encodeFacts(two)), {instanceOf: FormatError, message: /do not belong together/v});
});

test('a count that its folders do not add up to is an error', t => {
	const shape = encodeShape(randomPage(new Random(27)));
	shape.writeUInt32LE(shape.readUInt32LE(0) - 1, 0);
	t.throws(() => decodeShape(shape), {instanceOf: FormatError, message: /counts its entries wrongly/v});
});

test('an entry type of a later version is an error', t => {
	const entry = randomEntry(new Random(26), '');
	const shape = encodeShape([entry]);
	// Counts, one folder with its length and count, the name's length; then the type.
	shape[4 + 4 + 4 + 4 + 1] = 99;
	t.throws(() => decodeShape(shape), {instanceOf: FormatError, message: /entry type 99/v});
});
