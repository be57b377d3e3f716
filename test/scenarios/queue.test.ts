import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {zstdDecompressSync} from 'node:zlib';
import test from 'ava';
import {createBackups} from '../../source/actions/create-backups.ts';
import {abortTask, listTasks, showTask} from '../../source/actions/tasks.ts';
import {waitForTask, waitForTasks} from '../../source/actions/wait-for-tasks.ts';
import {watchTasks} from '../../source/actions/watch-tasks.ts';
import type {TaskView} from '../../source/domain/task-view.ts';
import {openVault} from '../../source/engine/vault/vault.ts';
import {connectRunner} from '../../source/runner/runner-client.ts';
import {readVaultLocation} from '../../source/runner/vault-location.ts';
import {acquireLock} from '../../source/system/lock.ts';
import {runProgram} from '../sandbox.ts';
import {program, runLine} from '../run-line.ts';
import {setUpServer, type TaskDocument} from '../set-up.ts';
import {
	begin,
	fillLarge,
	largeBytes,
	largeCount,
	largeServer,
} from '../watching.ts';

test.serial('abort and retry, running and waiting', async t => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	const [sendmail, box] = [server.machine.path('sendmail'), server.machine.path('box')];
	await writeFile(sendmail, `#!/bin/sh\ncat >> ${box}\n`, {mode: 0o700});
	await server.json(['setting', 'set', 'notify.sendmail', sendmail]);
	await server.json(['setting', 'set', 'notify.to', 'admin@example.com']);
	await server.json(['setting', 'set', 'notify.on', 'all']);
	await fillLarge(server);
	await fillLarge(server, 'bob');
	const {result: tasks, task: running} = await begin(server, async () => createBackups(server.context, {accounts: ['alice', 'bob']}), 'atWork');
	const waiting = tasks.find(({id}) => id !== running.id)!;
	t.like(await showTask(server.context, waiting.id), {state: 'pending', waitReason: 'waits for a free lane (1 for backups)', priority: 50});

	t.like(await abortTask(server.context, waiting.id), {state: 'aborted'});
	// At once: a command takes longer to start than a fast machine needs for the backup.
	await abortTask(server.context, running.id.slice(0, 8));
	t.like(await waitForTask(server.context, running.id), {id: running.id, state: 'aborted'});
	const again = await server.run('queue', 'abort', running.id);
	t.is(again.code, 4);
	t.regex(again.stderr, /ended already/v);
	t.deepEqual(await listTasks(server.context), []);

	t.like(await server.task(['queue', 'retry', running.id]), {id: running.id, state: 'completed'});
	t.like(await server.run('queue', 'retry', running.id), {code: 4});
	const {tasks: all} = await server.json<{tasks: TaskDocument[]}>(['queue', 'list', '--all']);
	t.deepEqual(all.map(({id, state}) => [id, state]), [[running.id, 'completed'], [waiting.id, 'aborted']]);

	await server.endRunner();
	const letters = await readFile(box, 'utf8');
	t.deepEqual(letters.matchAll(/^ {2}Task +(?<id>\w+)$/gmv).map(({groups}) => groups!.id!).toArray().toSorted(), [running.id, running.id, waiting.id].toSorted(), 'one message per end of a task');
	t.is(letters.match(/^Subject: .* was aborted$/gmv)?.length, 2);
});

test.serial('any number of terminals see the same progress', async t => {
	const server = await largeServer(t);
	await fillLarge(server);
	const over = new AbortController();
	const seen: TaskView[][] = [[], []];
	const ended = seen.map(() => Promise.withResolvers<void>());
	const watching = seen.map(async (views, index) => watchTasks(server.context, {
		signal: over.signal,
		onTasks([task]) {
			if (task) {
				views.push(task);
			}

			if (task !== undefined && task.endedAt !== null) {
				ended[index]!.resolve();
			}
		},
	}));
	await createBackups(server.context, {accounts: ['alice']});
	await Promise.all(ended.map(async ({promise}) => promise));
	over.abort();
	await Promise.all(watching);

	const [one, other] = seen as [TaskView[], TaskView[]];
	t.deepEqual(one.at(-1), other.at(-1));
	t.is(one.at(-1)!.state, 'completed');
	const steps = (views: readonly TaskView[]): readonly number[] => views.filter(({state}) => state === 'running').map(({progress}) => progress.bytesDone);
	t.true(steps(one).some(bytes => bytes > 0 && bytes < largeCount * largeBytes), String(steps(one)));
	const shared = steps(one).filter(bytes => steps(other).includes(bytes));
	t.true(shared.length >= Math.min(steps(one).length, steps(other).length) - 1, `${String(steps(one))} and ${String(steps(other))}`);
});

test.serial('the queue can be followed line by line', async t => {
	const server = await largeServer(t);
	const watch = server.start('queue', 'watch', '--json');
	const states: string[] = [];
	const lines = createInterface({input: watch.stdout!});
	const [task] = await createBackups(server.context, {accounts: ['alice']});

	for await (const line of lines) {
		const {id, state} = JSON.parse(line) as TaskDocument;
		t.is(id, task!.id);
		states.push(state);

		if (state === 'completed') {
			break;
		}
	}

	t.is(states.at(-1), 'completed');
	watch.kill('SIGINT');
	const [code] = await once(watch, 'exit') as [number];
	t.is(code, 130);
});

test.serial('a task queued while the runner is about to end is not left behind', async t => {
	const server = await largeServer(t);

	for (let round = 0; round < 6; round++) {
		const [task] = await createBackups(server.context, {accounts: ['alice']});
		await waitForTasks(server.context, [task!]);
		const connection = await connectRunner(server.state);
		connection?.close();

		// Nobody watches any more: it is ending at this very moment, or somewhere on the way there.
		for (let turn = 0; turn < round * 20; turn++) {
			await nextTurn();
		}

		const [next] = await createBackups(server.context, {accounts: ['alice']});
		const [ended] = await waitForTasks(server.context, [next!]);
		t.is(ended!.state, 'completed');
	}
});

test.serial('a detached command returns at once and leaves none of its descriptors behind', async t => {
	const server = await largeServer(t);
	await fillLarge(server);
	// A shell waits for the end of its pipes, and a descriptor of the caller's own must not be kept open either.
	const seven = server.machine.path('seven');
	const create = `${process.execPath} ${program} --state ${server.state} backup create alice --detach --json`;
	const {result, task: running} = await begin(server, async () => runProgram('bash', '-c', `exec 7> >(cat > ${seven}; echo closed >> ${seven}); echo "$(${create})"`), 'running');
	const task = JSON.parse(result.stdout) as TaskView;

	t.is(running.id, task.id);
	t.like(await showTask(server.context, task.id), {state: 'running'}, 'it runs after the shell has ended');
	t.is(await readFile(seven, 'utf8'), 'closed\n');
	t.like(await waitForTask(server.context, task.id), {state: 'completed'});
});

test.serial('the daemon carries out the queue, alone, until it is told to end', async t => {
	const server = await largeServer(t);
	const daemon = server.start('daemon');
	const [said] = await once(daemon.stderr!.setEncoding('utf8'), 'data') as [string];
	t.regex(said, /carries out the queue/v);

	t.like(await server.task(['backup', 'create', 'alice']), {state: 'completed'});
	t.is(await server.runnerPid(), daemon.pid!);
	t.like(await server.task(['backup', 'create', 'alice']), {state: 'completed'});
	t.is(await server.runnerPid(), daemon.pid!);
	daemon.kill('SIGTERM');
	const [code] = await once(daemon, 'close') as [number];
	t.is(code, 0);
	t.false(existsSync(join(server.state, 'runner.sock')));
});

test.serial('each run leaves a sealed copy of the state at the destination', async t => {
	const server = await largeServer(t);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	// The copy is made when the queue is empty, and the lock is free when it is made.
	const lock = await acquireLock(join(server.state, 'runner.lock'), {waitMs: 20_000, purpose: 'the end of the run'});
	lock.release();
	const {destinations} = await server.context.store.read('destinations');
	const vault = await openVault(await readVaultLocation(server.context, {destination: destinations[0]!.id}));
	const lines = zstdDecompressSync(vault.readStateCopy()!).toString().trim().split('\n').map(line => JSON.parse(line) as Record<string, string>);
	vault.close();

	t.like(lines[0], {format: 'holdfast-state', version: 1});
	const files = new Map(lines.slice(1).map(line => [line.path!, line.text!]));
	t.is(files.get('accounts.json'), await readFile(join(server.state, 'accounts.json'), 'utf8'));
	const backups = [...files].find(([path]) => path.startsWith('backups/'));
	t.true(backups?.[1].includes(backup!));
});

test.serial('a state directory deeper than a socket\'s address can be', async t => {
	const server = await setUpServer(t);
	const deep = join(server.machine.folder, ...Array.from({length: 12}, () => 'a-rather-long-name'));
	await server.write('alice', {'small.txt': 'small\n'});
	t.like(await runProgram('mkdir', '-p', deep), {code: 0});
	t.like(await runProgram('cp', '-a', server.state, join(deep, 'state')), {code: 0});

	const {code, stdout} = await runLine('--state', join(deep, 'state'), 'backup', 'create', 'alice', '--json');
	t.is(code, 0);
	t.like(JSON.parse(stdout), {state: 'completed'});
	const lock = await acquireLock(join(deep, 'state', 'runner.lock'), {waitMs: 20_000, purpose: 'the end of the test'});
	lock.release();
});
