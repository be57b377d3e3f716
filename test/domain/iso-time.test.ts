import test from 'ava';
import {isoTimeOf} from '../../source/domain/iso-time.ts';

const reads = test.macro({
	exec(t, nanoseconds: bigint, expected: string) {
		t.is(isoTimeOf(nanoseconds), expected);
	},
	title: (_, nanoseconds: bigint, expected: string) => `${nanoseconds} ns is ${expected}`,
});

test(reads, 0n, '1970-01-01T00:00:00.000Z');
test(reads, 1_999_999n, '1970-01-01T00:00:00.001Z');
test(reads, -1n, '1969-12-31T23:59:59.999Z');
test(reads, -1_000_000n, '1969-12-31T23:59:59.999Z');
test(reads, -1_000_001n, '1969-12-31T23:59:59.998Z');
test(reads, 4_102_444_800_123_456_789n, '2100-01-01T00:00:00.123Z');
test(reads, (2n ** 63n) * 1_000_000_000n, '+275760-09-13T00:00:00.000Z');
