/** Backups under a remote key: what reads them asks for the owner's private key, which is kept nowhere. */
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {buffer} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import type {Task} from '../../source/domain/task.ts';
import {program} from '../run-line.ts';
import {setUpServer, type Server, type TaskDocument} from '../set-up.ts';
import {terminal} from '../terminal.ts';

const passphrase = 'correct horse battery';
const content = 'only alice shall read this sentence again\n';

type Owned = {readonly server: Server; readonly backup: string; readonly key: readonly string[]; readonly wrongKey: readonly string[]};

/** Alice's and bob's private keys lie beside the server; alice has one backup. */
const setUp = async (t: ExecutionContext): Promise<Owned> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	const file = (name: string) => server.machine.path(name);
	await writeFile(file('passphrase'), `${passphrase}\n`);
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', file('alice.asc'), '--passphrase-file', file('passphrase')]);
	await server.json(['account', 'encryption', 'bob', '--key', 'remote', '--private-key-out', file('bob.asc')]);
	await server.write('alice', {'secret.txt': content, 'sub/other.txt': 'other\n'});
	const {backup} = await server.task(['backup', 'create', 'alice']);

	return {
		server, backup: backup!, key: ['--private-key-file', file('alice.asc'), '--passphrase-file', file('passphrase')], wrongKey: ['--private-key-file', file('bob.asc')],
	};
};

const tasksOf = async (server: Server): Promise<readonly TaskDocument[]> => {
	const {tasks} = await server.json<{readonly tasks: readonly TaskDocument[]}>(['queue', 'list', '--all']);

	return tasks;
};

test('without the key, or with another one, nothing is told and nothing begins', async t => {
	const {server, backup, wrongKey, key} = await setUp(t);
	t.like(await server.json(['backup', 'show', backup]), {encrypted: true, keyKind: 'remote'});
	const before = await tasksOf(server);
	await writeFile(server.machine.path('wrong'), 'wrong\n');
	const wrongPassphrase = [...key.slice(0, 2), '--passphrase-file', server.machine.path('wrong')];
	const target = server.machine.path('target');
	const restore = ['restore', backup, '--to', target, '--yes'];
	const lines = [
		['backup', 'files', backup],
		['backup', 'cat', backup, 'secret.txt'],
		['backup', 'diff', backup, ...wrongKey],
		['backup', 'find', 'secret', '--account', 'alice'],
		['download', 'create', backup],
		restore,
		[...restore, ...wrongKey],
		[...restore, ...key.slice(0, 2)],
		[...restore, ...wrongPassphrase],
		[...restore, '--dry-run'],
	];

	for (const line of lines) {
		const {code, stdout, stderr} = await server.run(...line);
		t.is(code, 8, `${line.join(' ')}: ${stderr}`);
		t.is(stdout, '');
	}

	t.deepEqual(await tasksOf(server), before);
	t.false(existsSync(target));
});

test('what could not be searched or lies in the clear is said once', async t => {
	const {server, backup, key} = await setUp(t);
	await server.write('alice', {'secret.txt': 'later'});
	await server.task(['backup', 'create', 'alice']);
	await server.write('bob', {'bobs.txt': 'b'});
	await server.task(['backup', 'create', 'bob']);
	const {code, stderr} = await server.run('backup', 'find', 'txt');
	t.is(code, 8);
	const lines = stderr.split('\n').filter(line => line.includes('could not be searched'));
	t.deepEqual(lines.map(line => line.replace(/, [\da-f]{40} /v, ' ')).toSorted(), [
		'holdfast: 1 backup could not be searched: sealed to a key that its owner keeps of bob.',
		'holdfast: 2 backups could not be searched: sealed to a key that its owner keeps of alice.',
	]);
	const some = await server.run('backup', 'find', 'txt', ...key);
	t.is(some.code, 8);
	t.regex(some.stdout, /alice: secret\.txt/v);
	t.is(some.stderr.split('could not be searched').length, 2, 'of bob alone');

	const packed = await server.run('download', 'create', backup, ...key);
	t.is(packed.code, 0, packed.stderr);
	t.regex(packed.stderr, /not encrypted[\s\S]*--recipient/v);
});

test('with the key it is read, restored, packed and rolled back', async t => {
	const {server, backup, key} = await setUp(t);
	const home = server.machine.home('alice');
	const shown = await server.run('backup', 'cat', backup, 'secret.txt', ...key);
	t.is(shown.stdout, content);
	const {entries} = await server.json<{readonly entries: ReadonlyArray<{readonly name: string}>}>(['backup', 'files', backup, ...key]);
	t.deepEqual(entries.map(({name}) => name), ['secret.txt', 'sub']);
	t.like(await server.json(['backup', 'diff', backup, ...key]), {changes: []});
	t.like(await server.json(['backup', 'find', 'secret', ...key]), {matches: [{path: 'secret.txt'}]});

	await writeFile(join(home, 'secret.txt'), 'overwritten\n');
	const restored = await server.task(['restore', backup, '--yes', ...key]);
	t.is(restored.state, 'completed');
	t.is(await readFile(join(home, 'secret.txt'), 'utf8'), content);
	t.like(await server.json(['backup', 'show', restored.safetyBackup!]), {keyKind: 'remote', kind: 'safety'});

	const refused = await server.run('rollback', restored.id, '--yes');
	t.is(refused.code, 8);
	await server.task(['rollback', restored.id, '--yes', ...key]);
	t.is(await readFile(join(home, 'secret.txt'), 'utf8'), 'overwritten\n');
	await server.task(['download', 'create', backup, ...key]);
	await server.task(['backup', 'verify', backup, '--read-data', ...key]);
	const {findings} = await server.task(['backup', 'verify', '--read-data', ...key]);
	t.false(findings.some(({message}) => message.includes('was not read')));
});

test('key and passphrase come in by standard input, too', async t => {
	const {server, backup} = await setUp(t);
	const child = spawn(process.execPath, [program, '--state', server.state, 'backup', 'cat', backup, 'secret.txt', '--passphrase-file', '-', '--private-key-file', '-'], {stdio: ['pipe', 'pipe', 'inherit']});
	child.stdin.end(`${passphrase}\n${await readFile(server.machine.path('alice.asc'), 'utf8')}`);
	const printed = await buffer(child.stdout);
	t.is(printed.toString(), content);
});

test('at a terminal both are asked for, and the passphrase is not seen', async t => {
	const {server, backup} = await setUp(t);
	const screen = terminal(t, ['--state', server.state, 'backup', 'cat', backup, 'secret.txt']);
	await screen.shows('File with the private key');
	screen.press(server.machine.path('alice.asc'), 'enter');
	await screen.shows('Passphrase of the private key');
	screen.press(passphrase, 'enter');
	await screen.shows(content.trim());
	t.like(await screen.ends(), {exitCode: 0});
	t.false(screen.output.includes(passphrase));
});

test('a key that is pasted at the prompt is not seen, and no line of it is left for the shell', async t => {
	const {server, backup} = await setUp(t);
	const armoured = await readFile(server.machine.path('alice.asc'), 'utf8');
	const line = ['--state', server.state, 'backup', 'cat', backup, 'secret.txt'];
	const screen = terminal(t, line, {afterwards: 'echo "left over: $(dd iflag=nonblock bs=65536 count=1 2>/dev/null | wc -c)"'});
	await screen.shows('or the key itself');
	screen.press(armoured.replaceAll('\n', '\r'));
	await screen.shows('Passphrase of the private key');
	screen.press(passphrase, 'enter');
	await screen.shows('left over: 0');
	await screen.ends();
	t.true(screen.output.includes(content.trim()));
	const seen = armoured.split('\n').filter(each => each.length > 40 && !each.startsWith('-----') && screen.output.includes(each.trim()));
	t.deepEqual(seen, []);
});

test('a task whose runner has ended waits until its key is given again', async t => {
	const {server, backup, key, wrongKey} = await setUp(t);
	const target = server.machine.path('target');
	const {id, accountUuid} = await server.task(['restore', backup, '--to', target, '--merge', '--yes', ...key]);
	await server.endRunner();

	// As a runner leaves it that dies before the task's turn has come.
	await server.context.store.update('tasks', accountUuid!, draft => {
		draft.tasks = draft.tasks.map((task): Task => task.id === id
			? {
				...task, state: 'pending', priority: null, startedAt: null, endedAt: null, queuedAt: new Date(Date.now() + 1).toISOString(), items: [], summary: null,
			}
			: task);
	});
	// Other work is done meanwhile, and its runner ends.
	await server.task(['backup', 'create', 'bob']);
	const waiting = await server.json<TaskDocument>(['queue', 'show', id]);
	t.is(waiting.state, 'pending');
	t.regex(waiting.waitReason!, /^key needed: .*queue retry/v);

	const without = await server.run('queue', 'retry', id);
	t.is(without.code, 8);
	const wrong = await server.run('queue', 'retry', id, ...wrongKey);
	t.is(wrong.code, 8);
	t.like(await server.json(['queue', 'show', id]), {state: 'pending'});

	const done = await server.task(['queue', 'retry', id, ...key]);
	t.is(done.state, 'completed');
	t.is(await readFile(join(target, 'secret.txt'), 'utf8'), content);
});
