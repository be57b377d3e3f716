import test from 'ava';
import type {AuditEntry} from '../../source/domain/audit.ts';
import type {RightsView} from '../../source/actions/rights.ts';
import type {UserView} from '../../source/actions/users.ts';
import {setUpServer} from '../set-up.ts';
import {terminal} from '../terminal.ts';

const machineName = 'web1';

test('a user is made and gets rights by walking the backups, by typing with completion, with a tester, undo and a warning', async t => {
	const {state, json, run, write, machine} = await setUpServer(t);
	await run('setting', 'set', 'machine.name', machineName);
	await write('alice', {'public_html/index.php': 'hello', 'public_html/private/secret.txt': 'secret', 'notes.txt': 'n'});
	await json(['backup', 'create', 'alice']);
	const home = machine.home('alice');
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press(':', ...'users', 'enter');
	await screen.shows('There is no user: only root');
	screen.press('n');
	await screen.shows('A new user');
	screen.press(...'Carol', 'enter');
	await screen.shows('cannot be the name of a user');
	screen.press('ctrl-u', ...'carol', 'enter');
	await screen.shows('Role of carol');
	screen.press('enter');
	await screen.shows('Mail address of carol');
	screen.press('enter');
	await screen.shows('New password of carol');
	screen.press(...'geheim');
	await screen.shows('******');
	screen.press('enter');
	await screen.shows('New password of carol, again');
	screen.press(...'geheim', 'enter');
	await screen.shows(/❯ +carol +USER/v);
	screen.press('enter');
	await screen.shows(/❯ +- deny +default: what no exception covers/v);

	// By walking through what backups hold, down to the folder.
	screen.press('w');
	await screen.shows(/❯ +- deny +web1/v);
	screen.press('enter');
	await screen.shows(/- deny +config/v);
	screen.press('/', ...'file');
	await screen.shows(/❯ +- deny +file/v);
	screen.press('enter');
	screen.press('enter');

	for (const name of home.split('/').slice(1)) {
		await screen.shows(new RegExp(`❯ +- deny +/?${name}`, 'v'));
		screen.press('enter');
	}

	await screen.shows(/❯ +- deny +\/notes\.txt/v);
	screen.press('j');
	await screen.shows(/❯ +- deny +\/public_html/v);
	screen.press('a');
	await screen.shows(/❯ +\+ allow +\/public_html.*exception/v);
	screen.press('enter');
	await screen.shows(/❯ +\+ allow +\/index\.php.*from above/v);
	screen.press('j');
	await screen.shows(/❯ +\+ allow +\/private/v);
	screen.press('d');
	await screen.shows(/❯ +- deny +\/private.*exception/v);
	screen.press('w');
	await screen.shows('2 changes not saved');
	await screen.shows(/❯ +- deny +\/private/v);

	// The tester follows what is changed.
	screen.press('t');
	await screen.shows('Tab completes');
	screen.press(...`web1!file:${home}/pub`);
	await screen.shows('/alice/pub ');
	screen.press('tab');
	await screen.shows(/public_html\/ *\n \+ allowed by/v);
	screen.press(...'private/x');
	await screen.shows(/private\/x *\n - denied by/v);
	screen.press('enter');
	await screen.shows(/private\/x\? *\n - denied by/v);
	screen.press('enter');
	await screen.shows(/private\/x\? *\n \+ allowed by/v);
	await screen.shows('3 changes not saved');
	screen.press('u');
	await screen.shows(/private\/x\? *\n - denied by/v);

	// An allow below a deny has no effect; one path has one exception.
	screen.press('a');
	await screen.shows('Allow carol a path');
	screen.press(...`web1!file:${home}/public_html/`);
	await screen.shows('/public_html/ ');
	screen.press('tab');
	await screen.shows('public_html/index.php');
	screen.press(...'private/deep', 'enter');
	await screen.shows('no effect: everything below');
	screen.press('a');
	await screen.shows('Allow carol a path');
	screen.press(...`web1!file:${home}//public_html/.`);
	await screen.shows('//public_html/. ');
	screen.press('enter');
	await screen.shows('There is an exception for');
	screen.press('escape');
	await screen.shows(text => !text.includes('There is an exception for'));
	screen.press('q');
	await screen.shows('3 changes of the rights of carol would be lost');
	screen.press('n');
	await screen.shows(text => !text.includes('would be lost'));
	screen.press('S');
	await screen.shows('Save rights of carol that have no effect');
	screen.press('n');
	await screen.shows(text => !text.includes('Save rights of carol that'));
	screen.press('D');
	await screen.shows(text => !text.includes('no effect'));
	screen.press('S');
	await screen.shows('The rights of carol are saved');
	screen.press('?');
	await screen.shows('Keys: Restoration rights');
	screen.press('G');
	await screen.shows('A paste never runs as keys');
	screen.press('escape', 'q');
	await screen.ends();
	t.deepEqual(await json<RightsView>(['rights', 'show', 'carol']), {
		default: 'deny', exceptions: [{path: `web1!file:${home}/public_html`, effect: 'allow'}, {path: `web1!file:${home}/public_html/private`, effect: 'deny'}],
	});
	const {entries} = await json<{readonly entries: readonly AuditEntry[]}>(['audit']);
	t.is(entries.filter(({action, result}) => action === 'saveRights' && result === 'done').length, 1);
});

test('the last administrator stays, a role drops the rights after a warning, a password needs the old one; the audit log tells it', async t => {
	const {state, json, run} = await setUpServer(t);
	await run('setting', 'set', 'machine.name', machineName);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press(':', ...'users', 'enter');
	await screen.shows('There is no user: only root');

	for (const [name, role] of [['anna', 'administrator'], ['carol', 'user']] as const) {
		screen.press('n');
		await screen.shows('A new user');
		screen.press(...name, 'enter');
		await screen.shows(`Role of ${name}`);
		screen.press('ctrl-u', ...role.slice(0, 2), 'tab');
		await screen.shows(role);
		screen.press('enter');
		await screen.shows(`Mail address of ${name}`);
		screen.press('enter');
		await screen.shows(`New password of ${name}`);
		screen.press(...'old', 'enter');
		await screen.shows('again');
		screen.press(...'old', 'enter');
		await screen.shows(new RegExp(`${name} +${role.toUpperCase()}`, 'v'));
	}

	screen.press('g');
	await screen.shows(/❯ +anna/v);
	screen.press('D');
	await screen.shows('Delete the user anna');
	screen.press('y');
	await screen.shows('anna is the last administrator');
	screen.press('enter');
	await screen.shows(text => !text.includes('This was not done'));
	screen.press('r');
	await screen.shows('Role of anna');
	screen.press('ctrl-u', ...'user', 'enter');
	await screen.shows('anna is the last administrator');
	screen.press('enter');
	await screen.shows(text => !text.includes('This was not done'));
	screen.press('enter');
	await screen.shows('Nothing is hidden from an administrator');
	screen.press('j');
	await screen.shows(/❯ +carol/v);
	screen.press('p');
	await screen.shows('Password of carol today');
	screen.press(...'wrong', 'enter');
	await screen.shows('New password of carol');
	screen.press(...'new', 'enter');
	await screen.shows('again');
	screen.press(...'new', 'enter');
	await screen.shows('The sign-in of "carol" failed');
	screen.press('enter');
	await screen.shows(text => !text.includes('This was not done'));
	screen.press('r');
	await screen.shows('Role of carol');
	screen.press('ctrl-u', ...'operator', 'enter');
	await screen.shows('The restoration rights of a USER are dropped');
	screen.press('y');
	await screen.shows(/carol +OPERATOR/v);
	screen.press(':', ...'audit', 'enter');
	await screen.shows(/❯ .*root +setUser +done +carol/v);
	screen.press('/', ...'deleteUser', 'enter');
	await screen.shows(/❯ .*root +deleteUser +refused +anna/v);
	screen.press('enter');
	await screen.shows('deleteUser by root');
	screen.press('enter');
	await screen.shows(text => !text.includes('deleteUser by root'));
	screen.press('escape', 'w');
	await screen.shows('Whose acts');
	screen.press(...'nobody', 'enter');
	await screen.shows('Nothing is in the audit log that fits');
	screen.press('q');
	await screen.ends();
	const {users} = await json<{readonly users: readonly UserView[]}>(['user', 'list']);
	t.deepEqual(users.map(({name, role}) => [name, role]), [['anna', 'administrator'], ['carol', 'operator']]);
});
