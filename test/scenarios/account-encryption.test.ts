/** Preferences and keys of accounts, as an administrator sets them. */
import {readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readPrivateKey} from 'openpgp';
import type {AccountKey} from '../../source/domain/account-key.ts';
import {setUpServer, type Server} from '../set-up.ts';
import {terminal} from '../terminal.ts';

type Encryption = {
	readonly preference: string;
	readonly key: string;
	readonly fingerprint: string | null;
	readonly keys: ReadonlyArray<{readonly id: string; readonly kind: string; readonly fingerprint: string | null; readonly retiredAt: string | null}>;
	readonly leftOutOf: ReadonlyArray<{readonly job: string; readonly wish: string}>;
};

const setUp = async (t: ExecutionContext): Promise<Server> => setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);

const set = async (server: Server, ...options: readonly string[]): Promise<Encryption> => server.json(['account', 'encryption', 'alice', ...options]);

const keysOf = async (server: Server): Promise<readonly AccountKey[]> => {
	const {keys} = await server.context.store.read('account-keys');

	return keys;
};

test('who wants encrypted backups alone is left out of the others, and told so everywhere', async t => {
	const server = await setUp(t);
	const wish = 'encrypted backups only';
	const changed = await set(server, '--preference', 'encrypted-only');
	t.is(changed.preference, 'encrypted-only');
	t.deepEqual(changed.leftOutOf, [{job: 'nightly', wish}]);
	t.like(await server.json(['account', 'show', 'alice']), {encryption: {preference: 'encrypted-only', key: 'none'}, leftOutOf: [{job: 'nightly', wish}]});
	t.like(await server.json(['job', 'show', 'nightly']), {accountCount: 1, leftOut: [{name: 'alice', wish}]});

	const refused = await server.run('backup', 'create', 'alice');
	t.is(refused.code, 4);
	t.regex(refused.stderr, /alice wants encrypted backups only[\s\S]*holdfast job create NAME --encrypted/v);

	const ran = await server.json<{readonly tasks: readonly unknown[]; readonly leftOut: readonly unknown[]}>(['job', 'run', 'nightly']);
	t.is(ran.tasks.length, 1);
	t.deepEqual(ran.leftOut, [{name: 'alice', wish}]);

	await set(server, '--preference', 'none');
	const never = await server.run('backup', 'create', 'alice');
	t.is(never.code, 4);
	t.regex(never.stderr, /wants no backups at all[\s\S]*--preference any/v);
	const text = await server.run('account', 'encryption', 'alice');
	t.regex(text.stdout, /none: no backups at all[\s\S]*Left out of +nightly/v);

	await set(server, '--preference', 'any');
	await server.task(['backup', 'create', 'alice']);
});

test('a local key is made, and another one takes its place', async t => {
	const server = await setUp(t);
	const first = await set(server, '--key', 'local');
	t.is(first.key, 'local');
	t.is(first.fingerprint, null);
	const second = await set(server, '--key', 'local');
	const [current, old, ...others] = second.keys;
	t.is(current!.retiredAt, null);
	t.is(old!.id, first.keys[0]!.id);
	t.not(old!.retiredAt, null);
	t.deepEqual(others, []);
});

test('the private half of a remote key is written once, for its reader alone, and never kept', async t => {
	const server = await setUp(t);
	const file = server.machine.path('alice.asc');
	const passphraseFile = server.machine.path('passphrase');
	await writeFile(passphraseFile, 'correct horse\nsomething else\n');
	const made = await set(server, '--key', 'remote', '--private-key-out', file, '--passphrase-file', passphraseFile);
	t.is(made.key, 'remote');

	const {mode} = await stat(file);
	t.is(mode % 0o1000, 0o600);
	const privateKey = await readPrivateKey({armoredKey: await readFile(file, 'utf8')});
	t.is(privateKey.getFingerprint(), made.fingerprint!);
	t.false(privateKey.isDecrypted());

	const state = await readFile(join(server.state, 'account-keys.json'), 'utf8');
	t.true(state.includes('BEGIN PGP PUBLIC KEY'));
	t.false(state.includes('PRIVATE'));

	const {stdout: audit} = await server.run('audit', '--json');
	t.true(audit.includes('setEncryption'));
	t.notRegex(audit, /PRIVATE|correct horse/v);

	const again = await server.run('account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', file);
	t.is(again.code, 4);
	t.regex(again.stderr, /There is a file at/v);
	t.is((await keysOf(server)).length, 1, 'nothing was changed'); // eslint-disable-line unicorn/no-await-expression-member -- looked at once

	const printed = await server.run('account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', '-');
	t.is(printed.code, 0);
	t.regex(printed.stdout, /^-----BEGIN PGP PRIVATE KEY BLOCK-----[\s\S]*-----END PGP PRIVATE KEY BLOCK-----\n$/v);
	t.regex(printed.stderr, /Old key +remote/v);
});

test('the public key of an owner is taken in, once', async t => {
	const server = await setUp(t);
	const file = server.machine.path('alice.asc');
	const made = await server.json<Encryption>(['account', 'encryption', 'bob', '--key', 'remote', '--private-key-out', file]);
	const taken = await server.run('account', 'encryption', 'alice', '--key', 'remote', '--public-key', file);
	t.is(taken.code, 0);
	t.regex(taken.stderr, /Only its public half is kept/v);
	const shown = await server.json<Encryption>(['account', 'encryption', 'alice']);
	t.is(shown.fingerprint, made.fingerprint);
	t.notRegex(JSON.stringify(await keysOf(server)), /PRIVATE/v);

	const same = await server.run('account', 'encryption', 'alice', '--key', 'remote', '--public-key', file);
	t.is(same.code, 4);

	await writeFile(file, 'no key\n');
	const wrong = await server.run('account', 'encryption', 'alice', '--key', 'remote', '--public-key', file);
	t.is(wrong.code, 8);
});

test('what does not go together is said before anything is done', async t => {
	const server = await setUp(t);
	const lines = [
		['--key', 'local', '--private-key-out', 'x'],
		['--private-key-out', 'x'],
		['--key', 'remote', '--public-key', '/dev/null', '--private-key-out', 'x'],
		['--key', 'local', '--passphrase-file', '/dev/null'],
		['--key', 'remote'],
		['--key', 'other'],
		['--preference', 'other'],
	];

	for (const line of lines) {
		const {code} = await server.run('account', 'encryption', 'alice', ...line);
		t.is(code, 2, line.join(' '));
	}

	t.deepEqual(await keysOf(server), []);
});

test('at a terminal the private key is shown once, and kept only when it was stored', async t => {
	const server = await setUp(t);
	const line = ['--state', server.state, 'account', 'encryption', 'alice', '--key', 'remote'];
	const screen = terminal(t, line);
	await screen.shows('Show it?');
	screen.press('yes', 'enter');
	await screen.shows('Is it stored?');
	t.true(screen.output.includes('BEGIN PGP PRIVATE KEY BLOCK'));
	screen.press('no', 'enter');
	t.like(await screen.ends(), {exitCode: 130});
	t.deepEqual(await keysOf(server), []);

	const again = terminal(t, line);
	await again.shows('Show it?');
	again.press('yes', 'enter');
	await again.shows('Is it stored?');
	again.press('yes', 'enter');
	t.like(await again.ends(), {exitCode: 0});
	t.is((await keysOf(server)).length, 1); // eslint-disable-line unicorn/no-await-expression-member -- looked at once
});
