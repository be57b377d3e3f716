
import test from 'ava';
import {environmentOf} from '../terminal.ts';
import {homeRows, type HomeFacts} from '../../source/ui/screens/home/home-rows.ts';
import type {StatusView} from '../../source/actions/status.ts';
import type {Problem} from '../../source/domain/problems.ts';
import {layOutTable, type Column} from '../../source/ui/components/table.ts';
import {headerLine} from '../../source/ui/components/header.ts';
import {appearanceOf, setAppearance} from '../../source/ui/look/appearance.ts';
import {
	clip,
	clipStart,
	fit,
	fitLine,
	fitSides,
	widthOf,
	wrapWords,
} from '../../source/ui/look/fit.ts';
import {showName, showSentence} from '../../source/ui/look/name.ts';
import {
	paint,
	plain,
	textOf,
	type Line,
} from '../../source/ui/look/span.ts';
import {startNavigation} from '../../source/ui/navigation.ts';

const cellsOf = (line: Line): number => widthOf(textOf(line));

const withLooks = (looks: Parameters<typeof setAppearance>[0], work: () => void) => {
	setAppearance(looks);

	try {
		work();
	} finally {
		setAppearance({isAscii: false, hasColour: true});
	}
};

const fits: ReadonlyArray<readonly [string, string]> = [
	[fit('ab', 4), 'ab  '],
	[fit('ab', 4, 'right'), '  ab'],
	[fit('abcdef', 4), 'abc…'],
	[fit('日本語', 5), '日本…'],
	[fit('日本語', 4), '日… '],
	[clip('abc', 0), ''],
	[clipStart('/home/alice/public_html', 12), '…public_html'],
	[clipStart('日本語', 5), '…本語'],
];

for (const [index, [actual, expected]] of fits.entries()) {
	test(`fit ${index}: ${expected}`, t => {
		t.is(actual, expected);
	});
}

test('lines are exactly as wide as asked, whatever is in them', t => {
	for (const text of ['', 'a', 'abcdefghij', '日本語日本語', 'e\u{301}'.repeat(9)]) {
		for (let width = 1; width < 12; width++) {
			const [line, sides] = [fitLine([plain(text), plain('more')], width), fitSides([plain(text)], [plain('end')], width)];
			t.deepEqual([cellsOf(line), cellsOf(sides)], [width, width]);
		}
	}
});

test('words are wrapped, a longer one is cut', t => {
	t.deepEqual(wrapWords('one two three', 7), ['one two', 'three']);
	t.deepEqual(wrapWords('abcdefghij k', 4), ['abcd', 'efgh', 'ij k']);
	t.deepEqual(wrapWords('', 4), ['']);
});

test('names from disk are escaped, and ASCII where the terminal knows no more', t => {
	t.is(showName('evil\u{1B}[31m'), String.raw`evil\x1b[31m`);
	t.is(showName('bad\u{FF}'), String.raw`bad\xff`);
	t.is(showSentence('no such file: \u{1B}[2Jx\ny'), String.raw`no such file: \x1b[2Jx y`);
	withLooks({isAscii: true, hasColour: true}, () => {
		t.is(showName('\u{E6}\u{97}\u{A5}'), String.raw`\xe6\x97\xa5`);
		t.regex(fit('abcdef', 4), /^\p{ASCII}{4}$/v);
	});
});

test('the terminal is ASCII without a UTF-8 locale, and without colours where NO_COLOR says so', t => {
	t.deepEqual(appearanceOf(environmentOf('LANG=en_US.UTF-8')), {isAscii: false, hasColour: true});
	t.deepEqual(appearanceOf(environmentOf('LANG=en_US.UTF-8', 'LC_ALL=C')), {isAscii: true, hasColour: true});
	t.deepEqual(appearanceOf(environmentOf('LC_ALL=', 'LANG=C.utf8')), {isAscii: false, hasColour: true});
	t.deepEqual(appearanceOf({}), {isAscii: true, hasColour: true});
	t.deepEqual(appearanceOf(environmentOf('LANG=C.UTF-8', 'NO_COLOR=1'), true), {isAscii: true, hasColour: false});
});

test('without colours bold and dim stay', t => {
	withLooks({isAscii: false, hasColour: false}, () => {
		t.is(paint({text: 'x', tone: 'bad', isStrong: true}), '\u{1B}[1mx\u{1B}[22m');
	});
	t.is(paint({text: 'x', tone: 'bad'}), '\u{1B}[31mx\u{1B}[39m');
	t.is(paint(plain('x')), 'x');
});

const columns: ReadonlyArray<Column<string>> = [
	{title: 'NAME', width: {share: 1, least: 6}, cell: name => plain(name)},
	{
		title: 'SIZE', width: 6, alignment: 'right', leaves: 2, cell: () => plain('12 KB'),
	},
	{
		title: 'OWNER', width: 8, leaves: 1, cell: () => plain('root'),
	},
];

const tables: ReadonlyArray<readonly [number, string]> = [
	[40, '   NAME                 SIZE  OWNER    '],
	[28, '   NAME     SIZE  OWNER    '],
	[24, '   NAME          SIZE  '],
	[12, '   NAME    '],
];

for (const [width, expected] of tables) {
	test(`table: columns leave in their order, at ${width}`, t => {
		const {heading, rowLine} = layOutTable(columns, width);
		t.is(textOf(heading), expected);
		t.is(cellsOf(rowLine('日本語日本語', {isFocused: true})), expected.length);
	});
}

test('header: where, server, who, and READ-ONLY; the place is always seen', t => {
	const {opened} = startNavigation();
	const facts = {server: 'web1', actor: {name: 'root', role: 'administrator'}, isReadOnly: true};
	const deep = Array.from({length: 9}, (_, key) => ({key, route: {screen: 'queue'} as const, memory: new Map<string, unknown>()}));

	t.regex(textOf(headerLine({...facts, opened, width: 80})), /^ holdfast › home +READ-ONLY · web1 · root · ADMIN $/v);
	const clipped = textOf(headerLine({...facts, opened: [...opened, ...deep], width: 70}));
	t.is(widthOf(clipped), 70);
	t.regex(clipped, /…[^…]* › queue +READ-ONLY/v);
});

const status: StatusView = {
	machine: 'web1', stateDirectory: '/s', problems: [], accounts: {
		active: 2, suspended: 1, orphans: 0, hidden: 5, withoutBackup: 1,
	}, queue: {running: 0, pending: 0}, lastTasks: [], isDaemonRunning: true, nextRunAt: null, destinations: [], lastBackupAt: null,
};

const home = (facts: Partial<HomeFacts>) => homeRows({
	status, waitingFor: 'Looking at accounts', error: undefined, running: [], waitingCount: 0, now: new Date(0), ...facts,
});
const problem = (account: string | null, type: Problem['type']): Problem => ({
	type, account, message: 'It has no backup.', hint: null,
});
const targets = (facts: Partial<HomeFacts>) => home(facts).flatMap(({id, target}) => target === undefined ? [] : [id]);

test('home: the ways on are there before anything was read', t => {
	t.deepEqual(targets({status: undefined}), ['place:accounts', 'place:queue', 'place:orphans', 'place:jobs']);
	t.true(home({status: undefined}).some(({line}) => textOf(line(false)).includes('Looking at')));
});

test('home: problems first, many of one type as one row', t => {
	t.deepEqual(targets({status: {...status, problems: [problem('bob', 'failed'), problem(null, 'destination')]}}).slice(0, 2), ['problem:failed:bob', 'problem:destination:0']);
	const many = Array.from({length: 500}, (_, index) => problem(`user${index}`, 'overdue'));
	t.deepEqual(targets({status: {...status, problems: many}}), ['problems:overdue', 'place:accounts', 'place:queue', 'place:orphans', 'place:jobs']);
	const row = home({status: {...status, problems: many}}).find(({id}) => id === 'problems:overdue');
	t.true(textOf(row!.line(false)).includes('500 accounts have no recent backup'));
});

test('home: a hostile account name is escaped', t => {
	const row = home({status: {...status, problems: [problem('a\u{1B}[2J', 'failed')]}}).find(({target}) => target !== undefined);
	t.true(textOf(row!.line(false)).includes(String.raw`a\x1b[2J: `));
});
