import {Buffer} from 'node:buffer';
import {mock} from 'node:test';
import test from 'ava';
import {OwnerKeys} from '../../source/runner/owner-keys.ts';
import {makeKeyPair, unlockPrivateKey} from '../../source/system/openpgp-keys.ts';
import {UserError} from '../../source/errors.ts';
import {KeyMemory, unfoldKey} from '../../source/ui/key-memory.ts';
import {setUpServer, type Server} from '../set-up.ts';

const {timers} = mock;
const now = new Date('2026-05-01T12:00:00.000Z');

const sealedServer = async (t: Parameters<typeof setUpServer>[0]): Promise<{readonly server: Server; readonly fingerprint: string; readonly backup: string}> => {
	const server = await setUpServer(t);
	await server.json(['job', 'set', 'nightly', '--encrypted']);
	const {fingerprint} = await server.json<{readonly fingerprint: string}>(['account', 'encryption', 'alice', '--key', 'remote', '--private-key-out', server.machine.path('key')]);
	const {backup} = await server.task(['backup', 'create', 'alice']);

	return {server, fingerprint, backup: backup!};
};

const given = (fingerprint: string): OwnerKeys => {
	const keys = new OwnerKeys();
	keys.add({fingerprint, privateKey: 'open'});

	return keys;
};

test('a key is asked for once, and forgotten when nobody is there any more', async t => {
	const {server, fingerprint, backup} = await sealedServer(t);
	const by = {type: 'backups', backups: [backup]} as const;
	const {context} = server;
	let time = now.getTime();
	const memory = new KeyMemory(() => new Date(time));
	let asked = 0;
	memory.askWith(async () => {
		asked++;

		return given(fingerprint);
	});

	await Promise.all([memory.require(context, by), memory.require(context, by)]);
	t.is(asked, 1);
	const {keys} = memory;
	t.is(keys?.find(fingerprint), 'open');

	timers.enable({apis: ['setTimeout']});
	memory.touch();
	timers.tick(599_000);
	t.is(memory.keys, keys);
	memory.touch();
	timers.tick(599_000);
	t.is(memory.keys, keys);
	timers.tick(1000);
	timers.reset();
	t.is(memory.keys, undefined);
	t.true(keys!.isEmpty);
	await memory.require(context, by);
	t.is(asked, 2);
	memory.forget();
	t.is(memory.keys, undefined);

	// The machine slept: no timer ran, and whoever wakes it presses a key first.
	await memory.require(context, by);
	const slept = memory.keys;
	time += 600_000;
	memory.touch();
	t.is(memory.keys, undefined);
	t.true(slept!.isEmpty);
});

test('who would not give it is asked again at the next act alone', async t => {
	const {server, backup} = await sealedServer(t);
	const by = {type: 'backups', backups: [backup]} as const;
	const memory = new KeyMemory(() => now);
	let asked = 0;
	memory.askWith(async () => {
		asked++;

		return undefined;
	});

	for (const expected of [1, 1]) {
		const error = await t.throwsAsync(memory.require(server.context, by), {instanceOf: UserError});
		t.like(error, {code: 'key'});
		t.is(asked, expected);
	}

	memory.askAgain();
	await t.throwsAsync(memory.require(server.context, by));
	t.is(asked, 2);
});

test('a key whose lines a paste has joined is opened', async t => {
	const {privateKey, fingerprint} = await makeKeyPair({name: 'alice', now});
	const pasted = privateKey.replace('\n\n', '\nComment: made by hand\n\n').replaceAll(/\s+/gv, ' ').trim();
	const unlocked = await unlockPrivateKey(unfoldKey(pasted), []);
	t.is(unlocked.fingerprint, fingerprint);
	t.is(Buffer.from(unfoldKey('no key')).toString(), 'no key');
});
