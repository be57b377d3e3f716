import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import test from 'ava';
import {
	averageChunk,
	Chunker,
	maxChunk,
	minChunk,
} from '../../../source/engine/backup/chunker.ts';
import {Random} from '../../benchmarks/random.ts';

const random = new Random(11);
const data = random.bytes(6 << 20);
const chunker = new Chunker(random.bytes(32));

const chunksOf = (bytes: Buffer, by: Chunker = chunker): Buffer[] => {
	const chunks: Buffer[] = [];

	for (let start = 0; start < bytes.length;) {
		const end = by.next(bytes, start, true);
		chunks.push(bytes.subarray(start, end));
		start = end;
	}

	return chunks;
};

const digestsOf = (bytes: Buffer): Set<string> => new Set(chunksOf(bytes).map(chunk => hash('sha256', chunk)));

test('chunks cover the input, one after another', t => {
	t.true(Buffer.concat(chunksOf(data)).equals(data));
});

test('every chunk is as long as it may be, and most are near the average', t => {
	const lengths = chunksOf(data).map(chunk => chunk.length);
	t.true(lengths.every(length => length <= maxChunk));
	t.true(lengths.slice(0, -1).every(length => length > minChunk));
	const average = data.length / lengths.length;
	t.true(average > averageChunk * 0.7 && average < averageChunk * 1.5, `${average}`);
});

for (const length of [0, 1, minChunk - 1, minChunk, minChunk + 1, maxChunk, maxChunk + 1]) {
	test(`${length} bytes`, t => {
		const bytes = data.subarray(0, length);
		t.true(Buffer.concat(chunksOf(bytes)).equals(bytes));
	});
}

test('what never cuts is cut at the limit', t => {
	const lengths = chunksOf(Buffer.alloc(3 * maxChunk)).map(chunk => chunk.length);
	t.true(lengths.every(length => length <= maxChunk));
	t.is(new Set(lengths.slice(0, -1)).size, 1);
});

const changes: ReadonlyArray<readonly [string, Buffer]> = [
	['an insertion at the start', Buffer.concat([Buffer.from('one line more\n'), data])],
	['an insertion in the middle', Buffer.concat([data.subarray(0, 3_000_000), Buffer.from('x'), data.subarray(3_000_000)])],
	['a deletion', Buffer.concat([data.subarray(0, 2_000_000), data.subarray(2_000_100)])],
	['a change of one byte', Buffer.concat([data.subarray(0, 4_000_000), Buffer.from([data[4_000_000]! ^ 1]), data.subarray(4_000_001)])],
];

for (const [title, changed] of changes) {
	test(`${title} moves only the chunks around it`, t => {
		const before = digestsOf(data);
		const added = new Set([...before, ...digestsOf(changed)]).size - before.size;
		t.true(added > 0);
		t.true(added <= 4, `${added} of ${before.size}`);
	});
}

test('read piece by piece, the chunks are the same', t => {
	const ends: number[] = [];
	let start = 0;

	for (let filled = 0; filled < data.length;) {
		filled = Math.min(data.length, filled + 700_000);
		const isLast = filled === data.length;

		const lastStart = filled - (isLast ? 1 : maxChunk);

		while (start <= lastStart) {
			start = chunker.next(data.subarray(0, filled), start, isLast);
			ends.push(start);
		}
	}

	const lengths = ends.map((end, index) => end - (ends[index - 1] ?? 0));
	t.deepEqual(lengths, chunksOf(data).map(chunk => chunk.length));
});

test('the cuts stay where every earlier version made them, so that old backups go on sharing their chunks', t => {
	const fixed = new Chunker(Buffer.alloc(32, 7));
	const bytes = new Random(12).bytes(1 << 20);
	t.deepEqual(chunksOf(bytes, fixed).map(chunk => chunk.length), [
		84_065, 68_057, 18_467, 65_853, 90_047, 73_337, 83_023, 90_296, 83_117, 95_805, 39_082, 69_019, 70_872, 52_020, 65_516,
	]);
});

test('under another key the cuts are elsewhere', t => {
	const other = new Chunker(random.bytes(32));
	const others = new Set(chunksOf(data, other).map(chunk => chunk.byteOffset));
	const shared = chunksOf(data).filter(chunk => others.has(chunk.byteOffset));
	t.true(shared.length <= 3);
});
