import {Buffer} from 'node:buffer';
import {existsSync} from 'node:fs';
import {chmod, readFile, writeFile} from 'node:fs/promises';
import {createServer, type AddressInfo} from 'node:net';
import {once} from 'node:events';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {acquireLock} from '../../source/system/lock.ts';
import {setUpServer, type Server} from '../set-up.ts';

/** The runner ends when its mails are sent. */
const afterRunner = async (server: Server): Promise<void> => {
	const lock = await acquireLock(join(server.state, 'runner.lock'), {waitMs: 20_000, purpose: 'the end of the run'});
	lock.release();
};

const failBackup = async (t: ExecutionContext, server: Server): Promise<void> => {
	await server.json(['setting', 'set', 'destination.minFreeBytes', '9000TB']);
	const {code} = await server.run('backup', 'create', 'alice');
	t.is(code, 4);
	await afterRunner(server);
};

test('sendmail: a problem goes to the account and to administrators, once, with the remedy', async t => {
	const server = await setUpServer(t);
	const program = server.machine.path('sendmail');
	const box = server.machine.path('box');
	await writeFile(program, `#!/bin/sh\necho "TO $*" >> ${box}\ncat >> ${box}\n`);
	await chmod(program, 0o700);
	await server.json(['setting', 'set', 'notify.sendmail', program]);
	await server.json(['setting', 'set', 'notify.to', 'admin@example.com']);
	await server.json(['account', 'set', 'alice', '--email', 'alice@example.com']);
	await server.task(['backup', 'create', 'alice']);
	await afterRunner(server);
	t.false(existsSync(box), 'nobody hears of what went well');

	await failBackup(t, server);
	const letter = await readFile(box, 'utf8');
	t.is(letter.match(/^TO /gmv)?.length, 1);
	t.regex(letter, /^TO .*admin@example\.com.*alice@example\.com/mv);
	t.deepEqual(letter.match(/^To: .*$/gmv), ['To: alice@example.com'], 'an account is not told who the administrators are');
	t.regex(letter, /^Subject: \[.*\] backup of alice failed$/mv);
	t.regex(letter, /^Auto-Submitted: auto-generated$/mv);
	t.regex(letter, /^What to do: Make room there/mv);
});

test('SMTP, and a server that is not there changes no result', async t => {
	const server = await setUpServer(t);
	const {port, said} = await openSmtp(t);
	await server.json(['setting', 'set', 'notify.smtp', `127.0.0.1:${port}`]);
	await server.json(['setting', 'set', 'notify.to', 'admin@example.com,second@example.com,refused@example.com']);
	await server.json(['setting', 'set', 'notify.on', 'all']);
	await server.task(['backup', 'create', 'alice']);
	await afterRunner(server);
	t.regex(await readFile(join(server.state, 'runner.log'), 'utf8'), /backup of alice .* could not be sent: the server took it, but not for refused@example\.com/v);

	const conversation = said();
	t.is(conversation.match(/^RCPT TO:/gmv)?.length, 3);
	t.is(conversation.match(/^DATA/gmv)?.length, 1);
	t.regex(conversation, /backup of alice is complete/v);

	await server.json(['setting', 'set', 'notify.smtp', '127.0.0.1:1']);
	t.like(await server.task(['backup', 'create', 'alice']), {state: 'completed'});
	await afterRunner(server);
	t.regex(await readFile(join(server.state, 'runner.log'), 'utf8'), /The mail about the backup of alice .* could not be sent/v);
});

const openSmtp = async (t: ExecutionContext): Promise<{readonly port: number; readonly said: () => string}> => {
	const said: string[] = [];
	const smtp = createServer(socket => {
		let isData = false;
		socket.write('220 test\r\n');
		socket.setEncoding('utf8').on('data', (text: string) => {
			said.push(text);

			if (isData) {
				isData = !said.join('').endsWith('\r\n.\r\n');
				socket.write(isData ? '' : '250 taken\r\n');
				return;
			}

			isData = text.startsWith('DATA');
			socket.write(answers.find(([start]) => text.startsWith(start))?.[1] ?? '250 yes\r\n');

			if (text.startsWith('QUIT')) {
				socket.end();
			}
		});
	});
	smtp.listen(0, '0.0.0.0');
	await once(smtp, 'listening');
	t.teardown(() => smtp.close());

	return {port: (smtp.address() as AddressInfo).port, said: () => said.join('')};
};

const answers = [['RCPT TO:<refused', '550 no such user\r\n'], ['DATA', '354 go on\r\n'], ['EHLO', '250-test\r\n250 AUTH PLAIN\r\n'], ['AUTH', '235 welcome\r\n'], ['STARTTLS', '502 no TLS here\r\n']] as const;

test('SMTP with a login: the password is in a file of root\'s alone, and is not said in the clear to another machine', async t => {
	const server = await setUpServer(t);
	const {port, said} = await openSmtp(t);
	const file = server.machine.path('smtp-password');
	await writeFile(file, 'correct horse\n', {mode: 0o644});

	for (const [key, value] of [['smtp', `127.0.0.1:${port}`], ['smtpUser', 'holdfast'], ['smtpPasswordFile', file], ['to', 'admin@example.com'], ['on', 'all']] as const) {
		await server.json(['setting', 'set', `notify.${key}`, value]);
	}

	const backUp = async (): Promise<string> => {
		await server.task(['backup', 'create', 'alice']);
		await afterRunner(server);

		return readFile(join(server.state, 'runner.log'), 'utf8');
	};

	t.regex(await backUp(), /could not be sent: .*others may read .*chmod 600/v);
	t.is(said(), '');

	await chmod(file, 0o600);
	await backUp();
	const secret = Buffer.from('\0holdfast\0correct horse').toString('base64');
	t.true(said().includes(`AUTH PLAIN ${secret}`), said());
	t.regex(said(), /backup of alice is complete/v);

	// The same server, as if it were another machine: it offers no TLS.
	await server.json(['setting', 'set', 'notify.smtp', `0.0.0.0:${port}`]);
	const before = said().split(secret).length;
	t.regex(await backUp(), /could not be sent: [^\n]*TLS/v);
	t.is(said().split(secret).length, before);
});
