import {createHash} from 'node:crypto';
import test from 'ava';
import {FormatError} from '../../../source/engine/base/bytes.ts';
import {
	decodePage,
	encodeFacts,
	type StoredEntry,
} from '../../../source/engine/catalog/catalog-page.ts';
import {decodeShape, encodeShape, shapeOf} from '../../../source/engine/catalog/catalog-shape.ts';
import {Random} from '../../benchmarks/random.ts';
import {randomEntry, randomPage} from './random-page.ts';

const readBack = (entries: readonly StoredEntry[]): StoredEntry[] => {
	const shape = decodeShape(encodeShape(shapeOf(entries)));

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
	t.deepEqual(encodeShape(shapeOf(touched)), encodeShape(shapeOf(entries)));
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
	const shape = encodeShape(shapeOf(entries));
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
	const shape = decodeShape(encodeShape(shapeOf(one)));
	t.throws(() => decodePage(shape, encodeFacts(two)), {instanceOf: FormatError, message: /do not belong together/v});
});

test('a count that its folders do not add up to is an error', t => {
	const page = randomPage(new Random(27));
	const shape = encodeShape(shapeOf(page));
	shape.writeUInt32LE(shape.readUInt32LE(0) - 1, 0);
	t.throws(() => decodeShape(shape), {instanceOf: FormatError, message: /counts its entries wrongly/v});
});

test('an entry type of a later version is an error', t => {
	const entry = randomEntry(new Random(26), '');
	const shape = encodeShape(shapeOf([entry]));
	// Counts, one folder with its length and count, the name's length; then the type.
	shape[4 + 4 + 4 + 4 + 1] = 99;
	t.throws(() => decodeShape(shape), {instanceOf: FormatError, message: /entry type 99/v});
});
