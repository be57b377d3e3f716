/* eslint-disable no-control-regex, regexp/no-control-character -- environment variables by their names, and escape sequences as the terminal gets them */
import {execFileSync} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {setUpServer} from '../set-up.ts';
import {terminal, type Terminal} from '../terminal.ts';
import {filledServer} from './fixture.ts';

/** The processes of the program itself, not of the shell it may run in. */
const pidOf = (screen: Terminal): number => {
	const children = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(screen.pid)], {encoding: 'utf8'});

	return Number(/^\s*(?<pid>\d+)/v.exec(children)?.groups?.pid);
};

const endsWell = async (t: ExecutionContext, screen: Terminal): Promise<void> => {
	const {exitCode} = await screen.ends();
	t.is(exitCode, 0);
};

test('a sign of life: home, accounts, help, palette, and q gives the terminal back', async t => {
	const {state} = await setUpServer(t);
	const screen = terminal(t, ['--state', state]);

	await screen.shows('1 without backup');
	t.true(screen.isAlternate);
	screen.press('?');
	await screen.shows('Keys: Home');
	screen.press('escape', ':', 'acc');
	await screen.shows('❯ accounts');
	screen.press('enter');
	await screen.shows('❯ alice');
	screen.press('b');
	await screen.shows('back up alice: completed.');
	await screen.shows(/alice +just now ✓ +1 /v);
	screen.press('q');

	t.deepEqual(await screen.ends(), {exitCode: 0, signal: 0});
	t.false(screen.isAlternate);
});

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
	test(`the terminal is as it was after ${signal}, and says what ended it`, async t => {
		const {state} = await setUpServer(t);
		const screen = terminal(t, ['--state', state], {afterwards: 'stty -a'});
		await screen.shows('❯ Accounts');
		process.kill(pidOf(screen), signal);
		await screen.ends();

		t.false(screen.isAlternate);
		t.true(screen.text.includes(`closed by ${signal}`));
		t.true(screen.text.includes('ended with 130'));
		t.regex(screen.text, /[^\-]icanon/v);
		t.regex(screen.text, /[^\-]echo /v);
		t.true(screen.output.includes('\u{1B}[?25h'));
		t.true(screen.output.lastIndexOf('\u{1B}[?2004l') > screen.output.lastIndexOf('\u{1B}[?2004h'));
	});
}

test('Ctrl-C once is no end, twice is', async t => {
	const {state} = await setUpServer(t);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('ctrl-c');
	await screen.shows('Ctrl-C again quits');
	screen.press('ctrl-c');
	await endsWell(t, screen);
});

test('a paste never runs as keys, and goes into a field', async t => {
	const {state} = await setUpServer(t);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.paste('q\n2\nq');
	await screen.shows('A paste never runs as keys.');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.paste('b\n');
	screen.press('/');
	screen.paste('ali\n');
	const text = await screen.shows('filter: ali');
	t.false(text.includes('Queue'));
});

test('where pastes are not marked, more at once than anyone types is one', async t => {
	const {state} = await setUpServer(t);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('2\rbbbb y y y some text that is long enough to be a paste\r');
	await screen.shows('A paste never runs as keys.');
	screen.press('3');
	const text = await screen.shows('Nothing was asked for yet.');
	t.true(text.includes('0 running, 0 waiting'));
});

test('what overwrites live data is not confirmed by a paste', async t => {
	const {state, task, write} = await setUpServer(t);
	await write('alice', {'a.txt': 'one'});
	await task(['backup', 'create', 'alice']);
	await write('alice', {'a.txt': 'two'});
	const screen = terminal(t, ['--state', state]);
	screen.press(':');
	await screen.shows('Go to, or do');
	screen.press('alice', 'enter');
	await screen.shows('1 backup, the newest');
	screen.press('enter');
	await screen.shows('CREATED');
	screen.press('enter');
	await screen.shows('Restore the whole home');
	screen.press('down', 'enter');
	await screen.shows(/overwrite +\d/v);
	screen.press('R');
	await screen.shows('Type alice');
	screen.paste('alice');
	await screen.shows('This has to be typed');
	screen.press('enter');
	await screen.shows('Nothing was done: type alice first.');
	screen.press('tab', 'c');
	await screen.shows('The command is copied');
	screen.press('escape', 'q');
	await screen.ends();

	t.regex(screen.text, /holdfast restore \w{16}/v);
	t.true(screen.output.includes('\u{1B}]52;c;'));
});

test('resizing leaves no ghosts: afterwards it looks as if it had always been so', async t => {
	const {state} = await filledServer(t);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('2');
	await screen.shows('❯ alice');

	for (const [columns, rows, sign] of [[140, 40, 'Home'], [60, 15, '❯ alice'], [50, 10, 'Holdfast needs 60 columns'], [100, 30, 'UID, GID'], [80, 24, 'q quit']] as const) {
		screen.resize(columns, rows);
		await screen.shows(text => text.includes(sign) && text.split('\n').every(line => line.length <= columns));

		const fresh = terminal(t, ['--state', state], {columns, rows});
		fresh.press('2');
		await fresh.shows(text => text === screen.text);
		fresh.press('q');
		await fresh.ends();
	}

	screen.press('q');
	await endsWell(t, screen);
});

test('names from disk are shown escaped, whoever chose them', async t => {
	const {state, task} = await filledServer(t);
	await task(['backup', 'create', 'alice']);
	const screen = terminal(t, ['--state', state]);
	screen.press(':');
	await screen.shows('Go to, or do');
	screen.press('alice', 'enter');
	await screen.shows('1 backup, the newest');
	screen.press('enter');
	await screen.shows('CREATED');
	screen.press('enter');
	await screen.shows('Choose files');
	screen.press('enter');
	// The names are counted before they are listed.
	const text = await screen.shows(shown => /everything +\d/v.test(shown) && shown.includes('日本語'));

	for (const name of [String.raw`evil\x1b[31m\x1b]0;owned\x07`, String.raw`two\x0alines`, String.raw`bad\xff\xfe`, String.raw`cod\xe2\x80\xaefdp.exe`, '日本語']) {
		t.true(text.includes(name), `${name} is not shown`);
	}

	t.false(screen.output.includes('owned\u{7}'));
	t.true(text.split('\n').filter(line => line.includes('1 B')).every(line => /1 B {2}\d{4}/v.test(line)), 'the columns are not aligned');
});

test('a text file is viewed as it was', async t => {
	const {state, task} = await filledServer(t);
	await task(['backup', 'create', 'alice']);
	const screen = terminal(t, ['--state', state]);
	screen.press(':');
	await screen.shows('Go to, or do');
	screen.press('alice', 'enter');
	await screen.shows('1 backup, the newest');
	screen.press('enter');
	await screen.shows('CREATED');
	screen.press('enter');
	await screen.shows('Choose files');
	screen.press('enter');
	await screen.shows('notes.txt');
	screen.press('/', 'notes', 'enter');
	await screen.shows(/search: notes {2}1 found {2}/v);
	screen.press('v');
	t.regex(await screen.shows('2 lines, 100 %'), /first line\n {5}second line/v);
});

test('without a screen that can be redrawn it says what to do instead', async t => {
	const {state} = await setUpServer(t);

	for (const setting of ['TERM=dumb', 'ACCESSIBLE=1']) {
		const screen = terminal(t, ['--state', state], {environment: [setting]});

		await endsWell(t, screen);
		t.true(screen.text.includes('holdfast restore ID'));
		t.false(screen.output.includes('\u{1B}['));
	}
});

test('NO_COLOR takes the colours, a locale without UTF-8 everything but ASCII', async t => {
	const {state} = await filledServer(t);
	const screen = terminal(t, ['--state', state], {environment: ['NO_COLOR=1', 'LC_ALL=C']});
	await screen.shows('> Accounts');
	screen.press('2');
	await screen.shows('> alice');
	screen.press('enter');
	await screen.shows('LAST BACKUP');
	screen.press('q');
	await screen.ends();

	t.regex(screen.output, /^\p{ASCII}*$/v);
	t.notRegex(screen.output, /\u{1B}\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7])m/v);
});

test('what cannot be read is told, with the next step, and the terminal stays', async t => {
	const {state} = await setUpServer(t);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('1 without backup');
	await writeFile(`${state}/accounts.json`, '{"version": 1, "identities": [');
	screen.press('2');
	await screen.shows('accounts.json');
	screen.press('1');
	await screen.shows('❯ Accounts');
	screen.press('q');
	await endsWell(t, screen);
});

test('read-only: what changes something is refused, and says why', async t => {
	const {state} = await setUpServer(t);
	const screen = terminal(t, ['--state', state, '--read-only']);
	await screen.shows('READ-ONLY');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.press('b');
	const text = await screen.shows('started read-only');
	t.true(text.includes('❯ alice'));
});
