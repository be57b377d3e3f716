import {Buffer} from 'node:buffer';
import test from 'ava';
import {
	compareFolders,
	compareNames,
	folderOf,
	isWithin,
	nameOf,
} from '../../../source/engine/catalog/catalog-order.ts';
import {Random} from '../../benchmarks/random.ts';

/** Bytes on both sides of the slash, and those at the ends. */
const letters = ['\u{1}', ' ', '-', '.', '0', 'a', 'b', '\u{7F}', '\u{80}', '\u{FF}'];

const random = new Random(5);

const randomName = (): string => Array.from({length: 1 + random.below(3)}, () => letters[random.below(letters.length)]!).join('');

const randomPath = (): string => Array.from({length: random.below(4)}, () => randomName()).join('/');

const compareBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left, 'latin1'), Buffer.from(right, 'latin1'));

/** The definition, slowly: component by component, each as bytes; a folder before what lies below it. */
const compareByDefinition = (left: string, right: string): number => {
	const [a = [], b = []] = [left, right].map(path => path === '' ? [] : path.split('/'));
	const orders = a.slice(0, b.length).map((name, depth) => compareBytes(name, b[depth]!));

	return orders.find(order => order !== 0) ?? Math.sign(a.length - b.length);
};

const paths = Array.from({length: 400}, () => randomPath());

test('property: folders are in the order of their components', t => {
	const pairs = paths.flatMap(left => paths.map(right => [left, right] as const));
	t.deepEqual(pairs.filter(([left, right]) => Math.sign(compareFolders(left, right)) !== compareByDefinition(left, right)), []);
});

test('property: names are in byte order', t => {
	const pairs = Array.from({length: 20_000}, () => [randomName(), randomName()] as const);
	t.deepEqual(pairs.filter(([left, right]) => compareNames(left, right) !== compareBytes(left, right)), []);
});

test('property: what lies below a folder is one stretch of the order, and starts with it', t => {
	const sorted = [...new Set(paths)].toSorted(compareFolders);

	for (const folder of sorted) {
		const inside = sorted.map(path => isWithin(path, folder));
		const first = inside.indexOf(true);
		t.is(sorted[first], folder);
		t.is(inside.lastIndexOf(true) - first + 1, inside.filter(Boolean).length, folder);
	}
});

test('a folder is not within another that only begins like it', t => {
	t.true(isWithin('a/b', 'a'));
	t.true(isWithin('a', 'a'));
	t.true(isWithin('a', ''));
	t.false(isWithin('ab', 'a'));
	t.false(isWithin('a', 'a/b'));
	t.false(isWithin('ba/b', 'a'));
});

test('a path parts into folder and name', t => {
	t.deepEqual([folderOf('a/b/c'), nameOf('a/b/c')], ['a/b', 'c']);
	t.deepEqual([folderOf('a'), nameOf('a')], ['', 'a']);
	t.deepEqual([folderOf(''), nameOf('')], ['', '']);
});
