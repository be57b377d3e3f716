/* eslint-disable unicorn/no-await-expression-member -- a result is looked at once */
/** A USER's world: what the rights give, and nothing of the rest. */
import {existsSync, readFileSync} from 'node:fs';
import {rm, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {AuditEntry} from '../../source/domain/audit.ts';
import type {previewToJson} from '../../source/commands/describe-preview.ts';
import {
	setUpServer,
	type BackupDocument,
	type EntryDocument,
	type MatchDocument,
	type Server,
	type TaskDocument,
} from '../set-up.ts';

type Carol = {
	readonly server: Server;
	readonly run: Server['run'];
	readonly json: Server['json'];
	readonly allow: (path: string) => Promise<void>;
	readonly deny: (path: string) => Promise<void>;
};

const machineName = 'web1';

const signInCarol = async (t: ExecutionContext): Promise<Carol> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	const password = server.machine.path('password');
	await writeFile(password, 'geheim\n');
	await server.run('setting', 'set', 'machine.name', machineName);
	await server.write('alice', {
		'public_html/index.php': 'hello', 'public_html/private/secret.txt': 'geheimer Inhalt', 'public_htmlx/other': 'x', '.ssh/key': 'k',
	});
	await server.write('bob', {'public_html/index.php': 'bob', 'notes.txt': 'bob\'s notes'});
	await server.task(['backup', 'create', 'alice']);
	await server.task(['backup', 'create', 'bob']);
	await server.json(['user', 'create', 'carol', '--role', 'user', '--email', 'c@example.com', '--password-file', password]);
	await server.easePassword('carol', 'geheim');
	const as = ['--as', 'carol', '--password-file', password] as const;

	return {
		server,
		run: async (...line) => server.run(...as, ...line),
		json: async (line, code) => server.json([...as, ...line], code),
		async allow(path) {
			t.is((await server.run('rights', 'allow', 'carol', path)).code, 0);
		},
		async deny(path) {
			t.is((await server.run('rights', 'deny', 'carol', path)).code, 0);
		},
	};
};

test('a USER browses, compares and restores what the rights give', async t => {
	const {server, run, json, allow, deny} = await signInCarol(t);
	const home = server.machine.home('alice');
	t.deepEqual(await json(['account', 'list']), {accounts: [], hiddenCount: 0, problem: null});

	await allow(`${machineName}!file:${home}/public_html`);
	await deny(`${machineName}!file:${home}/public_html/private`);

	const {accounts} = await json<{readonly accounts: ReadonlyArray<{readonly name: string; readonly storedBytes: number | null; readonly tags: unknown}>}>(['account', 'list']);
	t.deepEqual(accounts.map(({name, storedBytes, tags}) => [name, storedBytes, tags]), [['alice', null, null]]);
	const {backups} = await json<{readonly backups: readonly BackupDocument[]}>(['backup', 'list']);
	t.is(backups.length, 1);
	t.deepEqual(backups.map(({sizeBytes, storedBytes, fileCount, items}) => [sizeBytes, storedBytes, fileCount, items.map(({name}) => name)]), [[null, null, null, ['homedir']]] as never);

	const {entries} = await json<{readonly entries: readonly EntryDocument[]}>(['backup', 'files', 'latest:alice', '--recursive']);
	t.deepEqual(entries.map(({path, mode}) => [path, typeof mode]), [['public_html', 'number'], ['public_html/index.php', 'number']]);
	const root = await json<{readonly entries: readonly EntryDocument[]}>(['backup', 'files', 'latest:alice']);
	t.deepEqual(root.entries.map(({path}) => path), ['public_html']);
	t.is((await run('backup', 'cat', 'latest:alice', 'public_html/index.php')).stdout, 'hello');

	for (const path of ['public_html/private/secret.txt', 'public_html/private/none', '.ssh/key', '.ssh/none', 'public_htmlx/other']) {
		const {code, stdout, stderr} = await run('backup', 'cat', 'latest:alice', path);
		t.is(code, 4, `cat ${path}`);
		t.is(stdout, '');
		t.is(stderr.replaceAll(path, 'PATH').split('\n', 1)[0], 'holdfast: "PATH" is outside your restoration rights.');
		t.is((await run('restore', 'latest:alice', '--path', path, '--yes')).code, 4, `restore ${path}`);
	}

	const found = await json<{readonly matches: readonly MatchDocument[]}>(['backup', 'find', '*']);
	t.deepEqual(found.matches.map(({path}) => path), ['public_html', 'public_html/index.php']);

	await writeFile(join(home, 'public_html/index.php'), 'hacked');
	await writeFile(join(home, 'public_html/private/secret.txt'), 'live');
	await writeFile(join(home, '.ssh/key'), 'live');
	const diff = await json<{readonly changes: ReadonlyArray<{readonly path: string}>}>(['backup', 'diff', 'latest:alice', 'live']);
	t.deepEqual(diff.changes.map(({path}) => path), ['public_html/index.php']);

	const preview = await json<ReturnType<typeof previewToJson>>(['restore', 'latest:alice', '--dry-run']);
	t.true(preview.denied);
	t.deepEqual(preview.steps.map(({path}) => path), ['public_html', 'public_html/index.php']);
	t.is((await run('restore', 'latest:alice', '--strict', '--yes')).code, 4);

	const task = await json<TaskDocument>(['restore', 'latest:alice', '--path', 'public_html', '--yes'], 3);
	t.is(task.state, 'partial');
	t.regex(task.error!.message, /outside the restoration rights/v);
	t.false(JSON.stringify(task).includes('private'));
	t.is(readFileSync(join(home, 'public_html/index.php'), 'utf8'), 'hello');
	t.is(readFileSync(join(home, 'public_html/private/secret.txt'), 'utf8'), 'live');
	t.is(readFileSync(join(home, '.ssh/key'), 'utf8'), 'live');

	const file = await json<TaskDocument>(['restore', 'latest:alice', '--path', 'public_html/index.php', '--strict', '--yes']);
	t.is(file.state, 'completed');

	// How much was left out, the audit log knows.
	const {entries: acts} = await server.json<{readonly entries: readonly AuditEntry[]}>(['audit', '--user', 'carol']);
	const act = acts.find(({action, target}) => action === 'restore' && target?.includes(task.id) === true);
	t.is(act?.result, 'partial');
	t.is(act?.detail, 'left out for want of rights: 2 entries, 15 B');

	// Own tasks, and none else.
	const {tasks} = await json<{readonly tasks: readonly TaskDocument[]}>(['queue', 'list', '--all']);
	t.deepEqual(tasks.map(({id}) => id).toSorted(), [task.id, file.id].toSorted());
	const all = await server.json<{readonly tasks: readonly TaskDocument[]}>(['queue', 'list', '--all']);
	const other = all.tasks.find(({kind}) => kind === 'backup')!;
	t.is((await run('queue', 'show', other.id)).code, 5);
	t.is((await run('queue', 'abort', other.id)).code, 5);
	t.is((await run('queue', 'retry', other.id)).code, 5);

	// What the role has not.
	await writeFile(join(home, 'public_html/index.php'), 'hacked');

	for (const line of [['--to', server.machine.path('out')], ['--no-safety-backup'], ['--item', 'config'], ['--mirror']]) {
		t.is((await run('restore', 'latest:alice', ...line, '--yes')).code, 4, line.join(' '));
	}

	t.false(existsSync(server.machine.path('out')));
	t.is(readFileSync(join(home, 'public_html/index.php'), 'utf8'), 'hacked');

	// Rights that are taken away hold at once, for what was asked for before, too.
	t.is((await server.run('rights', 'remove', 'carol', `${machineName}!file:${home}/public_html`)).code, 0);
	t.is((await run('queue', 'retry', task.id)).code, 5);
	t.is((await run('backup', 'show', backups[0]!.id)).code, 5);
	t.is((await run('backup', 'show', 'latest:bob')).code, 5);
	t.is((await run('backup', 'show', 'latest:nobody')).code, 5);
	t.deepEqual((await json<{readonly tasks: readonly TaskDocument[]}>(['queue', 'list', '--all'])).tasks, []);

	// An administrator who runs it again brings back no more than carol may have.
	t.is((await server.task(['queue', 'retry', task.id], 4)).error?.code, 'refused');
	t.is(readFileSync(join(home, 'public_html/index.php'), 'utf8'), 'hacked');
	await rm(join(home, 'public_html'), {recursive: true});
});

test('nothing denied comes out, whatever a hostile USER tries', async t => {
	const {server, run, json, allow} = await signInCarol(t);
	const home = server.machine.home('alice');
	await symlink('../.ssh/key', join(home, 'public_html/link'));
	await symlink('private', join(home, 'public_html/way'));
	await server.write('alice', {'.ssh/key': 'Schlüssel'});
	const bobs = await server.json<{readonly backups: readonly BackupDocument[]}>(['backup', 'list', 'bob']);
	const alices = await server.task(['backup', 'create', 'alice']);
	await allow(`${machineName}!file:${home}/public_html/index.php`);
	await allow(`${machineName}!file:${home}/public_html/link`);
	await allow(`${machineName}!file:${home}/public_html/way`);
	const bob = bobs.backups[0]!;

	const lines: ReadonlyArray<readonly string[]> = [
		['backup', 'cat', 'latest:alice', 'public_html/link'],
		['backup', 'cat', 'latest:alice', 'public_html/way/secret.txt'],
		['backup', 'files', 'latest:alice', 'public_html/way', '--recursive'],
		['backup', 'cat', alices.backup!.slice(0, 8), '.ssh/key'],
		['backup', 'cat', 'latest:alice', `${home}/.ssh/key`],
		['backup', 'cat', 'latest:alice', './/.ssh/./key'],
		['backup', 'cat', 'latest:alice', String.raw`\x2essh/key`],
		['backup', 'files', 'latest:alice', '', '--recursive', '--json'],
		['backup', 'find', '**', '--json'],
		['backup', 'find', 'secret', '--json'],
		['backup', 'find', 'notes', '--account', 'bob', '--json'],
		['backup', 'show', bob.id, '--json'],
		['backup', 'show', bob.id.slice(0, 6)],
		['backup', 'show', bob.accountUuid],
		['account', 'show', bob.accountUuid, '--json'],
		['backup', 'list', bob.accountUuid, '--json'],
		['backup', 'diff', alices.backup!, bob.id],
		['backup', 'diff', bob.id, 'live'],
		['restore', alices.backup!, '--item-from', `homedir=${bob.id}`, '--yes'],
		['restore', alices.backup!, '--path', 'public_html', '--exclude', 'x', '--dry-run', '--json'],
		['restore', bob.id, '--yes'],
		['orphan', 'list'],
		['status'],
		['audit'],
		['job', 'list'],
		['destination', 'list'],
		['user', 'list'],
		['rights', 'allow', 'carol', machineName],
		['backup', 'delete', alices.backup!, '--yes'],
		['backup', 'lock', alices.backup!],
	];

	const {entries} = await json<{readonly entries: readonly EntryDocument[]}>(['backup', 'files', 'latest:alice']);
	t.deepEqual(entries.map(({path, sizeBytes, mode, modifiedAt}) => [path, sizeBytes, mode, modifiedAt]), [['public_html', null, null, null]]);

	for (const line of lines) {
		const {stdout, stderr} = await run(...line);
		const told = `${stdout}${stderr}`;
		// Where a link points is what the link holds.
		const named = stdout.replaceAll('"linkTarget":"../.ssh/key"', '');
		t.notRegex(told, /geheimer Inhalt|Schlüssel|bob's notes/v, `${line.join(' ')}: ${told}`);

		for (const name of ['secret.txt', '.ssh/key', 'notes.txt', 'public_htmlx']) {
			t.true(line.some(word => word.includes(name)) || !named.includes(name), `${line.join(' ')}: ${stdout}`);
		}
	}
});
