import {randomBytes} from 'node:crypto';
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

test('ten removed accounts are deleted at once: what is asked stays in sight, the largest first', async t => {
	const gone = Array.from({length: 10}, (_, index) => ({name: `gone${index}`, uid: 6010 + index}));
	const {state, machine, write, json} = await setUpServer(t, [alice, ...gone]);

	for (const [index, {name}] of gone.entries()) {
		await write(name, {'data.bin': randomBytes((index + 1) * 10_000).toString('hex')});
	}

	await json(['job', 'run', 'nightly']);
	await machine.setAccounts([alice]);
	await json(['account', 'rebind', '--all']);

	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('4');
	await screen.shows(/reclaimable: \d/v);
	// What is measured sorts the list anew; the focus is on the first row all the same.
	await screen.shows(/EXPIRES *\n ❯ gone9 [^\n]+\n {3}gone8 /v);
	screen.press('enter');
	await screen.shows(/orphans › backups of gone9[\s\S]+❯ 20/v);
	screen.press('L');
	await screen.shows('The last day of the lock');
	screen.press('enter');
	await screen.shows('is locked for ever');
	screen.press('escape');
	await screen.shows(/❯ gone9 [^\n]+ locked/v);
	screen.press('a', 'D');
	await screen.shows('gone9 has locked backups');
	screen.press('space', 'D');
	await screen.shows(/Type delete 9: /v);
	await screen.shows(/gone8 [^\n]+\n[^\n]+gone7 /v);
	await screen.shows(/… \(copied whole\)/v);
	await screen.shows(/9 backups \([^\n]+ freed\): they are gone for good/v);
	// Where not all fits, the others can be looked at before anything is typed.
	screen.resize(80, 18);
	await screen.shows(/1 to \d of 9 lines/v);
	screen.press('down');
	await screen.shows(/4 to 6 of 9 lines/v);
	screen.press('down');
	await screen.shows(/gone0 [^\n]+\n[^\n]+ to 9 of 9 lines/v);
	screen.resize(80, 24);
	await screen.shows(/gone8 [^\n]+\n[^\n]+gone7 /v);
	screen.press('x', 'enter');
	await screen.shows('Nothing was done: "x" is not delete 9.');
	screen.press('backspace', ...'delete 9');
	await screen.shows('Enter delete them');
	screen.press('enter');
	await screen.shows('9 orphans deleted');
	screen.press('q');
	await screen.ends();
	const {orphans} = await json<{orphans: ReadonlyArray<{readonly name: string}>}>(['orphan', 'list']);
	t.deepEqual(orphans.map(({name}) => name), ['gone9']);
});

test('orphans are given to the live accounts of their names, and to another where there is none', async t => {
	const [gone, carol] = [{name: 'bob', uid: 5102}, {name: 'carol', uid: 5103}];
	const {state, machine, json} = await setUpServer(t, [alice, gone, carol]);
	await json(['job', 'run', 'nightly']);
	await machine.setAccounts([alice]);
	await json(['account', 'list']);
	await machine.setAccounts([alice, {...gone, uid: 5202}]);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('4');
	await screen.shows(/reclaimable: \d/v);
	screen.press('a');
	await screen.shows('2 marked');
	screen.press('s');
	await screen.shows('1 other marked: no live account has the name');
	screen.press('y');
	await screen.shows(/1 marked[\s\S]+carol/v);
	screen.press('s');
	await screen.shows('Who takes over the backups of carol?');
	screen.press(...'bo', 'tab', 'enter');
	await screen.shows('holdfast account assign');
	await screen.shows(/bob {2}takes 1 backup, .* of carol /v);
	screen.press('y');
	await screen.shows('There is none: every backup belongs');
	screen.press('q');
	await screen.ends();
	const {backups} = await json<{backups: readonly BackupDocument[]}>(['backup', 'list', 'bob']);
	t.is(backups.length, 2);
});
