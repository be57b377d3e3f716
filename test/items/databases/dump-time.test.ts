import {Buffer} from 'node:buffer';
import test from 'ava';
import {withFixedTime} from '../../../source/items/databases/postgresql/dump-time.ts';

const integer = (value: number): Buffer => {
	const bytes = Buffer.alloc(5);
	bytes[0] = value < 0 ? 1 : 0;
	bytes.writeUInt32LE(Math.abs(value), 1);

	return bytes;
};

/** The head that a `pg_dump` of this archive version writes. */
const headOf = (minor: number, time: readonly number[], name = 'shop'): Buffer => Buffer.concat([
	Buffer.from('PGDMP'),
	Buffer.of(1, minor, 0, 4, 8, 1),
	minor >= 15 ? Buffer.of(0) : integer(0),
	...time.map(value => integer(value)),
	integer(name.length),
	Buffer.from(name),
]);

const summer = [59, 30, 23, 31, 6, 126, 1];
const winter = [0, 0, 0, 1, 0, 125, 0];

for (const minor of [14, 15, 16]) {
	test(`dumps of version 1.${minor} that differ in their time are the same with a fixed one`, t => {
		const first = withFixedTime(headOf(minor, summer))!;

		t.deepEqual(first, withFixedTime(headOf(minor, winter)));
		t.deepEqual(first, headOf(minor, [0, 0, 0, 1, 0, 100, 0]));
		const other = headOf(minor, summer, 'blog');
		t.notDeepEqual(first, withFixedTime(other));
	});
}

test('an unknown daylight saving is known as such', t => {
	const head = headOf(14, [...winter.slice(0, 6), -1]);
	t.deepEqual(withFixedTime(head), headOf(14, [0, 0, 0, 1, 0, 100, 0]));
});

test('what is no head that is known stays as it is', t => {
	const head = headOf(15, summer);
	const otherSize = Buffer.from(head);
	otherSize[8] = 8;
	const otherVersion = Buffer.from(head);
	otherVersion[5] = 2;

	const script = Buffer.from('-- PostgreSQL database dump\n'.repeat(4));
	t.is(withFixedTime(script), undefined);
	t.is(withFixedTime(head.subarray(0, 40)), undefined);
	t.is(withFixedTime(otherSize), undefined);
	t.is(withFixedTime(otherVersion), undefined);
	const otherTime = headOf(15, [99, ...summer.slice(1)]);
	t.is(withFixedTime(otherTime), undefined);
});
