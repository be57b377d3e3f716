import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {terminal} from '../terminal.ts';
import {filledServer} from './fixture.ts';

test('from finding an account to the result of a restore, by keys alone', async t => {
	const {state, machine, task} = await filledServer(t);
	await task(['backup', 'create', 'alice']);
	const home = machine.home('alice');
	await rm(join(home, 'public_html', 'img'), {recursive: true});
	await writeFile(join(home, 'notes.txt'), 'spoiled\n');
	await writeFile(join(home, 'mail', 'inbox'), 'changed, but not chosen\n');

	const screen = terminal(t, ['--state', state]);
	await screen.shows('2 without backup');
	screen.press('enter');
	await screen.shows(/❯ alice/v);
	screen.press('/', 'a', 'l', 'i', 'enter');
	await screen.shows('1 of 3');
	screen.press('enter');
	await screen.shows('1 backup, the newest');
	screen.press('enter');
	await screen.shows('CREATED');
	screen.press('enter');
	await screen.shows('Choose files and folders');
	screen.press('enter');
	await screen.shows('notes.txt');

	screen.press('/', 'logo', 'enter');
	await screen.shows(/search: logo {2}1 found {2}/v);
	screen.press('space', 'escape');
	await screen.shows('ticked: 1 file · 5.0 KB');
	screen.press('/', 'notes', 'enter');
	await screen.shows(/search: notes {2}1 found {2}/v);
	screen.press('space', 'escape');
	await screen.shows('ticked: 2 files · 5.0 KB');
	screen.press('R');
	await screen.shows(/create +\d+ .*\n.*overwrite +1 /v);
	screen.press('R');
	await screen.shows(`Restore into ${home} on `);

	screen.press('enter');
	await screen.shows('Nothing was done: type alice first.');
	screen.press('alic', 'enter');
	await screen.shows('"alic" is not alice');
	t.is(await readFile(join(home, 'notes.txt'), 'utf8'), 'spoiled\n');
	screen.press('e', 'enter');

	await screen.shows('completed');
	await screen.shows('What next');
	t.is(await readFile(join(home, 'notes.txt'), 'utf8'), 'first line\n\tsecond line\n');
	t.is(await readFile(join(home, 'public_html', 'img', 'logo.png'), 'latin1'), '\u{7}'.repeat(5000));
	t.is(await readFile(join(home, 'mail', 'inbox'), 'utf8'), 'changed, but not chosen\n');

	screen.press('q');
	const {exitCode} = await screen.ends();
	t.is(exitCode, 0);
	t.false(screen.isAlternate);
});
