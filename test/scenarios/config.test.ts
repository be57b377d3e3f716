import {existsSync} from 'node:fs';
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {runProgram} from '../sandbox.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';
import {canMakeUsers, makeSystemAccount} from '../system-account.ts';

type AccountDocument = {readonly uuid: string; readonly status: string; readonly email: string | null; readonly tags: readonly string[]};
type PreviewDocument = {readonly steps: ReadonlyArray<{path: string; action: string; reason: string}>};

const alice = {name: 'alice', uid: 5001, password: '$6$salt$secret'};
const bob = {name: 'bob', uid: 5002};

const lineOf = async (path: string, name: string): Promise<string | undefined> => {
	const text = await readFile(path, 'latin1');

	return text.split('\n').find(line => line.startsWith(`${name}:`));
};

const linesOf = async ({machine}: Server, name: string): Promise<ReadonlyArray<string | undefined>> => Promise.all(['passwd', 'shadow', 'group'].map(async file => lineOf(machine.path(file), name)));

test('an account that was removed comes back whole, as the same identity', async t => {
	const server = await setUpServer(t, [alice, bob]);
	const {machine} = server;
	const [group, gshadow] = [machine.path('group'), machine.path('gshadow')];
	const groupText = await readFile(group, 'utf8');
	await writeFile(group, groupText.replace(/^alice:.*$/mv, 'alice:x:5001:bob'));
	await writeFile(gshadow, 'sudo:*::\nalice:$6$group:gone,bob:bob\n');
	await server.write('alice', {'a.txt': 'first\n'});
	await server.run('tag', 'create', 'vip');
	await server.json(['account', 'set', 'alice', '--email', 'alice@example.com', '--add-tag', 'vip']);
	const before = await server.json<AccountDocument>(['account', 'show', 'alice']);
	const lines = await linesOf(server, 'alice');
	const made = await server.task(['backup', 'create', 'alice']);
	const backup = await server.json<BackupDocument>(['backup', 'show', made.backup!]);
	t.is(backup.items.find(({name}) => name === 'config')?.status, 'complete');

	await machine.setAccounts([bob]);
	await writeFile(gshadow, 'sudo:*::\n');
	await rm(machine.home('alice'), {recursive: true});
	const without = await server.run('restore', made.backup!, '--item', 'homedir', '--yes');
	t.is(without.code, 4);
	t.true(without.stderr.includes('config'), without.stderr);

	const preview = await server.json<PreviewDocument>(['restore', made.backup!, '--dry-run']);
	const [account, home] = preview.steps;
	t.like(account, {path: 'config', action: 'create'});
	t.like(home, {path: '', action: 'create'});
	t.false(existsSync(machine.home('alice')));
	t.is(await lineOf(machine.path('passwd'), 'alice'), undefined);

	const restored = await server.task(['restore', made.backup!, '--yes']);
	t.is(restored.state, 'completed');
	t.like(restored.items[0], {name: 'config', status: 'complete'});
	t.like(restored.items[1], {name: 'homedir', status: 'complete'});
	t.deepEqual(await linesOf(server, 'alice'), lines);
	t.is(await readFile(gshadow, 'utf8'), 'sudo:*::\nalice:$6$group:bob:bob\n', 'who was in its group is in it again');
	t.true(restored.findings.some(({message}) => message === 'config: there is no gone any more, who was in its group'));
	const file = join(machine.home('alice'), 'a.txt');
	t.is(await readFile(file, 'utf8'), 'first\n');
	const after = await server.json<AccountDocument>(['account', 'show', 'alice']);
	t.is(after.uuid, before.uuid);
	t.is(after.status, 'active');
	t.is(after.email, 'alice@example.com');
	t.deepEqual(after.tags, ['vip']);
});

test('nothing that may not be is made again: a taken name or UID, a home elsewhere, system ids, another folder in its place', async t => {
	const server = await setUpServer(t, [alice, bob]);
	const {machine} = server;
	await server.write('alice', {'a.txt': 'first\n'});
	const made = await server.task(['backup', 'create', 'alice']);

	// Somebody else has the name now.
	await rm(machine.home('alice'), {recursive: true});
	await machine.setAccounts([bob, {...alice, uid: 5009}]);
	const named = await server.run('restore', made.backup!, '--yes');
	t.is(named.code, 4, named.stderr);

	// A user of the system has the UID.
	await rm(machine.home('alice'), {recursive: true});
	await machine.setAccounts([bob]);
	const passwd = await readFile(machine.path('passwd'), 'utf8');
	await writeFile(machine.path('passwd'), `${passwd}daemon2:x:5001:5::/:/bin/false\n`);
	const taken = await server.json<{items: ReadonlyArray<{name: string; status: string}>; state: string}>(['restore', made.backup!, '--yes'], 1);
	t.is(taken.items.find(({name}) => name === 'config')?.status, 'failed');
	t.is(taken.items.find(({name}) => name === 'homedir')?.status, 'failed');
	t.false(existsSync(machine.home('alice')));

	await machine.setAccounts([bob]);
	await server.run('setting', 'set', 'accounts.homeRoots', '/srv');
	const elsewhere = await server.run('restore', made.backup!, '--item', 'config', '--yes');
	t.is(elsewhere.code, 1);
	t.true(elsewhere.stdout.includes('homeRoots'), elsewhere.stdout);
	t.is(await lineOf(machine.path('passwd'), 'alice'), undefined);

	await server.run('setting', 'set', 'accounts.homeRoots', machine.path('home'));
	await runProgram('mkdir', machine.home('alice'));
	const inPlace = await server.run('restore', made.backup!, '--item', 'config', '--yes');
	t.is(inPlace.code, 1);
	t.is(await lineOf(machine.path('passwd'), 'alice'), undefined);
});

test('of a live account the lines and settings are put back; merge keeps what is there; groups of the system are never given', async t => {
	const server = await setUpServer(t, [alice, bob]);
	const {machine} = server;
	const group = machine.path('group');
	await server.write('alice', {'a.txt': 'first\n'});
	const groupText = await readFile(group, 'utf8');
	await writeFile(group, `${groupText.replace('sudo:x:27:', 'sudo:x:27:alice')}team:x:6000:alice\n`);
	const gshadow = machine.path('gshadow');
	await writeFile(gshadow, 'sudo:*::alice\nalice:$6$group:bob:\n');
	await server.run('account', 'set', 'alice', '--email', 'old@example.com');
	const lines = await linesOf(server, 'alice');
	const made = await server.task(['backup', 'create', 'alice']);

	await machine.setAccounts([{...alice, password: '!$6$salt$changed', expiresOnDay: '1'}, bob]);
	await writeFile(group, `${groupText}team:x:6000:\n`);
	await writeFile(gshadow, 'sudo:*::\nalice:!:bob:\n');
	await server.run('account', 'set', 'alice', '--email', 'new@example.com');

	await server.task(['restore', made.backup!, '--item', 'config', '--merge', '--yes']);
	const merged = await server.json<AccountDocument>(['account', 'show', 'alice']);
	t.is(merged.email, 'new@example.com');
	t.is(merged.status, 'suspended');

	const restored = await server.task(['restore', made.backup!, '--item', 'config', '--yes'], 3);
	t.true(restored.findings.some(({message}) => message.includes('sudo')));
	t.deepEqual(await linesOf(server, 'alice'), lines);
	t.is(await lineOf(group, 'team'), 'team:x:6000:alice');
	t.is(await lineOf(group, 'sudo'), 'sudo:x:27:');
	t.is(await readFile(gshadow, 'utf8'), 'sudo:*::\nalice:$6$group:bob:\n');
	const after = await server.json<AccountDocument>(['account', 'show', 'alice']);
	t.is(after.email, 'old@example.com');
	t.is(after.status, 'active');
});

(canMakeUsers && existsSync('/usr/sbin/chpasswd') ? test : test.skip)('a real user that was removed comes back by useradd, with its hash and dates', async t => {
	const server = await setUpServer(t, [alice]);
	const home = server.machine.path('home', 'real');
	const name = await makeSystemAccount(t, home);
	await server.context.store.update('settings', undefined, draft => {
		draft.values = {'destination.minFreeBytes': 0, 'accounts.homeRoots': server.machine.path('home')};
	});
	await writeFile(join(home, 'a.txt'), 'first\n');
	await runProgram('chage', '-d', '19000', '-M', '90', name);
	await runProgram('usermod', '-p', '$6$abcdefgh$notarealhash', '-c', 'Real Name', name);
	await runProgram('groupmod', '-p', '$6$group$notarealhash', name);
	const other = await makeSystemAccount(t, server.machine.path('home', 'other'));
	await runProgram('gpasswd', '-M', `daemon,${other}`, name);
	await runProgram('gpasswd', '-A', `${other},${name}`, name);
	const lines = async () => Promise.all(['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow'].map(async file => lineOf(file, name)));
	const before = await lines();
	const account = await server.json<AccountDocument>(['account', 'show', name]);
	const made = await server.task(['backup', 'create', name]);

	await runProgram('gpasswd', '-M', '', name);
	await runProgram('userdel', '--remove', name);
	t.deepEqual(await lines(), [undefined, undefined, undefined, undefined]);
	const restored = await server.task(['restore', made.backup!, '--yes']);
	t.is(restored.state, 'completed');
	t.deepEqual(await lines(), before);
	t.is(await readFile(join(home, 'a.txt'), 'utf8'), 'first\n');
	const after = await server.json<AccountDocument>(['account', 'show', name]);
	t.is(after.uuid, account.uuid);
	const owner = await runProgram('stat', '-c', '%U %a', home);
	t.true(owner.stdout.startsWith(`${name} `), owner.stdout);
});
