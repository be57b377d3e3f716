import {readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {setUpServer, type BackupDocument} from '../set-up.ts';
import {terminal} from '../terminal.ts';

const alice = {name: 'alice', uid: 5001};
const bob = {name: 'bob', uid: 5002};

test('a removed account comes back from the screen of orphans, and the queue is cleared', async t => {
	const {state, machine, write, json} = await setUpServer(t, [alice, bob]);
	await write('alice', {'notes.txt': 'of alice'});
	await json(['job', 'run', 'nightly']);
	await machine.setAccounts([bob]);
	await rm(machine.home('alice'), {recursive: true});

	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('4');
	await screen.shows(/❯ alice/v);
	screen.press('R');
	await screen.shows('nothing is done yet');
	await screen.shows(/create +\d/v);
	screen.press('R');
	await screen.shows('Restore into the account alice on ');
	screen.press('y');
	await screen.shows('completed');
	await screen.shows(/Panel config +complete/v);
	const notes = join(machine.home('alice'), 'notes.txt');
	t.is(await readFile(notes, 'utf8'), 'of alice');
	t.regex(await readFile(machine.path('passwd'), 'utf8'), /^alice:x:5001:5001:/mv);
	screen.press('4');
	await screen.shows('every backup belongs to an account that is there');

	screen.press('3');
	await screen.shows(/restore alice +✓ completed/v);
	screen.press('C');
	await screen.shows('Forget every task that has ended');
	screen.press('n');
	await screen.shows(text => !text.includes('Forget every task'));
	await screen.shows(/restore alice +✓ completed/v);
	screen.press('C');
	await screen.shows('holdfast queue clear');
	screen.press('y');
	await screen.shows('tasks forgotten');
	await screen.shows('Nothing was asked for yet');
	screen.press('q');
	await screen.ends();
	const {tasks} = await json<{tasks: readonly unknown[]}>(['queue', 'list', '--all']);
	t.deepEqual(tasks, []);
});

test('accounts that were made again take over the backups of those before them', async t => {
	const {state, machine, json} = await setUpServer(t, [alice, bob]);
	await json(['job', 'run', 'nightly']);
	await machine.setAccounts([{...alice, uid: 6001}, {...bob, uid: 6002}]);

	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press(':', ...'assignable', 'enter');
	await screen.shows(/❯ alice[\s\S]+bob/v);
	screen.press('a');
	await screen.shows('2 marked');
	screen.press('s');
	await screen.shows('Give backups of 2 removed accounts to the live accounts');
	screen.press('y');
	await screen.shows('There is none: no live account has the name');
	screen.press('q');
	await screen.ends();
	const {backups} = await json<{backups: readonly BackupDocument[]}>(['backup', 'list', 'alice']);
	t.is(backups.length, 1);
});
