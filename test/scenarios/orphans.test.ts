import {mkdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {accountToJson} from '../../source/commands/account-json.ts';
import type {orphanToJson} from '../../source/commands/orphan-json.ts';
import {setUpServer, type BackupDocument, type TaskDocument} from '../set-up.ts';

type Orphan = ReturnType<typeof orphanToJson>;
type AccountDocument = ReturnType<typeof accountToJson>;

const alice = {name: 'alice', uid: 5001};
const bob = {name: 'bob', uid: 5002};
const carol = {name: 'carol', uid: 5003};

test('an orphan is shown, kept by a lock, deleted by its name, and forgotten', async t => {
	const server = await setUpServer(t, [alice, bob]);
	await server.write('bob', {file: 'content of bob'});
	const {backup, accountUuid} = await server.task(['backup', 'create', 'bob']);
	await server.machine.setAccounts([alice]);
	const shown = await server.json<Orphan & {backups: readonly BackupDocument[]}>(['orphan', 'show', accountUuid!]);

	t.like(shown, {name: 'bob', backupCount: 1, lockedCount: 0});
	t.deepEqual(shown.backups.map(({id}) => id), [backup]);
	const {code: notOne} = await server.run('orphan', 'show', 'alice');
	t.is(notOne, 4);
	const {code: unconfirmed, stderr} = await server.run('orphan', 'delete', accountUuid!);
	t.is(unconfirmed, 2);
	t.regex(stderr, /--confirm bob/v);
	const {code: misnamed} = await server.run('orphan', 'delete', accountUuid!, '--confirm', 'alice');
	t.is(misnamed, 2);
	await server.json(['backup', 'lock', backup!]);
	const {code: locked} = await server.run('orphan', 'delete', accountUuid!, '--confirm', 'bob');
	t.is(locked, 6);
	const unlocked = await server.json<BackupDocument & {forecast: string}>(['backup', 'unlock', backup!]);
	t.regex(unlocked.forecast, /^It stays for now: its account was removed; it expires on \d{4}-\d\d-\d\d\.$/v);

	await server.json(['orphan', 'delete', accountUuid!, '--confirm', 'bob']);
	t.deepEqual(await server.json(['orphan', 'list']), {orphans: []});
	const {code: gone} = await server.run('account', 'show', accountUuid!);
	t.is(gone, 5);
});

test('an account that was made again takes over its former backups when an administrator says so', async t => {
	const server = await setUpServer(t, [alice, bob, carol]);
	await server.write('alice', {'file.txt': 'content of the first alice'});
	await server.json(['job', 'create', 'tars', '--structure', 'archived', '--accounts', 'alice']);
	const incremental = await server.task(['backup', 'create', 'alice']);
	const archived = await server.task(['backup', 'create', 'alice', '--job', 'tars']);
	const former = incremental.accountUuid!;

	// Made aside first, so that the new folder cannot have the old one's inode.
	await mkdir(server.machine.home('aside'));
	await rm(server.machine.home('alice'), {recursive: true});
	await server.machine.setAccounts([bob, carol]);
	await server.json(['account', 'list']);
	await rename(server.machine.home('aside'), server.machine.home('alice'));
	await server.machine.setAccounts([alice, bob, carol]);
	const live = await server.json<AccountDocument>(['account', 'show', 'alice']);
	t.not(live.uuid, former);
	t.is(live.backupCount, 0);

	const {assignable} = await server.json<{assignable: ReadonlyArray<{account: string; accountUuid: string; orphan: Orphan}>}>(['account', 'assignable']);
	t.deepEqual(assignable.map(({account, accountUuid, orphan}) => ({account, accountUuid, uuid: orphan.uuid})), [{account: 'alice', accountUuid: live.uuid, uuid: former}]);
	const {code: refused} = await server.run('account', 'assign', live.uuid, 'bob');
	t.is(refused, 4);
	const {code: usage} = await server.run('account', 'assign', former);
	t.is(usage, 2);
	t.like(await server.task(['account', 'assign', former, 'alice']), {state: 'completed', kind: 'assign', accountUuid: live.uuid});

	const {backups} = await server.json<{backups: readonly BackupDocument[]}>(['backup', 'list', 'alice']);
	t.deepEqual(backups.map(({id, accountUuid}) => [id, accountUuid]), [[archived.backup!, live.uuid], [incremental.backup!, live.uuid]]);
	t.deepEqual(await server.json(['orphan', 'list']), {orphans: []});
	await server.json(['backup', 'verify', '--read-data']);

	for (const {id} of backups) {
		const target = server.machine.path(`restored-${id}`);
		t.like(await server.task(['restore', id, '--to', target, '--yes']), {state: 'completed'});
	}

	const {stdout} = await server.run('backup', 'cat', incremental.backup!, 'file.txt');
	t.is(stdout, 'content of the first alice');
	t.like(await server.task(['backup', 'create', 'alice']), {state: 'completed'});
	await server.json(['backup', 'delete', archived.backup!, '--yes']);
	const {code} = await server.run('cleanup');
	t.is(code, 0);
	await server.json(['backup', 'verify', '--read-data']);
	const {code: nothing} = await server.run('account', 'assign', '--all-by-name', '--yes');
	t.is(nothing, 4);
});

test('all accounts of a server that were made again take over theirs', async t => {
	const server = await setUpServer(t, [alice, bob, carol]);
	await server.json<{tasks: readonly TaskDocument[]}>(['job', 'run', 'nightly']);
	await server.machine.setAccounts([]);
	await server.json(['account', 'list']);
	await rename(join(server.machine.folder, 'home'), join(server.machine.folder, 'old'));
	await server.machine.setAccounts([alice, bob]);
	const {code} = await server.run('account', 'assign', '--all-by-name', '--json');
	t.is(code, 2, 'it asks');
	const {tasks} = await server.json<{tasks: readonly TaskDocument[]}>(['account', 'assign', '--all-by-name', '--yes']);
	t.deepEqual(tasks.map(({account, state}) => `${account!} ${state}`).toSorted(), ['alice completed', 'bob completed']);
	const {orphans} = await server.json<{orphans: readonly Orphan[]}>(['orphan', 'list']);
	t.deepEqual(orphans.map(({name}) => name), ['carol']);
	const {assignable} = await server.json<{assignable: readonly unknown[]}>(['account', 'assignable', 'alice', '--all']);
	t.is(assignable.length, 1);
});
