import test from 'ava';
import type {accountToJson} from '../../source/commands/account-json.ts';
import {setUpServer, type BackupDocument} from '../set-up.ts';
import {terminal} from '../terminal.ts';

type AccountDocument = ReturnType<typeof accountToJson>;

test('marked accounts get tags at once, one its settings, and all of it can be undone', async t => {
	const {state, json, write} = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}, {name: 'carol', uid: 5003}]);
	await write('alice', {'a.log': 'x'.repeat(2000), 'b.txt': 'x'});
	await json(['tag', 'create', 'old']);
	await json(['account', 'set', 'bob', '--add-tag', 'old']);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.press('space', 'space', 't');
	await screen.shows('Tags of 2 accounts');
	screen.press(...'vip -old', 'enter');
	await screen.shows('alice, bob');
	await screen.shows('holdfast account set alice bob --add-tag vip --remove-tag old');
	screen.press('y');
	await screen.shows('Tags of 2 accounts: changed');
	await screen.shows(/alice +●vip/v);
	await screen.shows(/bob +●vip/v);
	screen.press('u');
	await screen.shows(/bob +●old/v);
	screen.press('A', 'g', 'enter');
	await screen.shows('none: the whole home is backed up');
	screen.press('t');
	await screen.shows('Tags of alice');
	screen.press(...'shop', 'enter');
	await screen.shows('Tags of alice: changed');
	screen.press('p');
	await screen.shows('Priority group of alice');
	screen.press('ctrl-u', ...'High', 'enter');
	await screen.shows(/Priority +High/v);
	screen.press('x');
	await screen.shows('left out now: 0 files, 0 B');
	screen.press('n');
	await screen.shows('Exclude for alice');
	screen.press(...'*.log', 'enter');
	await screen.shows('left out now: 1 file, 2.0 KB');
	screen.press('q');
	await screen.ends();
	const alice = await json<AccountDocument>(['account', 'show', 'alice']);
	t.like(alice, {tags: ['shop'], priorityGroup: 'High', excludes: ['*.log']});
});

test('marked accounts get an address and excludes at once, after a look at what these leave out', async t => {
	const {state, json, write} = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}, {name: 'carol', uid: 5003}]);
	await write('alice', {'a.log': 'x'.repeat(2000), 'b.txt': 'x'});
	await write('bob', {'logs/c.log': 'x'.repeat(3000)});
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.press('space', 'space');
	await screen.shows('2 marked');
	screen.press('s');
	await screen.shows('2 accounts: alice, bob');
	await screen.shows(/❯ Email +none/v);
	screen.press('enter');
	await screen.shows('Email of 2 accounts');
	screen.press(...'owner@example.com', 'enter');
	await screen.shows('holdfast account set alice bob --email owner@example.com');
	screen.press('y');
	await screen.shows(/❯ Email +owner@example\.com/v);
	screen.press('down', 'enter');
	await screen.shows('Excludes of 2 accounts');
	screen.press(...'*.{log,tmp}', 'enter');
	await screen.shows('as the homes are now: 2 files, 5.0 KB');
	screen.press('y');
	await screen.shows(/❯ Excludes +\*\.\{log,tmp\}/v);
	screen.press('u');
	await screen.shows(/❯ Excludes +none/v);
	screen.press('q');
	await screen.ends();
	const {accounts} = await json<{accounts: readonly AccountDocument[]}>(['account', 'list']);
	t.deepEqual(accounts.map(({name, email, excludes}) => [name, email, excludes?.length]), [['alice', 'owner@example.com', 0], ['bob', 'owner@example.com', 0], ['carol', null, 0]]);
});

test('marked accounts get an owner, domains, databases and mailboxes at once, and lose what only some of them have', async t => {
	const {state, json} = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}, {name: 'carol', uid: 5003}]);
	await json(['account', 'set', 'alice', '--add-exclude', 'cache', '--add-domain', 'old.example']);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.press('space', 'space');
	await screen.shows('2 marked');
	screen.press('s');
	await screen.shows(/❯ Email +none/v);

	for (const [moves, label, before, typed, after] of [
		[1, 'Excludes', 'they differ', '-cache', 'none'],
		[4, 'Owner', 'none', 'carol', 'carol'],
		[1, 'Domains', 'they differ', 'new.example -old.example', 'new.example'],
		[1, 'Databases', 'none', 'mysql:shop', 'mysql:shop'],
		[1, 'Mailboxes', 'none', 'a@new.example=/var/vmail/a', 'a@new.example=/var/vmail/a'],
	] as const) {
		screen.press(...Array.from({length: moves}, () => 'down'));
		await screen.shows(new RegExp(`❯ ${label} +${before}`, 'v'));
		screen.press('enter');
		await screen.shows(`${label} of 2 accounts`);
		screen.press(...typed, 'enter');
		const asked = await screen.shows('holdfast account set alice bob');
		t.is(asked.includes('Each of them backs up the same'), ['Domains', 'Databases', 'Mailboxes'].includes(label));
		screen.press('y');
		await screen.shows(new RegExp(`❯ ${label} +${after}`, 'v'));
	}

	// Nobody has it: that is a mistake.
	screen.press('enter');
	await screen.shows('Mailboxes of 2 accounts');
	screen.press(...'-b@new.example=/var/vmail/b', 'enter');
	await screen.shows('None of the accounts has the mailbox');
	screen.press('escape');
	await screen.shows(/❯ Mailboxes +a@new\.example/v);
	screen.press('q');
	await screen.ends();
	const {accounts} = await json<{accounts: readonly AccountDocument[]}>(['account', 'list']);
	t.deepEqual(accounts.map(({name, owner, excludes, domains, databases, mailboxes}) => [name, owner, excludes, domains, databases, mailboxes].join(' ').trimEnd()), [
		'alice carol  new.example mysql:shop a@new.example=/var/vmail/a', 'bob carol  new.example mysql:shop a@new.example=/var/vmail/a', 'carol',
	]);
});

test('the ten largest orphans: look into one, keep it by a lock, delete the rest', async t => {
	const {state, json, machine, write} = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}, {name: 'carol', uid: 5003}]);
	await write('bob', {'bob.bin': 'b'.repeat(50_000)});
	await write('carol', {'carol.bin': 'c'.repeat(2000)});
	await json(['job', 'run', 'nightly']);
	await machine.setAccounts([{name: 'alice', uid: 5001}]);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('4');
	await screen.shows(/❯ bob/v);
	screen.press('enter');
	await screen.shows('CREATED');
	screen.press('L');
	await screen.shows('empty: for ever');
	screen.press('enter');
	await screen.shows('is locked for ever');
	screen.press('escape');
	await screen.shows(/bob.*locked/v);
	screen.press('D');
	await screen.shows('bob has locked backups');
	// What is reclaimable is told meanwhile, and is what they are sorted by.
	screen.press('/', ...'carol', 'enter');
	await screen.shows(/❯ carol/v);
	screen.press('D');
	await screen.shows('Delete all backups of the removed account carol');
	screen.press(...'carol', 'enter');
	await screen.shows('1 orphan deleted');
	screen.press('escape');
	await screen.shows(/❯ bob/v);
	screen.press('q');
	await screen.ends();
	const {backups} = await json<{backups: readonly BackupDocument[]}>(['backup', 'list']);
	t.deepEqual(backups.map(({account, locked}) => `${account} ${String(locked)}`).toSorted(), ['alice false', 'bob true']);
});

test('several backups are locked, and unlocked again, at once', async t => {
	const {state, json} = await setUpServer(t, [{name: 'alice', uid: 5001}]);
	await json(['account', 'set', 'alice', '--add-tag', 'vip']);
	await json(['backup', 'create', 'alice']);
	await json(['backup', 'create', 'alice']);
	const screen = terminal(t, ['--state', state]);
	await screen.shows('❯ Accounts');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.press('enter');
	await screen.shows('Assignable backups');
	screen.press('t');
	await screen.shows('Tags of alice');
	// What there is already is completed.
	screen.press('ctrl-u', 'v', 'tab');
	await screen.shows(/│ {2}vip /v);
	screen.press('escape');
	await screen.shows('❯ Restore from a backup');
	screen.press('enter');
	await screen.shows(/❯ 20[\s\S]+20/v);
	screen.press('a');
	await screen.shows('2 marked');
	screen.press('L');
	await screen.shows('Lock 2 backups');
	screen.press(...'2001-02-03', 'enter');
	await screen.shows('This day has passed');
	screen.press('ctrl-u', 'enter');
	await screen.shows('2 backups are locked for ever');
	await screen.shows(/locked ✓[\s\S]+locked ✓/v);
	screen.press('L');
	await screen.shows(/20.*: It stays for now: the newest complete[\s\S]+20.*: It stays for now: on demand/v);
	screen.press('enter');
	await screen.shows('2 backups are not locked any more');
	screen.press('u');
	await screen.shows('2 backups are locked for ever');
	screen.press('q');
	await screen.ends();
	const {backups} = await json<{backups: readonly BackupDocument[]}>(['backup', 'list', '--locked']);
	t.is(backups.length, 2);
});
