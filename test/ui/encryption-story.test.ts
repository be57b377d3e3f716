/** The encryption of an account by keys alone: a key is shown once, asked for when something is read, and reset. */
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {Task} from '../../source/domain/task.ts';
import {unlockPrivateKey} from '../../source/system/openpgp-keys.ts';
import {setUpServer} from '../set-up.ts';
import {terminal} from '../terminal.ts';

test('a remote key is made and shown once; browsing asks for it', async t => {
	const server = await setUpServer(t);
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	await server.write('alice', {'secret.txt': 'for alice alone\n'});

	const screen = terminal(t, ['--state', server.state]);
	await screen.shows('❯ Accounts');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.press('enter');
	await screen.shows('Encryption');
	screen.press('j', 'j', 'j', 'j', 'enter');
	await screen.shows('its first encrypted backup makes a local one');
	screen.press('j', 'j', 'enter');
	await screen.shows('Passphrase for the new private key of alice');
	screen.press('enter');
	await screen.shows('File for the private key of alice');
	screen.press('enter');
	await screen.shows('-----END PGP PRIVATE KEY BLOCK-----');
	const shown = screen.lines.slice(1, screen.lines.findIndex(line => line.startsWith('-----END')) + 1).join('\n');
	screen.press('n');
	await screen.shows('Nothing was changed');
	screen.press('enter');
	await screen.shows(text => text.includes('New remote key') && !text.includes('Nothing was changed'));
	t.regex(shown, /^-----BEGIN PGP PRIVATE KEY BLOCK-----\n/v);
	t.like(await server.json(['account', 'encryption', 'alice']), {key: 'none'});

	screen.press('enter');
	await screen.shows('Passphrase for the new private key of alice');
	screen.press('enter');
	await screen.shows('File for the private key of alice');
	screen.press('enter');
	await screen.shows('-----END PGP PRIVATE KEY BLOCK-----');
	const stored = screen.lines.slice(1, screen.lines.findIndex(line => line.startsWith('-----END')) + 1).join('\n');
	screen.press('y');
	await screen.shows('alice has a new remote key');
	const {fingerprint} = await server.json<{readonly fingerprint: string}>(['account', 'encryption', 'alice']);
	const unlocked = await unlockPrivateKey(new TextEncoder().encode(stored), []);
	t.is(unlocked.fingerprint, fingerprint);
	const file = server.machine.path('alice.asc');
	await writeFile(file, `${stored}\n`);
	await server.task(['backup', 'create', 'alice']);

	// Reading asks for the key; without it nothing is told.
	screen.press('escape');
	await screen.shows('❯ Encryption');
	screen.press('g');
	await screen.shows('❯ Restore from a backup');
	screen.press('enter');
	await screen.shows('❯ 20');
	screen.press('enter');
	await screen.shows('❯ Choose files');
	screen.press('enter');
	await screen.shows('Private key of alice');
	screen.press('escape');
	await screen.shows('sealed to a key that its owner keeps');
	t.false(screen.text.includes('secret.txt'));
	screen.press('escape');
	await screen.shows('❯ Choose files');
	screen.press('enter');
	await screen.shows('Private key of alice');
	screen.paste(file);
	await screen.shows(file);
	screen.press('enter');
	await screen.shows('secret.txt');
	screen.press('q');
	await screen.ends();
});

test('a reset wants the name typed, and leaves the account without a key', async t => {
	const server = await setUpServer(t);
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', server.machine.path('alice.asc')]);
	const {backup} = await server.task(['backup', 'create', 'alice']);
	await server.json(['backup', 'lock', backup!]);

	const screen = terminal(t, ['--state', server.state]);
	await screen.shows('❯ Accounts');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.press('enter');
	await screen.shows('Encryption');
	screen.press('j', 'j', 'j', 'j', 'enter');
	await screen.shows('1 backup under it');
	screen.press('G', 'enter');
	const dialog = await screen.shows('Delete every encrypted backup of alice');
	t.regex(dialog, /1 encrypted backup for good, 1 of them locked/v);
	t.regex(dialog, /holdfast account reset-key alice --confirm alice/v);
	screen.press('enter');
	await screen.shows('Nothing was done');
	screen.press(...'alice', 'enter');
	await screen.shows('1 encrypted backup of alice is gone for good');
	screen.press('q');
	await screen.ends();
	t.like(await server.json(['account', 'encryption', 'alice']), {key: 'none', keys: []});
	t.deepEqual(await server.json(['backup', 'list', 'alice']), {backups: []});
});

test('a task that waits for its key is given it from the queue; a key that is pasted is not seen', async t => {
	const server = await setUpServer(t);
	const file = server.machine.path('alice.asc');
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', file]);
	await server.write('alice', {'secret.txt': 'for alice alone\n'});
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const target = server.machine.path('target');
	const {id, accountUuid} = await server.task(['restore', backup!, '--to', target, '--merge', '--yes', '--private-key-file', file]);
	await rm(target, {recursive: true});

	// As a runner leaves it that dies before the task's turn has come.
	await server.context.store.update('tasks', accountUuid!, draft => {
		draft.tasks = draft.tasks.map((task): Task => task.id === id
			? {
				...task, state: 'pending', priority: null, startedAt: null, endedAt: null, queuedAt: new Date(Date.now() + 1).toISOString(), items: [], summary: null,
			}
			: task);
	});

	const screen = terminal(t, ['--state', server.state]);
	await screen.shows('❯ Accounts');
	screen.press('3');
	await screen.shows('key needed');
	screen.press('R');
	await screen.shows('Key for');
	screen.press('y');
	await screen.shows('or the key itself, pasted');
	const armoured = await readFile(file, 'utf8');
	screen.paste(armoured.replaceAll('\n', '\r'));
	await screen.shows('****');
	screen.press('enter');
	await screen.shows(text => !text.includes('key needed') && text.split('completed').length > 2);
	t.is(await readFile(join(target, 'secret.txt'), 'utf8'), 'for alice alone\n');
	screen.press('q');
	await screen.ends();
	const seen = armoured.split('\n').filter(line => line.length > 40 && !line.startsWith('-----') && screen.output.includes(line.slice(0, 20)));
	t.deepEqual(seen, []);
});

test('who signs in pastes the key, at the prompt and in the terminal, and it is not seen', async t => {
	const server = await setUpServer(t);
	const file = server.machine.path('alice.asc');
	const password = server.machine.path('password');
	await writeFile(password, 'geheim\n');
	await server.json(['user', 'create', 'oscar', '--role', 'operator', '--email', 'o@example.com', '--password-file', password]);
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', file]);
	await server.write('alice', {'secret.txt': 'for alice alone\n'});
	const {backup} = await server.task(['backup', 'create', 'alice']);
	const armoured = await readFile(file, 'utf8');
	const pasted = armoured.replaceAll('\n', '\r');

	const prompt = terminal(t, ['--state', server.state, '--sign-in', 'backup', 'cat', backup!, 'secret.txt']);
	await prompt.shows('Holdfast user:');
	prompt.press(...'oscar', 'enter');
	await prompt.shows('Password of oscar');
	prompt.press(...'geheim', 'enter');
	await prompt.shows('Paste the private key');
	prompt.press(pasted);
	await prompt.shows('for alice alone');
	t.like(await prompt.ends(), {exitCode: 0});

	const screen = terminal(t, ['--state', server.state, '--sign-in']);
	await screen.shows('Who is it?');
	screen.press(...'oscar', 'enter', ...'geheim');
	await screen.shows('******');
	screen.press('enter');
	await screen.shows('oscar · OPERATOR');
	screen.press('2');
	await screen.shows('❯ alice');
	screen.press('enter');
	await screen.shows('❯ Restore from a backup');
	screen.press('enter');
	await screen.shows('❯ 20');
	screen.press('enter');
	await screen.shows('❯ Choose files');
	screen.press('enter');
	await screen.shows('Private key of alice');
	screen.paste(pasted);
	await screen.shows('****');
	screen.press('enter');
	await screen.shows('secret.txt');
	screen.press('q');
	await screen.ends();

	const lines = armoured.split('\n').filter(line => line.length > 40 && !line.startsWith('-----'));
	t.deepEqual(lines.filter(line => `${prompt.output}${screen.output}`.includes(line.slice(0, 20))), []);
});
