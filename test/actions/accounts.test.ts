import {
	mkdir,
	rename,
	rm,
	writeFile,
} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {listAccounts, resolveAccount, showAccount} from '../../source/actions/accounts.ts';
import type {Context} from '../../source/actions/context.ts';
import {listOrphans} from '../../source/actions/orphans.ts';
import {rebindAccounts} from '../../source/actions/rebind-accounts.ts';
import {setAccount, setAccounts} from '../../source/actions/set-account.ts';
import {listTags} from '../../source/actions/tags.ts';
import type {Backup} from '../../source/domain/backup.ts';
import {UserError} from '../../source/errors.ts';
import {openStore} from '../../source/state/open-store.ts';
import {newIdentifier} from '../../source/system/new-identifier.ts';
import {testMachine, type TestAccount, type TestMachine} from '../sandbox.ts';

type Sandbox = {readonly machine: TestMachine; readonly context: Context; readonly pass: (days: number) => void};

const alice: TestAccount = {name: 'alice', uid: 1001};
const bob: TestAccount = {name: 'bob', uid: 1002};

const sandbox = async (t: ExecutionContext, accounts: readonly TestAccount[]): Promise<Sandbox> => {
	const machine = await testMachine(t, accounts);
	const store = await openStore({directory: machine.path('state'), isReadOnly: false, isCreating: true});
	let now = Date.parse('2026-06-15T12:00:00.000Z');
	await store.update('settings', undefined, draft => {
		Object.assign(draft.values, machine.settings);
	});

	return {
		machine,
		context: {
			store, clock: {now: () => new Date(now)}, isReadOnly: false, actor: {name: 'root', role: 'administrator'},
		},
		pass(days) {
			now += days * 86_400_000;
		},
	};
};

const saveBackup = async ({store, clock}: Context, accountUuid: string, changes: Partial<Backup> = {}): Promise<void> => store.update('backups', accountUuid, draft => {
	draft.backups.push({
		id: newIdentifier(),
		accountUuid,
		account: 'alice',
		createdAt: clock.now().toISOString(),
		kind: 'manual',
		status: 'complete',
		structure: 'incremental',
		job: null,
		schedules: [],
		locked: false,
		lockedUntil: null,
		encrypted: false,
		keyKind: null,
		destination: newIdentifier(),
		sizeBytes: 1000,
		storedBytes: 100,
		fileCount: 3,
		items: [],
		...changes,
	});
});

const names = async (context: Context, status: 'live' | 'all' = 'all'): Promise<readonly string[]> => {
	const {accounts} = await listAccounts(context, {status});

	return accounts.map(account => `${account.name} ${account.status}`);
};

test('an account that was removed and made again is another one', async t => {
	const {machine, context} = await sandbox(t, [alice, bob]);
	const before = await showAccount(context, 'alice');
	await saveBackup(context, before.uuid);
	await machine.setAccounts([bob]);

	t.deepEqual(await names(context), ['alice inactive', 'bob active']);
	t.deepEqual(await names(context, 'live'), ['bob active']);
	const removed = await resolveAccount(context, 'alice');
	t.is(removed.uuid, before.uuid);

	// Made aside first, so that the new folder cannot have the old one's inode.
	await mkdir(machine.home('aside'));
	await rm(machine.home('alice'), {recursive: true});
	await rename(machine.home('aside'), machine.home('alice'));
	await machine.setAccounts([alice, bob]);
	const after = await showAccount(context, 'alice');

	t.not(after.uuid, before.uuid);
	t.is(after.backupCount, 0);
	const byUuid = await showAccount(context, before.uuid);
	t.is(byUuid.backupCount, 1);
	const {orphans} = await listOrphans(context);
	t.deepEqual(orphans.map(({uuid, name, backupCount}) => [uuid, name, backupCount]), [[before.uuid, 'alice', 1]]);
});

test('a home that is not mounted is the same account, and is told', async t => {
	const {machine, context} = await sandbox(t, [alice]);
	const {uuid} = await showAccount(context, 'alice');
	await rename(machine.home('alice'), machine.home('elsewhere'));
	const unmounted = await showAccount(context, 'alice');

	t.is(unmounted.uuid, uuid);
	t.regex(unmounted.problem ?? '', /home is missing \(not mounted\?\)/v);
	await rename(machine.home('elsewhere'), machine.home('alice'));
	const mounted = await showAccount(context, 'alice');
	t.is(mounted.uuid, uuid);
	t.is(mounted.problem, null);
});

const breaks: Readonly<Record<string, (machine: TestMachine) => Promise<void>>> = {
	'is missing': async machine => rm(machine.path('passwd')),
	'was cut off': async machine => writeFile(machine.path('passwd'), 'root:x:0:0:root:/root:/bin/sh\nali'),
	'is empty': async machine => writeFile(machine.path('passwd'), ''),
	'has no root': async machine => writeFile(machine.path('passwd'), 'daemon:x:1:1::/:/bin/false\n'),
	'has no shadow': async machine => rm(machine.path('shadow')),
};

for (const [name, damage] of Object.entries(breaks)) {
	test(`a user database that ${name} changes nothing and is told`, async t => {
		const {machine, context} = await sandbox(t, [alice, bob]);
		await listAccounts(context);
		await damage(machine);
		const {accounts, problem} = await listAccounts(context);

		t.deepEqual(accounts.map(account => account.name), ['alice', 'bob']);
		t.regex(problem ?? '', /The accounts cannot be read, so nothing about them is changed: .*(?:passwd|shadow)/v);
	});
}

test('a moved /home changes nothing until it is confirmed', async t => {
	const accounts = [alice, bob, {name: 'carol', uid: 1003}];
	const {machine, context} = await sandbox(t, accounts);
	const {accounts: before} = await listAccounts(context);
	await rename(machine.path('home'), machine.path('old-home'));
	await machine.setAccounts(accounts);
	const moved = await listAccounts(context);

	t.deepEqual(moved.accounts.map(({uuid}) => uuid), before.map(({uuid}) => uuid));
	t.regex(moved.problem ?? '', /account rebind --all/v);
	const rebound = await rebindAccounts(context, {type: 'all'});
	t.deepEqual(rebound.map(({uuid}) => uuid), before.map(({uuid}) => uuid));
	const after = await listAccounts(context);
	t.is(after.problem, null);
});

test('what is taken from many accounts need not be in each, but in one', async t => {
	const {context} = await sandbox(t, [alice, bob]);
	await setAccount(context, 'alice', {excludesToAdd: ['cache']});
	const [first, second] = await setAccounts(context, ['alice', 'bob'], {excludesToRemove: ['cache'], domainsToAdd: ['example.com']});
	t.deepEqual([first?.excludes, second?.excludes], [[], []]);
	await t.throwsAsync(setAccounts(context, ['alice', 'bob'], {excludesToRemove: ['cache']}), {instanceOf: UserError, message: 'None of the accounts has the exclude "cache".'});
	await t.throwsAsync(setAccount(context, 'bob', {domainsToRemove: ['example.org']}), {instanceOf: UserError, message: 'bob has no domain "example.org".'});
	t.like(await showAccount(context, 'bob'), {domains: ['example.com']});
});

test('a removed account without backups is forgotten after accounts.inactiveDays', async t => {
	const {machine, context, pass} = await sandbox(t, [alice, bob]);
	await listAccounts(context);
	await machine.setAccounts([bob]);
	pass(14);
	t.deepEqual(await names(context), ['alice inactive', 'bob active']);
	pass(0.1);
	t.deepEqual(await names(context), ['bob active']);
});

test('a name with two dead identities is two orphans, and must be told apart', async t => {
	const {machine, context} = await sandbox(t, [alice, bob]);
	const first = await showAccount(context, 'alice');
	await saveBackup(context, first.uuid);
	await machine.setAccounts([{...alice, uid: 1010}, bob]);
	const second = await showAccount(context, 'alice');
	await saveBackup(context, second.uuid, {locked: true});
	await machine.setAccounts([bob]);
	const {orphans} = await listOrphans(context);

	t.deepEqual(new Set(orphans.map(({uuid}) => uuid)), new Set([first.uuid, second.uuid]));
	t.like(orphans.find(({uuid}) => uuid === first.uuid), {lockedCount: 0, sizeBytes: 1000, expiresAt: '2026-12-12T12:00:00.000Z'});
	t.like(orphans.find(({uuid}) => uuid === second.uuid), {lockedCount: 1, expiresAt: null});
	const error = await t.throwsAsync<UserError>(showAccount(context, 'alice'), {instanceOf: UserError});
	t.is(error.code, 'usage');
	t.regex(error.hint ?? '', new RegExp(`${first.uuid}.*${second.uuid}`, 'v'));
});

test('excludes and the mail address', async t => {
	const {context} = await sandbox(t, [alice]);
	const set = await setAccount(context, 'alice', {email: 'a@example.com', excludesToAdd: ['*.log', 'cache/**', '*.log']});

	t.is(set.email, 'a@example.com');
	t.deepEqual(set.excludes, ['*.log', 'cache/**']);
	const changed = await setAccount(context, 'alice', {email: null, excludesToRemove: ['*.log']});
	t.is(changed.email, null);
	t.deepEqual(changed.excludes, ['cache/**']);
	await t.throwsAsync(setAccount(context, 'alice', {email: 'nobody'}), {message: /no mail address/v});
	await t.throwsAsync(setAccount(context, 'alice', {excludesToAdd: ['../x']}), {instanceOf: UserError});
	await t.throwsAsync(setAccount(context, 'alice', {excludesToRemove: ['*.gz']}), {message: /has no exclude/v});
	await t.throwsAsync(setAccount({...context, actor: {name: 'carol', role: 'operator'}}, 'alice', {email: null}), {message: /administrators/v});
});

test('what cannot be set for an account leaves nothing behind, no tag and no owner', async t => {
	const {context} = await sandbox(t, [alice, bob, {name: 'carol', uid: 1003}]);
	const {uuid: bobUuid} = await showAccount(context, 'bob');

	for (const changes of [{owner: 'nobody'}, {owner: 'alice'}, {priorityGroup: 'Nowhere'}, {domainsToRemove: ['none.example']}]) {
		await t.throwsAsync(setAccount(context, 'alice', {...changes, tagsToAdd: ['new']}), {instanceOf: UserError}, JSON.stringify(changes));
	}

	t.deepEqual(await listTags(context), []);
	const owned = await setAccount(context, 'alice', {owner: bobUuid});
	t.is(owned.owner, 'bob', 'by UUID, too');
	await setAccount(context, 'bob', {owner: 'carol'});
	const error = await t.throwsAsync(setAccount(context, 'carol', {owner: 'alice'}), {instanceOf: UserError});
	t.regex(error.message, /^alice belongs to carol, and cannot own it/v);
});

test('a read-only state shows new accounts without saving them', async t => {
	const {machine, context} = await sandbox(t, [alice]);
	const store = await openStore({directory: machine.path('state'), isReadOnly: true});

	t.deepEqual(await names({...context, store, isReadOnly: true}), ['alice active']);
	t.deepEqual(await store.read('accounts'), {identities: []});
});

test('names that are not UTF-8', async t => {
	const {machine, context} = await sandbox(t, []);
	await writeFile(machine.path('passwd'), 'root:x:0:0:root:/root:/bin/sh\nal\u{E9}:x:1001:1001::/home/al\u{E9}:/bin/sh\n', 'latin1');

	t.deepEqual(await names(context), ['al\u{E9} active']);
	const shown = await showAccount(context, String.raw`al\xe9`);
	t.is(shown.name, 'al\u{E9}');
});

test('sorting and filtering', async t => {
	const {context} = await sandbox(t, [alice, bob, {name: 'shop-old', uid: 1003}, {name: 'shop', uid: 1004, password: '!$6$x'}]);
	const found = await listAccounts(context, {filter: 'shop !old'});
	const sorted = await listAccounts(context, {sort: {key: 'uid', isReversed: true}});

	t.deepEqual(found.accounts.map(({name, status}) => [name, status]), [['shop', 'suspended']]);
	t.deepEqual(sorted.accounts.map(({uid}) => uid), [1004, 1003, 1002, 1001]);
	t.is(sorted.hiddenCount, 2);
	await setAccount(context, 'bob', {tagsToAdd: ['vip']});
	await setAccount(context, 'shop', {tagsToAdd: ['new', 'vip']});
	const grouped = await listAccounts(context, {sort: {key: 'tag', isReversed: false}});
	t.deepEqual(grouped.accounts.map(({name}) => name), ['shop', 'bob', 'alice', 'shop-old']);
});
