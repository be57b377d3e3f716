/** What becomes of an account whose owner has lost the private key. */
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Task} from '../../source/domain/task.ts';
import {
	noise,
	setUpServer,
	type BackupDocument,
	type Server,
} from '../set-up.ts';
import {terminal} from '../terminal.ts';
import {begin} from '../watching.ts';

const setUp = async (t: ExecutionContext): Promise<Server> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	await server.json(['job', 'create', 'plain']);
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', server.machine.path('alice.asc')]);
	await server.json(['account', 'encryption', 'bob', '--key', 'local']);
	await server.write('alice', {'secret.txt': 'lost\n'});

	return server;
};

const backupsOf = async (server: Server, name: string): Promise<readonly BackupDocument[]> => {
	const {backups} = await server.json<{readonly backups: readonly BackupDocument[]}>(['backup', 'list', name]);

	return backups;
};

const vaultOf = async (server: Server, id: string): Promise<string> => {
	const {destinations} = await server.context.store.read('destinations');

	return join(destinations[0]!.folder, 'encrypted', id);
};

test('every encrypted backup goes, the locked ones too, and a new key works', async t => {
	const server = await setUp(t);
	const {keys} = await server.context.store.read('account-keys');
	const vault = await vaultOf(server, keys.find(({kind}) => kind === 'remote')!.id);
	const {backup: locked} = await server.task(['backup', 'create', 'alice']);
	await server.json(['backup', 'lock', locked!]);
	await server.task(['backup', 'create', 'alice']);
	const {backup: plain} = await server.task(['backup', 'create', 'alice', '--job', 'plain']);
	const {backup: bobs} = await server.task(['backup', 'create', 'bob']);
	t.true(existsSync(vault));

	t.like(await server.json(['account', 'reset-key', 'alice', '--dry-run']), {backupCount: 2, lockedCount: 1});
	const unconfirmed = await server.run('account', 'reset-key', 'alice');
	t.is(unconfirmed.code, 2);
	const misnamed = await server.run('account', 'reset-key', 'alice', '--confirm', 'bob');
	t.is(misnamed.code, 2);
	const local = await server.run('account', 'reset-key', 'bob', '--confirm', 'bob');
	t.is(local.code, 4);
	t.is((await backupsOf(server, 'alice')).length, 3); // eslint-disable-line unicorn/no-await-expression-member -- looked at once

	const task = await server.task(['account', 'reset-key', 'alice', '--confirm', 'alice']);
	t.like(task, {kind: 'cleanup', account: 'alice', state: 'completed'});
	const left = await backupsOf(server, 'alice');
	t.deepEqual(left.map(({id}) => id), [plain!]);
	t.false(existsSync(vault));
	t.like(await server.json(['account', 'encryption', 'alice']), {key: 'none', keys: []});
	t.deepEqual((await backupsOf(server, 'bob')).map(({id}) => id), [bobs!]); // eslint-disable-line unicorn/no-await-expression-member -- looked at once

	const {stdout: audit} = await server.run('audit');
	t.regex(audit, /resetKey +alice|resetKey.*done/v);

	const file = server.machine.path('new.asc');
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', file]);
	const {backup: fresh} = await server.task(['backup', 'create', 'alice']);
	const shown = await server.run('backup', 'cat', fresh!, 'secret.txt', '--private-key-file', file);
	t.is(shown.stdout, 'lost\n');
	await server.task(['backup', 'verify']);
});

test('what a backup makes that runs meanwhile goes, too', async t => {
	const server = await setUp(t);
	const {keys} = await server.context.store.read('account-keys');
	const vault = await vaultOf(server, keys.find(({kind}) => kind === 'remote')!.id);
	await server.write('alice', {'large.bin': noise(60_000_000)});
	const {task} = await begin(server, () => server.start('backup', 'create', 'alice'), 'atWork');
	t.like(await server.task(['account', 'reset-key', 'alice', '--confirm', 'alice']), {state: 'completed'});
	t.like(await server.json(['queue', 'show', task.id]), {state: 'completed'});
	t.deepEqual(await backupsOf(server, 'alice'), []);
	t.false(existsSync(vault));
	t.like(await server.json(['account', 'encryption', 'alice']), {key: 'none', keys: []});
});

test('not while a restore of the account waits', async t => {
	const server = await setUp(t);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const {id, accountUuid} = await server.task(['restore', backup!, '--to', server.machine.path('target'), '--yes', '--private-key-file', server.machine.path('alice.asc')]);
	await server.context.store.update('tasks', accountUuid!, draft => {
		draft.tasks = draft.tasks.map((task): Task => task.id === id
			? {
				...task, state: 'pending', priority: null, startedAt: null, endedAt: null, queuedAt: new Date(Date.now() + 1).toISOString(), items: [], summary: null,
			}
			: task);
	});
	const refused = await server.run('account', 'reset-key', 'alice', '--confirm', 'alice');
	t.is(refused.code, 6);
	t.is((await backupsOf(server, 'alice')).length, 1); // eslint-disable-line unicorn/no-await-expression-member -- looked at once
	await server.json(['queue', 'abort', id]);

	const screen = terminal(t, ['--state', server.state, 'account', 'reset-key', 'alice']);
	await screen.shows(/For good go 1 encrypted backup of alice[\s\S]*Type alice/v);
	screen.press('yes', 'enter');
	t.like(await screen.ends(), {exitCode: 2});
	t.is((await backupsOf(server, 'alice')).length, 1); // eslint-disable-line unicorn/no-await-expression-member -- looked at once
});
