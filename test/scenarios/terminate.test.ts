import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {
	mkdir,
	readdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startRestore} from '../../source/actions/restores.ts';
import {retryTask, showTask} from '../../source/actions/tasks.ts';
import {waitForTask} from '../../source/actions/wait-for-tasks.ts';
import {everything} from '../../source/domain/restore.ts';
import {noise, setUpServer, type Server} from '../set-up.ts';
import {canMakeUsers, makeSystemAccount} from '../system-account.ts';
import {runProgram, temporaryFolder} from '../sandbox.ts';
import {
	begin,
	checkLarge,
	fillLarge,
	kill,
	largeServer,
} from '../watching.ts';

const shadowOf = async ({machine}: Server): Promise<string> => {
	const text = await readFile(machine.path('shadow'), 'utf8');

	return text.split('\n').find(line => line.startsWith('alice:'))!;
};

const setUp = async (t: ExecutionContext): Promise<{readonly server: Server; readonly backup: string; at(...path: readonly string[]): string}> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	await server.write('alice', {'site/a.txt': 'first\n', 'site/cache/old': 'cached\n', 'b.txt': 'first\n'});
	await server.json(['account', 'set', 'alice', '--add-exclude', 'cache']);
	const made = await server.task(['backup', 'create', 'alice']);
	await server.write('alice', {
		'site/a.txt': 'hacked\n', 'site/evil.php': 'evil\n', 'site/cache/new': 'cached\n', '.evil/deep/er': 'evil\n',
	});

	return {server, backup: made.backup!, at: (...path) => join(server.machine.home('alice'), ...path)};
};

test('--terminate empties the home but for what the backup could not hold, and brings it back', async t => {
	const {server, backup, at} = await setUp(t);
	const before = await shadowOf(server);
	const restored = await server.task(['restore', backup, '--terminate', '--confirm', 'alice', '--yes']);
	t.is(restored.state, 'completed');
	t.is(await readFile(at('site', 'a.txt'), 'utf8'), 'first\n');
	t.deepEqual(['site/evil.php', '.evil'].filter(path => existsSync(at(path))), []);
	t.deepEqual(['site/cache/old', 'site/cache/new', 'b.txt'].filter(path => !existsSync(at(path))), []);
	const names = await readdir(at());
	t.deepEqual(names.toSorted(), ['b.txt', 'site']);
	t.is(await shadowOf(server), before);
	t.deepEqual(await readdir(join(server.state, 'terminations')), []);
	t.truthy(restored.safetyBackup);
});

test('--suspend locks the account afterwards', async t => {
	const {server, backup} = await setUp(t);
	await server.task(['restore', backup, '--item', 'homedir', '--suspend', '--yes']);
	const account = await server.json<{status: string}>(['account', 'show', 'alice']);
	t.is(account.status, 'suspended');
	t.regex(await shadowOf(server), /^alice:!\$6\$hash:.*:1:$/v);

	await server.task(['restore', backup, '--terminate', '--confirm', 'alice', '--suspend', '--yes']);
	t.regex(await shadowOf(server), /^alice:!\$6\$hash:.*:1:$/v);
});

test('--terminate is refused without what it needs, and touches nothing', async t => {
	const {server, backup, at} = await setUp(t);
	const refused = async (code: number, ...line: readonly string[]): Promise<void> => {
		const result = await server.run('restore', backup, '--terminate', '--yes', ...line);
		t.is(result.code, code, `${line.join(' ')}: ${result.stderr}`);
		t.is(await readFile(at('site', 'a.txt'), 'utf8'), 'hacked\n');
	};

	await refused(2);
	await refused(2, '--confirm', 'bob');
	await refused(2, '--confirm', 'alice', '--merge');
	await refused(2, '--confirm', 'alice', '--to', server.machine.path('elsewhere'));
	await refused(4, '--confirm', 'alice', '--no-safety-backup');
	await refused(4, '--confirm', 'alice', '--item', 'homedir');
	await refused(4, '--confirm', 'alice', '--item', 'config');
	await refused(4, '--confirm', 'alice', '--item', 'config', '--path', 'site');
	await server.json(['account', 'set', 'bob', '--owner', 'alice']);
	await refused(4, '--confirm', 'alice');
});

test('a backup that cannot be read whole is found out before anything is touched', async t => {
	const {server, at} = await setUp(t);
	await server.write('alice', {'large.bin': noise(2_000_000)});
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const {destinations} = await server.json<{destinations: ReadonlyArray<{folder: string}>}>(['destination', 'list']);
	const packs = await readdir(join(destinations[0]!.folder, 'packs'), {recursive: true, withFileTypes: true});

	for (const pack of packs) {
		if (!pack.isFile()) {
			continue;
		}

		const path = join(pack.parentPath, pack.name);
		const content = await readFile(path);

		// In the middle of the file's content: what says where things lie stays whole.
		if (content.length > 2_000_000) {
			await writeFile(path, content.with(1_000_000, content[1_000_000]! ^ 1));
		}
	}

	const before = await shadowOf(server);
	const failed = await server.task(['restore', backup!, '--terminate', '--confirm', 'alice', '--yes'], 7);
	t.is(failed.state, 'failed');
	t.is(failed.safetyBackup, null);
	t.is(await readFile(at('site', 'a.txt'), 'utf8'), 'hacked\n');
	t.is(await shadowOf(server), before);
});

test.serial('a runner killed while it restores a terminated account: the next one puts the home and the logins back, and says so', async t => {
	const server = await largeServer(t);
	const large = await fillLarge(server);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	await rm(join(server.machine.home('alice'), 'large'), {recursive: true});
	await server.write('alice', {'mine.txt': 'today\n'});
	const before = await shadowOf(server);

	const {task} = await begin(server, async () => startRestore(server.context, {
		backup: backup!, selection: everything, target: {type: 'original'}, isMerge: false, isTerminating: true,
	}, {confirm: 'alice'}), 'atWork');
	await kill(server, 'SIGKILL');
	const home = server.machine.home('alice');
	t.true(existsSync(join(home, '.holdfast-aside')), 'killed too late or too early');
	t.not(await shadowOf(server), before);

	// Any act that wants the runner lets the next one end it.
	await server.task(['backup', 'create', 'alice']);
	const ended = await showTask(server.context, task.id);
	t.is(ended.state, 'interrupted');
	t.regex(ended.error!.message, /the home was put back as it was/v);
	t.deepEqual(await readdir(server.machine.home('alice')), ['mine.txt', 'small.txt']);
	t.is(await shadowOf(server), before);

	await retryTask(server.context, task.id);
	t.like(await waitForTask(server.context, task.id), {state: 'completed', error: null});
	await checkLarge(t, server.machine.home('alice'), large);
	t.false(existsSync(join(home, 'mine.txt')));
});

(canMakeUsers ? test : test.skip)('a real user: processes are ended, nobody else\'s are, and the password is the same afterwards', async t => {
	const server = await setUpServer(t);
	const folder = await temporaryFolder(t);
	await runProgram('chmod', '711', folder);
	const home = join(folder, 'home');
	const name = await makeSystemAccount(t, home);
	const other = await makeSystemAccount(t, join(folder, 'other'));
	await runProgram('usermod', '-p', '$6$salt$hash', name);
	await server.context.store.update('settings', undefined, draft => {
		const {'accounts.passwd': _, 'accounts.shadow': __, 'accounts.group': ___, ...rest} = draft.values;
		draft.values = rest;
	});
	await writeFile(join(home, 'a.txt'), 'first\n');
	await mkdir(join(home, 'site'));
	const shadow = async (): Promise<string> => {
		const {stdout} = await runProgram('getent', 'shadow', name);

		return stdout;
	};

	// The services of this machine are none of this test's.
	await server.json(['job', 'set', 'nightly', '--items', 'config,homedir']);
	const made = await server.task(['backup', 'create', name]);
	const before = await shadow();
	await writeFile(join(home, 'evil.php'), 'evil\n');
	const uidOf = async (user: string): Promise<number> => {
		const {stdout} = await runProgram('id', '-u', user);

		return Number(stdout);
	};

	// One that does not listen when it is asked.
	const stubborn = spawn('/bin/sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], {uid: await uidOf(name), cwd: home, stdio: 'ignore'});
	const innocent = spawn('/bin/sleep', ['60'], {uid: await uidOf(other), stdio: 'ignore'});
	t.teardown(() => innocent.kill('SIGKILL'));
	const gone = once(stubborn, 'exit') as Promise<[number | null, string | null]>;
	const restored = await server.task(['restore', made.backup!, '--terminate', '--confirm', name, '--yes']);
	t.is(restored.state, 'completed');
	const [, signal] = await gone;
	t.is(signal, 'SIGKILL');
	t.is(innocent.exitCode, null);
	t.is(innocent.signalCode, null);
	t.is(await shadow(), before);
	t.false(existsSync(join(home, 'evil.php')));
	t.is(await readFile(join(home, 'a.txt'), 'utf8'), 'first\n');
});
