import {existsSync} from 'node:fs';
import {mkdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {setUpServer, type Server} from '../set-up.ts';
import {terminal, type Terminal} from '../terminal.ts';

const inbox = 'Maildir/cur/1.M1.web1:2,S';
const info = 'mail-of-info/cur/2.M2.web1:2,S';

/** Two mailboxes and a file, backed up on two dates, and damaged since. */
const setUp = async (t: ExecutionContext): Promise<Server> => {
	const server = await setUpServer(t);
	const {machine, write, task, run} = server;
	const mail = machine.path('mail');
	await mkdir(mail);
	await run('setting', 'set', 'items.mbox', mail);
	await run('setting', 'set', 'items.vmail', machine.path('vmail'));
	await write('alice', {
		'notes.txt': 'of the first date', 'Maildir/new/.keep': '', 'Maildir/tmp/.keep': '', [inbox]: 'From: a\n\nmail\n',
		'mail-of-info/new/.keep': '', 'mail-of-info/tmp/.keep': '', [info]: 'From: b\n\nmail\n',
	});
	const {code, stderr} = await run('account', 'set', 'alice', '--add-mailbox', `info@example.com=${machine.home('alice')}/mail-of-info`);
	t.is(code, 0, stderr);
	await task(['backup', 'create', 'alice']);
	await write('alice', {'notes.txt': 'of the second date'});
	await task(['backup', 'create', 'alice']);
	await write('alice', {'notes.txt': 'spoiled'});
	await rm(join(machine.home('alice'), inbox));
	await rm(join(machine.home('alice'), info));

	return server;
};

const openBackup = async (screen: Terminal): Promise<void> => {
	await screen.shows('❯ Accounts');
	screen.press(':', 'alice', 'enter');
	await screen.shows('2 backups, the newest');
	screen.press('enter');
	await screen.shows(/❯ \d+-/v);
	screen.press('enter');
	await screen.shows('Choose items and parts');
};

test('items and parts, each from its own date, come back alone, and the restore is rolled back from its task', async t => {
	const {state, machine} = await setUp(t);
	const home = machine.home('alice');
	const screen = terminal(t, ['--state', state]);
	await openBackup(screen);
	await screen.shows(/Emails +. complete/v);
	screen.press('down', 'down', 'down');
	await screen.shows('❯ Choose items and parts');
	screen.press('enter');
	await screen.shows('nothing is ticked yet');
	screen.press('tab');
	await screen.shows('The whole home');
	screen.press('b');
	await screen.shows(/holding home directory[\s\S]+❯ \d+-/v);
	screen.press('G');
	await screen.shows(/ 18 B[\s\S]+❯ .* 17 B/v);
	screen.press('enter');
	await screen.shows('from another backup');
	screen.press('space');
	await screen.shows('1 item · home directory');
	screen.press('tab', 'tab', 'tab', 'tab', 'tab');
	await screen.shows(/❯ \[ \] Maildir/v);
	screen.press('space');
	await screen.shows('2 items · home directory, emails (1 of 2)');
	screen.press('R');
	await screen.shows(/overwrite +2 /v);
	screen.press('R');
	await screen.shows('Restore into the account alice on ');
	screen.press('alice', 'enter');
	await screen.shows('completed');
	await screen.shows(/Emails +complete +1 of 1 part/v);
	t.is(await readFile(join(home, 'notes.txt'), 'utf8'), 'of the first date');
	t.deepEqual([existsSync(join(home, inbox)), existsSync(join(home, info))], [true, false]);

	screen.press('U');
	await screen.shows('No file that it brought was changed since');
	screen.press('U');
	await screen.shows('Undo restore');
	screen.press('alice', 'enter');
	await screen.shows('Undoes       task');
	await screen.shows(/State +✓ completed/v);
	t.is(await readFile(join(home, 'notes.txt'), 'utf8'), 'spoiled');
	screen.press('q');
	await screen.ends();
});

test('conditions are read and accepted before a restore that terminates and suspends, which takes the name', async t => {
	const {state, machine, json} = await setUp(t);
	await json(['condition', 'create', 'The owner has agreed to it.']);
	const screen = terminal(t, ['--state', state]);
	await openBackup(screen);
	screen.press('down', 'down');
	await screen.shows('❯ Restore everything');
	screen.press('enter');
	await screen.shows('PLAN');
	// Nobody waits for the plan.
	screen.press('escape');
	await screen.shows('❯ Restore everything');
	screen.press('enter');
	await screen.shows('[ ] conditions accepted');
	screen.press('down', 'down', 'down', 'down');
	await screen.shows('❯ [ ] terminate first');
	screen.press('enter');
	await screen.shows('❯ [x] terminate first');
	screen.press('down', 'enter');
	await screen.shows('❯ [x] suspend afterwards');
	await screen.shows('nothing is done yet');
	await screen.shows('--terminate --confirm alice --suspend');
	screen.press('R');
	await screen.shows('Accept the restore conditions first: 1 is left');
	screen.press('down', 'down', 'enter');
	await screen.shows('The owner has agreed to it.');
	screen.press('y');
	await screen.shows('❯ [x] conditions accepted');
	screen.press('R');
	await screen.shows('The account is terminated first');
	screen.press('alice', 'enter');
	await screen.shows('completed');
	await screen.shows(/Panel config +complete/v);
	const notes = join(machine.home('alice'), 'notes.txt');
	t.is(await readFile(notes, 'utf8'), 'of the second date');
	screen.press('q');
	await screen.ends();
	const {status} = await json<{status: string}>(['account', 'show', 'alice']);
	t.is(status, 'suspended');
});
