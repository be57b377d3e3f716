import {once} from 'node:events';
import {chmod, readFile, writeFile} from 'node:fs/promises';
import {createServer, type AddressInfo} from 'node:net';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {sendMail, type MailRoute} from '../../source/system/send-mail.ts';
import {temporaryFolder} from '../sandbox.ts';

const letter = {
	recipients: ['alice@example.com', 'admin@example.com'], to: ['alice@example.com'], subject: 'A backup\r\nBcc: eve@example.com', text: 'It is complete.\n.\n',
};
const nobody: MailRoute = {
	sendmail: '/nonexistent', smtp: 'none', user: 'none', passwordFile: 'none',
};
const patient = new AbortController().signal;

const programThat = async (t: ExecutionContext, body: string): Promise<MailRoute> => {
	const sendmail = join(await temporaryFolder(t), 'sendmail');
	await writeFile(sendmail, `#!/bin/sh\n${body}\n`);
	await chmod(sendmail, 0o700);

	return {...nobody, sendmail};
};

test('a program gets the whole letter, and no header that is not ours', async t => {
	const box = join(await temporaryFolder(t), 'box');
	await sendMail(letter, await programThat(t, `echo "$*" > ${box}; cat >> ${box}`), patient);
	const taken = await readFile(box, 'utf8');

	t.regex(taken, /^-i -f holdfast@\S+ alice@example\.com admin@example\.com\n/v);
	t.regex(taken, /\n\nIt is complete\.\n\.\n$/v);
	t.notRegex(taken, /^Bcc:/mv);
});

test('why a program did not take it is said', async t => {
	await t.throwsAsync(sendMail(letter, nobody, patient), {message: 'there is no program /nonexistent'});
	await t.throwsAsync(sendMail(letter, await programThat(t, 'echo no relay >&2; exit 67'), patient), {message: /sendmail ended with 67: no relay/v});
	await t.throwsAsync(sendMail({...letter, recipients: ['-oQ/tmp@example.com']}, await programThat(t, 'exit 0'), patient), {message: /would be an option/v});
});

test('nobody waits for ever for a program that hangs, or for a server that never ends its answer', async t => {
	const route = await programThat(t, 'exec sleep 60');
	const ending = new AbortController();
	const hanging = sendMail(letter, route, ending.signal);
	ending.abort(new Error('enough'));
	await t.throwsAsync(hanging, {message: 'enough'});

	const second = new AbortController();
	const server = createServer(socket => {
		socket.on('error', () => undefined);
		socket.write('220 test\r\n');
		socket.once('data', () => {
			socket.write('250-');
			second.abort(new Error('too long'));
		});
		t.teardown(() => socket.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => server.close());
	await t.throwsAsync(sendMail(letter, {...nobody, smtp: `127.0.0.1:${(server.address() as AddressInfo).port}`}, second.signal), {message: 'too long'});
});
