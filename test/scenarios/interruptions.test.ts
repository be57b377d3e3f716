import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {
	readFile,
	readdir,
	rm,
	stat,
} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {spawn as spawnTerminal} from '@lydell/node-pty';
import test from 'ava';
import {createBackups} from '../../source/actions/create-backups.ts';
import {startRestore} from '../../source/actions/restores.ts';
import {abortTask, retryTask, showTask} from '../../source/actions/tasks.ts';
import {waitForTask} from '../../source/actions/wait-for-tasks.ts';
import {everything} from '../../source/domain/restore.ts';
import {program} from '../run-line.ts';
import {setUpServer, type BackupDocument} from '../set-up.ts';
import {
	begin,
	checkLarge,
	fillLarge,
	kill,
	largeCount,
	largeServer,
} from '../watching.ts';

test.serial('a runner killed in the middle of a backup: interrupted, and the retry completes', async t => {
	const server = await largeServer(t);
	const first = await server.task(['backup', 'create', 'alice']);
	const large = await fillLarge(server);
	const {task} = await begin(server, async () => createBackups(server.context, {accounts: ['alice']}), 'atWork');
	await kill(server, 'SIGKILL');

	const lost = await showTask(server.context, task.id);
	t.is(lost.state, 'interrupted', 'seen before any runner has saved it');
	t.like(await server.json(['status']), {queue: {running: 0, pending: 0}}, 'nor does it run for who looks at all');
	t.like(await server.task(['restore', first.backup!, '--to', server.machine.path('first'), '--yes']), {state: 'completed'}, 'a finished backup stays restorable');
	t.like(await showTask(server.context, task.id), {state: 'interrupted'});
	const {backups} = await server.json<{backups: BackupDocument[]}>(['backup', 'list']);
	t.is(backups.length, 1);

	const retried = await server.task(['queue', 'retry', task.id]);
	t.like(retried, {id: task.id, state: 'completed', error: null});
	t.like(await server.task(['restore', retried.backup!, '--to', server.machine.path('second'), '--yes']), {state: 'completed'});
	await checkLarge(t, server.machine.path('second'), large);
});

test.serial('a runner killed in the middle of a restore: interrupted, and the retry completes', async t => {
	const server = await largeServer(t);
	const large = await fillLarge(server);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	await rm(join(server.machine.home('alice'), 'large'), {recursive: true});

	const {task} = await begin(server, async () => startRestore(server.context, {
		backup: backup!, selection: everything, target: {type: 'original'}, isMerge: false,
	}), 'running');
	await kill(server, 'SIGKILL');
	t.like(await showTask(server.context, task.id), {state: 'interrupted'});

	await retryTask(server.context, task.id);
	t.like(await waitForTask(server.context, task.id), {state: 'completed', error: null});
	await checkLarge(t, server.machine.home('alice'), large);
});

test.serial('an aborted restore says what is back and what is not, leaves nothing half written, and its retry completes', async t => {
	const server = await largeServer(t);
	const large = await fillLarge(server);
	const home = server.machine.home('alice');
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const {mode} = await stat(join(home, 'large'));
	await rm(join(home, 'large'), {recursive: true});

	const {task} = await begin(server, async () => startRestore(server.context, {
		backup: backup!, selection: everything, target: {type: 'original'}, isMerge: false,
	}), 'atWork');
	await abortTask(server.context, task.id);
	const ended = await waitForTask(server.context, task.id);
	const names = await readdir(join(home, 'large'));
	t.like(ended, {state: 'aborted', error: {code: 'interrupted'}, summary: {failed: {count: 0}}});
	t.regex(ended.error!.message, /^The restore was aborted\. Back: config\. Half done: homedir \(\d+ entries written, the rest is as before\)\.(?: As before: cron\.)?$/v);
	t.regex(ended.error!.hint!, new RegExp(`queue retry ${task.id}.*rollback ${task.id}`, 'v'));
	t.true(names.length < largeCount, `${names.length} files`);
	t.deepEqual(ended.findings.filter(({level}) => level === 'problem'), []);

	for (const name of names) {
		const restored = await readFile(join(home, 'large', name));
		t.true(restored.equals(large[`large/${name}`]!), name);
	}

	const folder = await stat(join(home, 'large'));
	t.is(folder.mode, mode, 'also a folder that is not full has its own mode');
	await retryTask(server.context, task.id);
	t.like(await waitForTask(server.context, task.id), {state: 'completed', error: null});
	await checkLarge(t, home, large);
});

test.serial('who waits while the runner dies is told by the next one', async t => {
	const server = await largeServer(t);
	await fillLarge(server);
	const {task} = await begin(server, async () => createBackups(server.context, {accounts: ['alice']}), 'atWork');
	const connected = Promise.withResolvers<void>();
	const waiting = waitForTask(server.context, task.id, {
		onProgress() {
			connected.resolve();
		},
	});
	await connected.promise;
	await kill(server, 'SIGKILL');

	const ended = await waiting;
	t.is(ended.state, 'interrupted');
	t.regex(ended.error!.message, /process that ran it died/v);
	t.regex(await readFile(join(server.state, 'runner.log'), 'utf8'), /left behind by a runner that died/v);
});

test.serial('a runner told to end interrupts what runs, says so, and leaves what waits to the next one', async t => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	await fillLarge(server);
	await server.write('bob', {'small.txt': 'small\n'});
	const {result: other, task: running} = await begin(server, async () => {
		await createBackups(server.context, {accounts: ['alice']});
		const [second] = await createBackups(server.context, {accounts: ['bob']});

		return second!;
	}, 'atWork');
	await kill(server, 'SIGTERM');

	const stopped = await showTask(server.context, running.id);
	t.is(stopped.state, 'interrupted');
	t.regex(stopped.error!.message, /told to end/v);
	const left = await showTask(server.context, other.id);
	t.is(left.state, 'pending');
	t.regex(left.waitReason!, /waits for a runner/v);
	t.like(await waitForTask(server.context, other.id), {state: 'completed'});
});

test.serial('closing the terminal stops nothing', async t => {
	const server = await largeServer(t);
	await fillLarge(server);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const target = server.machine.path('target');

	const {result: terminal, task} = await begin(server, () => spawnTerminal(process.execPath, [program, '--state', server.state, 'restore', backup!, '--to', target, '--yes'], {
		name: 'xterm', cols: 80, rows: 24, env: process.env,
	}), 'running');
	const ended = new Promise(resolve => {
		terminal.onExit(resolve);
	});
	// Its master closed, the kernel hangs up the session.
	terminal.kill('SIGHUP');
	await ended;

	t.like(await waitForTask(server.context, task.id), {state: 'completed', error: null});
	t.true(existsSync(join(target, `large/${largeCount - 1}.bin`)));
});

test.serial('Ctrl-C asks the task to stop, says so, and ends with 130', async t => {
	const server = await largeServer(t);
	await fillLarge(server);
	const {result: command, task} = await begin(server, () => server.start('backup', 'create', 'alice'), 'atWork');
	const output = Promise.all([text(command.stdout!), text(command.stderr!), once(command, 'close') as Promise<[number]>]);
	command.kill('SIGINT');
	const [stdout, stderr, [code]] = await output;

	t.is(code, 130);
	t.regex(stderr, /Asking it to stop/v);
	t.regex(stdout, /backup of alice: aborted/v);
	t.like(await showTask(server.context, task.id), {state: 'aborted', backup: null});
	t.deepEqual(await server.json(['backup', 'list']), {backups: []});
});
