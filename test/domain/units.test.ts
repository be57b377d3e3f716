import test from 'ava';
import {
	countOf,
	formatAge,
	formatNext,
	formatBytes,
	formatCount,
	formatDuration,
} from '../../source/domain/units.ts';

const table = <Input>(title: string, format: (input: Input) => string, rows: ReadonlyArray<readonly [Input, string]>) => {
	for (const [input, expected] of rows) {
		test(`${title}: ${JSON.stringify(input)}`, t => {
			t.is(format(input), expected);
		});
	}
};

table('bytes', formatBytes, [
	[0, '0 B'],
	[999, '999 B'],
	[1000, '1.0 KB'],
	[1234, '1.2 KB'],
	[9949, '9.9 KB'],
	[9960, '10 KB'],
	[640_000_000, '640 MB'],
	[999_600_000, '1.0 GB'],
	[1_234_567_890, '1.2 GB'],
	[5e15, '5.0 PB'],
	[5e18, '5000 PB'],
]);

table('count', formatCount, [[0, '0'], [999, '999'], [1000, '1,000'], [1_234_567, '1,234,567']]);

table('duration', formatDuration, [
	[0, '0 s'],
	[59.4, '59 s'],
	[60, '1 min'],
	[3600, '1 h'],
	[7800, '2 h 10 min'],
	[172_800, '2 d'],
	[180_000, '2 d 2 h'],
]);

const day = 86_400_000;

table('age', age => formatAge(1e12 - age, 1e12), [
	[0, 'just now'],
	[-20_000, 'just now'],
	[60_000, '1 min ago'],
	[7_200_000, '2 h ago'],
	[day, '1 d ago'],
	[400 * day, '400 d ago'],
	[-7_200_000, 'in 2 h'],
]);

table('what comes next', left => formatNext(1e12 + left, 1e12), [
	[-60_000, 'due now'],
	[0, 'due now'],
	[20_000, 'in a moment'],
	[7_200_000, 'in 2 h'],
]);

test('count of: singular, plural, irregular', t => {
	t.is(countOf(1, 'file'), '1 file');
	t.is(countOf(1200, 'file'), '1,200 files');
	t.is(countOf(2, 'entry', 'entries'), '2 entries');
});
