/** How users get in on a real server: by a sudo rule and by a forced command of sshd, with a real Unix user, a real sudo and a real sshd. */
import type {Buffer} from 'node:buffer';
import {spawn} from 'node:child_process';
import {
	chmod,
	copyFile,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import {createServer, type AddressInfo} from 'node:net';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {readSignInLine} from '../../source/commands/sign-in-line.ts';
import {UserError} from '../../source/errors.ts';
import {runProgram, type Result} from '../sandbox.ts';
import {program} from '../run-line.ts';
import {setUpServer, type Server} from '../set-up.ts';
import {canMakeUsers, makeSystemAccount} from '../system-account.ts';

type Guest = {
	readonly server: Server;
	/** Name of the Unix user, who is nobody to Holdfast. */
	readonly unixUser: string;
	/** Runs a program as the Unix user. */
	readonly as: (...line: readonly string[]) => Promise<Result>;
	/** What the sudo rule allows, with carol's password on standard input. */
	readonly sudo: (...line: readonly string[]) => Promise<Result>;
	/** The program and the options of the rule. */
	readonly rule: readonly string[];
};

const runWith = async (input: string, [command = '', ...line]: readonly string[]): Promise<Result> => {
	const child = spawn(command, line, {cwd: '/', timeout: 60_000});
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	const ended = new Promise<number>(resolve => {
		child.once('close', code => {
			resolve(code ?? NaN);
		});
	});
	const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);

	return {code, stdout, stderr};
};

const setUpGuest = async (t: ExecutionContext): Promise<Guest> => {
	const server = await setUpServer(t);
	const home = server.machine.home('alice');
	const password = server.machine.path('password');
	const wrapper = server.machine.path('holdfast');
	await chmod(server.machine.folder, 0o755);
	await writeFile(password, 'geheim\n', {mode: 0o600});
	await writeFile(wrapper, `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, {mode: 0o755});
	await server.write('alice', {'public_html/index.php': 'hello', '.ssh/key': 'secret of alice'});
	await server.run('setting', 'set', 'machine.name', 'web1');
	await server.task(['backup', 'create', 'alice']);
	await server.json(['user', 'create', 'carol', '--role', 'user', '--email', 'c@example.com', '--password-file', password]);
	await server.easePassword('carol', 'geheim');
	await server.json(['rights', 'allow', 'carol', `web1!file:${home}/public_html`]);

	const unixUser = await makeSystemAccount(t, server.machine.path('unix-home'));
	const rule = [wrapper, '--state', server.state, '--sign-in'];
	const sudoers = `/etc/sudoers.d/${unixUser}`;
	await writeFile(sudoers, `${unixUser} ALL=(root) NOPASSWD: ${rule.join(' ')}, ${rule.join(' ')} *\n`, {mode: 0o440});
	t.teardown(async () => rm(sudoers, {force: true}));
	const as = async (...line: readonly string[]): Promise<Result> => runWith('', ['runuser', '-u', unixUser, '--', ...line]);

	return {
		server, unixUser, as, rule, sudo: async (...line) => runWith('geheim\n', ['runuser', '-u', unixUser, '--', 'sudo', '-n', ...rule, ...line]),
	};
};

const carol = ['--as', 'carol', '--password-file', '-'] as const;

(canMakeUsers && existsSync('/usr/bin/sudo') ? test : test.skip)('a sudo rule lets a Unix user in as a Holdfast user, and no further', async t => {
	const {server, as, rule, sudo} = await setUpGuest(t);
	const endsWith = async (code: number, line: readonly string[]): Promise<void> => {
		const result = await sudo(...line);
		t.is(result.code, code, `${line.join(' ')}: ${result.stdout}${result.stderr}`);
		t.false(`${result.stdout}${result.stderr}`.includes('secret of alice'));
		t.false(result.stdout.includes('root:'));
	};

	const read = await sudo(...carol, 'backup', 'cat', 'latest:alice', 'public_html/index.php');
	t.is(read.stdout, 'hello', read.stderr);
	await endsWith(4, [...carol, 'backup', 'cat', 'latest:alice', '.ssh/key']);

	// Nobody is trusted, root's name neither.
	await endsWith(4, ['account', 'list']);
	await endsWith(4, ['--as', 'root', '--password-file', '-', 'account', 'list']);
	await endsWith(4, [...carol, 'user', 'list']);

	// Another state, and what makes or needs none.
	await endsWith(4, [...carol, '--state', '/tmp', 'account', 'list']);
	await endsWith(4, [...carol, '--state=/tmp', 'account', 'list']);
	await endsWith(4, ['--line', '--as carol --password-file - account list \'--state\' /tmp']);
	await endsWith(4, [...carol, 'init', '--yes']);
	await endsWith(4, [...carol, 'demo']);
	await endsWith(4, [...carol, 'daemon']);
	await endsWith(4, [...carol, 'doctor']);

	// The server's files, to read and to write.
	await endsWith(4, ['--as', 'carol', '--password-file', '/etc/shadow', 'account', 'list']);
	await endsWith(4, [...carol, 'user', 'passwd', 'carol', '--old-password-file', '/etc/shadow', '--password-file', '-']);
	await endsWith(4, [...carol, 'restore', 'latest:alice', '--to', '/tmp/hft-out', '--yes']);
	await endsWith(4, [...carol, 'status', '--textfile', '/tmp/hft-out']);
	t.false(existsSync('/tmp/hft-out'));

	// What programs start, or are started with, by what the environment says: nothing of it is looked at as root.
	const marker = server.machine.path('marker');
	const evil = server.machine.path('evil');
	await writeFile(evil, `#!/bin/sh\ntouch ${marker}\n`, {mode: 0o755});
	await writeFile(`${evil}.cjs`, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');\n`, {mode: 0o644});
	const variables = [...['PAGER', 'EDITOR', 'VISUAL', 'BROWSER', 'LESSOPEN', 'GIT_PAGER', 'SHELL', 'BASH_ENV', 'ENV'].map(name => `${name}=${evil}`), `NODE_OPTIONS=--require ${evil}.cjs`, `NODE_PATH=${server.machine.folder}`, `XDG_STATE_HOME=${server.machine.folder}`];

	for (const words of [['--help'], ['account', '--help'], ['account', 'list', '--help'], [...carol, 'backup', 'cat', 'latest:alice', 'public_html/index.php'], [...carol, 'backup', 'files', 'latest:alice', '--recursive'], ['completion', 'bash']]) {
		const {code, stderr} = await as('env', ...variables, 'sudo', '-n', ...rule, ...words);
		t.true([0, 4].includes(code), `${words.join(' ')}: ${stderr}`);
	}

	t.false(existsSync(marker));

	// No stack, and no name of a file of the server, for the asking.
	const debugged = await sudo(...carol, '--debug', 'backup', 'show', 'latest:nobody');
	t.is(debugged.code, 5);
	t.notRegex(debugged.stderr, /\bat |file:|\.js|UserError/v);

	// Round the rule.
	t.not((await as('sudo', '-n', 'cat', '/etc/shadow')).code, 0); // eslint-disable-line unicorn/no-await-expression-member
	t.not((await as('sudo', '-n', rule[0]!, '--state', server.state, 'account', 'list')).code, 0); // eslint-disable-line unicorn/no-await-expression-member
	t.not((await as('sudo', '-n', 'HOLDFAST_STATE=/tmp', ...rule, 'account', 'list')).code, 0); // eslint-disable-line unicorn/no-await-expression-member
	t.is((await as(rule[0]!, '--state', server.state, 'account', 'list')).code, 4); // eslint-disable-line unicorn/no-await-expression-member

	// State, keys and repository.
	const {destinations} = await server.context.store.read('destinations');

	for (const path of [server.state, `${server.state}/users.json`, destinations[0]!.folder, `${destinations[0]!.folder}/packs`]) {
		const {code, stderr} = await as('ls', path);
		t.not(code, 0, path);
		t.regex(stderr, /Permission denied/v);
	}
});

(canMakeUsers && existsSync('/usr/bin/sudo') && existsSync('/usr/sbin/sshd') ? test : test.skip)('a forced command of sshd takes what ssh passes as words, and never to a shell', async t => {
	const {server, unixUser, rule} = await setUpGuest(t);
	const path = (name: string): string => server.machine.path(name);
	const port = await freePort();

	for (const name of ['host-key', 'client-key']) {
		await runProgram('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', path(name));
	}

	const key = await readFile(path('client-key.pub'), 'utf8');
	await copyFile(path('client-key'), path('client'));
	await chmod(path('client'), 0o600);
	await writeFile(path('authorized'), String.raw`restrict,command="sudo -n ${rule.join(' ')} --line \"$SSH_ORIGINAL_COMMAND\"" ${key}`, {mode: 0o644});
	await writeFile(path('sshd.conf'), [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${path('host-key')}`, `AuthorizedKeysFile ${path('authorized')}`, 'PidFile none', 'UsePAM no', 'StrictModes no', ''].join('\n'));
	// No password opens the account, and it is not locked.
	await runProgram('usermod', '--password', '*', unixUser);
	await runProgram('mkdir', '-p', '/run/sshd');
	const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', path('sshd.conf')], {stdio: ['ignore', 'ignore', 'pipe']});
	t.teardown(() => {
		daemon.kill();
	});
	const listening = await new Promise<string>(resolve => {
		daemon.stderr.on('data', (data: Buffer) => {
			resolve(String(data));
		});
		daemon.once('exit', code => {
			resolve(`sshd ended with ${code}`);
		});
	});
	t.regex(listening, /listening/v);

	const ssh = async (line: string): Promise<Result> => runWith('geheim\n', ['ssh', '-F', 'none', '-i', path('client'), '-p', String(port), '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', `${unixUser}@127.0.0.1`, line]);

	const read = await ssh('backup cat latest:alice \'public_html/index.php\' --as carol --password-file -');
	t.is(read.stdout, 'hello', read.stderr);

	for (const [line, code] of [
		['cat /etc/shadow', 2],
		['$(cat /etc/shadow)', 2],
		['account list --as carol --password-file -; cat /etc/shadow', 4],
		['account list --as carol --password-file - | cat /etc/shadow', 2],
		['backup cat latest:alice .ssh/key --as carol --password-file -', 4],
		['backup cat latest:alice "public_html/../.ssh/key" --as carol --password-file -', 2],
		['account list --state /tmp --as carol --password-file -', 4],
		['', 2],
	] as const) {
		const {code: ended, stdout, stderr} = await ssh(line);
		t.is(ended, code, `${line}: ${stdout}${stderr}`);
		t.false(/root:|secret of alice/v.test(`${stdout}${stderr}`), line);
	}
});

const elsewhere: NodeJS.ProcessEnv = Object.fromEntries([['HOLDFAST_STATE', '/y']]);

test('what stands before --sign-in is the rule\'s, what stands after it anybody\'s', t => {
	t.deepEqual(readSignInLine(['--state', '/x', '--sign-in', '--line', 'backup  cat "a b"\'c\' d'], {}), ['--state', '/x', '--sign-in', 'backup', 'cat', 'a bc', 'd']);
	t.deepEqual(readSignInLine(['--sign-in', '--line', ''], {}), ['--sign-in']);
	t.deepEqual(readSignInLine(['--state', '/x', 'status'], elsewhere), ['--state', '/x', 'status']);

	for (const [line, environment] of [
		[['--sign-in', '--state', '/x'], {}],
		[['--sign-in', '--sign-in', '--state=/x'], {}],
		[['--sign-in', 'status'], elsewhere],
		[['--sign-in', '--line', '"--state" /x'], {}],
		[['--sign-in', '--line', '"open'], {}],
	] as const) {
		t.throws(() => readSignInLine(line, environment), {instanceOf: UserError}, line.join(' '));
	}
});

const freePort = async (): Promise<number> => new Promise(resolve => {
	const server = createServer();
	server.listen(0, '127.0.0.1', () => {
		const {port} = server.address() as AddressInfo;
		server.close(() => {
			resolve(port);
		});
	});
});
