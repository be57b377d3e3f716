import test from 'ava';
import {
	formatTiming,
	parseSchedule,
	parseTiming,
	replaceSchedules,
	type Schedule,
} from '../../source/domain/schedule.ts';
import {UserError} from '../../source/errors.ts';

const reads = test.macro({
	exec(t, text: string, when: string, keep: number) {
		t.deepEqual(parseSchedule(text), {when, keep});
		t.deepEqual(parseSchedule(`${when} keep ${keep}`), {when, keep}, 'the form it is kept in reads the same');
	},
	title: (_, text: string) => text,
});

test(reads, 'daily@02:30 keep 7', 'daily@02:30', 7);
test(reads, 'hourly/6 keep 8', 'hourly/6', 8);
test(reads, 'hourly keep 24', 'hourly/1', 24);
test(reads, 'daily/Thu,mon@23:59  keep 2', 'daily/mon,thu@23:59', 2);
test(reads, 'daily/sun,mon,tue,wed,thu,fri,sat@00:00 keep 2', 'daily@00:00', 2);
test(reads, 'weekly/sun@04:00 keep 5', 'weekly/sun@04:00', 5);
test(reads, 'monthly/last,15,1@03:00 keep 12', 'monthly/1,15,last@03:00', 12);
test(reads, 'after:Nightly+30m keep 7', 'after:Nightly+30m', 7);
test(reads, 'after:nightly+2h keep 7', 'after:nightly+120m', 7);
test(reads, 'after:nightly keep 7', 'after:nightly+0m', 7);

for (const text of [
	'daily@02:30',
	'daily@24:00 keep 1',
	'daily@2:30 keep 1',
	'daily@02:60 keep 1',
	'daily/funday@02:30 keep 1',
	'hourly/0 keep 1',
	'hourly/25 keep 1',
	'weekly@02:30 keep 1',
	'weekly/sun,mon@02:30 keep 1',
	'monthly/32@02:30 keep 1',
	'monthly/0@02:30 keep 1',
	'monthly/first@02:30 keep 1',
	'after:+30m keep 1',
	'after:a+9999h keep 1',
	'daily@02:30 keep 0',
	'yearly@02:30 keep 1',
	'',
	'keep 7',
]) {
	test(`refuses "${text}"`, t => {
		const error = t.throws<UserError>(() => parseSchedule(text), {instanceOf: UserError});

		t.is(error.code, 'usage');
	});
}

test('a timing reads as it is written', t => {
	for (const when of ['hourly/5', 'daily@00:00', 'daily/sat@12:34', 'weekly/fri@01:02', 'monthly/31,last@05:00', 'after:a.b-c+15m']) {
		t.is(formatTiming(parseTiming(when)), when);
	}
});

test('a changed schedule keeps its id, and with it its backups', t => {
	const old: readonly Schedule[] = [{id: 'aaaaaaaaaaaaaaaa', when: 'daily@02:30', keep: 7}, {id: 'bbbbbbbbbbbbbbbb', when: 'weekly/sun@04:00', keep: 5}];
	const replace = (...texts: readonly string[]): readonly string[] =>
		replaceSchedules(old, texts.map(text => parseSchedule(text)), () => 'new').map(({id, when, keep}) => `${id[0]!} ${when} ${keep}`);

	t.deepEqual(replace('weekly/sun@04:00 keep 9', 'daily@02:30 keep 7'), ['b weekly/sun@04:00 9', 'a daily@02:30 7']);
	t.deepEqual(replace('daily@03:00 keep 7'), ['a daily@03:00 7']);
	t.deepEqual(replace('daily@03:00 keep 7', 'daily@02:30 keep 7'), ['n daily@03:00 7', 'a daily@02:30 7']);
	t.deepEqual(replace('hourly/2 keep 7'), ['n hourly/2 7']);
});
