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
	t.regex(letter, /^Subject: \[.*\] backup of alice failed$/mv);
	t.regex(letter, /^Auto-Submitted: auto-generated$/mv);
	t.regex(letter, /^What to do: Make room there/mv);
});

test('SMTP, and a server that is not there changes no result', async t => {
	const server = await setUpServer(t);
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
			socket.write(isData ? '354 go on\r\n' : '250 yes\r\n');

			if (text.startsWith('QUIT')) {
				socket.end();
			}
		});
	});
	smtp.listen(0, '127.0.0.1');
	await once(smtp, 'listening');
	const {port} = smtp.address() as AddressInfo;
	t.teardown(() => smtp.close());
	await server.json(['setting', 'set', 'notify.smtp', `127.0.0.1:${port}`]);
	await server.json(['setting', 'set', 'notify.to', 'admin@example.com,second@example.com']);
	await server.json(['setting', 'set', 'notify.on', 'all']);
	await server.task(['backup', 'create', 'alice']);
	await afterRunner(server);

	const conversation = said.join('');
	t.is(conversation.match(/^RCPT TO:/gmv)?.length, 2);
	t.is(conversation.match(/^DATA/gmv)?.length, 1);
	t.regex(conversation, /backup of alice is complete/v);

	await server.json(['setting', 'set', 'notify.smtp', '127.0.0.1:1']);
	t.like(await server.task(['backup', 'create', 'alice']), {state: 'completed'});
	await afterRunner(server);
	t.regex(await readFile(join(server.state, 'runner.log'), 'utf8'), /The mail about the backup of alice .* could not be sent/v);
});
