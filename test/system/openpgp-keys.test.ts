/** Keys of owners, held against the real gpg. */
import {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import test, {type ExecutionContext} from 'ava';
import {
	createMessage,
	encrypt,
	generateKey,
	readKey,
	type KeyOptions,
} from 'openpgp';
import {UserError} from '../../source/errors.ts';
import {encryptionDate} from '../../source/system/encryption-date.ts';
import {
	hasPassphrase,
	makeKeyPair,
	takePublicKey,
	unlockPrivateKey,
} from '../../source/system/openpgp-keys.ts';
import {temporaryFolder} from '../sandbox.ts';

const now = new Date('2026-05-01T12:00:00.000Z');

type Gpg = (line: readonly string[], input?: string | Uint8Array) => Buffer;

const gpgOf = async (t: ExecutionContext): Promise<Gpg> => {
	const home = await temporaryFolder(t);
	t.teardown(() => {
		execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
	});

	return (line, input) => execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--trust-model', 'always', '--pinentry-mode', 'loopback', ...line], {
		input: input ?? '', stdio: ['pipe', 'pipe', 'ignore'],
	});
};

// eslint-disable-next-line @typescript-eslint/naming-convention -- the library's word
const alice = {userIDs: {name: 'alice'}} satisfies Pick<KeyOptions, 'userIDs'>;

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

const keyError = (pattern: RegExp) => (error: unknown): boolean => error instanceof UserError && error.code === 'key' && pattern.test(error.message);

test('gpg encrypts to a pair that is made here, and opens with it', async t => {
	const gpg = await gpgOf(t);
	const pair = await makeKeyPair({name: 'alice at web1', now});
	gpg(['--import'], pair.privateKey);
	const sealed = gpg(['--encrypt', '--recipient', pair.fingerprint], 'a secret');
	t.is(gpg(['--decrypt'], sealed).toString(), 'a secret');

	const listed = gpg(['--with-colons', '--list-keys']).toString();
	t.regex(listed, /^uid:.*alice at web1 \(Holdfast backups\)/mv);
	t.true(listed.includes(pair.fingerprint.toUpperCase()));
});

test('a pair with a passphrase opens with it alone', async t => {
	const {privateKey, publicKey, fingerprint} = await makeKeyPair({name: 'alice', now, passphrase: 'correct horse'});
	t.true(await hasPassphrase(bytesOf(privateKey)));
	const unlocked = await unlockPrivateKey(bytesOf(privateKey), ['wrong', 'correct horse']);
	t.is(unlocked.fingerprint, fingerprint);
	t.false(await hasPassphrase(bytesOf(unlocked.privateKey)));
	t.false(privateKey.includes(unlocked.privateKey.slice(200, 260)));

	const wrong = await t.throwsAsync(unlockPrivateKey(bytesOf(privateKey), ['wrong']));
	t.true(keyError(/does not open/v)(wrong));
	const none = await t.throwsAsync(unlockPrivateKey(bytesOf(privateKey), []));
	t.true(keyError(/has a passphrase/v)(none));
	const half = await t.throwsAsync(unlockPrivateKey(bytesOf(publicKey), []));
	t.true(keyError(/public key/v)(half));
	const nothing = await t.throwsAsync(unlockPrivateKey(bytesOf('hello'), []));
	t.true(keyError(/no OpenPGP key/v)(nothing));
});

test('gpg unlocks a pair that has a passphrase', async t => {
	const gpg = await gpgOf(t);
	const {privateKey, fingerprint} = await makeKeyPair({name: 'alice', now, passphrase: 'correct horse'});
	gpg(['--import'], privateKey);
	const sealed = gpg(['--encrypt', '--recipient', fingerprint], 'a secret');
	t.is(gpg(['--passphrase', 'correct horse', '--decrypt'], sealed).toString(), 'a secret');
});

test('keys of gpg are taken in, armoured and binary, and unlocked', async t => {
	const gpg = await gpgOf(t);
	gpg(['--passphrase', 'of gpg', '--quick-generate-key', 'alice@example.com', 'default', 'default', 'never']);
	const armoured = gpg(['--armor', '--export', 'alice@example.com']);
	const taken = await takePublicKey(armoured, new Date());
	const binary = await takePublicKey(gpg(['--export', 'alice@example.com']), new Date());
	t.false(taken.wasPrivate);
	t.is(binary.fingerprint, taken.fingerprint);
	t.regex(taken.publicKey, /^-----BEGIN PGP PUBLIC KEY BLOCK-----/v);

	const secret = gpg(['--passphrase', 'of gpg', '--armor', '--export-secret-keys', 'alice@example.com']);
	t.true(await hasPassphrase(secret));
	const unlocked = await unlockPrivateKey(secret, ['of gpg']);
	t.is(unlocked.fingerprint, taken.fingerprint);

	const half = await takePublicKey(secret, new Date());
	t.true(half.wasPrivate);
	t.is(half.fingerprint, taken.fingerprint);
	t.regex(half.publicKey, /^-----BEGIN PGP PUBLIC KEY BLOCK-----/v);
	const kept = await readKey({armoredKey: half.publicKey});
	t.false(kept.isPrivate());
});

test('what nothing can be encrypted to, or gpg 2.2 could not open, is refused and said why', async t => {
	const gpg = await gpgOf(t);
	gpg(['--passphrase', '', '--quick-generate-key', 'signer@example.com', 'ed25519', 'sign', 'never']);
	const signing = await t.throwsAsync(takePublicKey(gpg(['--export', 'signer@example.com']), new Date()));
	t.true(keyError(/none of its parts is for encryption/v)(signing));

	const short = await generateKey({
		...alice, type: 'ecc', curve: 'curve25519Legacy', date: now, keyExpirationTime: 60, format: 'armored',
	});
	const later = new Date(now.getTime() + 3_600_000);
	const expired = await t.throwsAsync(takePublicKey(bytesOf(short.publicKey), later));
	t.true(keyError(/has expired/v)(expired));

	const revoked = await generateKey({
		...alice, type: 'ecc', curve: 'curve25519Legacy', date: now, format: 'armored',
	});
	gpg(['--import'], revoked.publicKey);
	gpg(['--import'], revoked.revocationCertificate);
	const error = await t.throwsAsync(takePublicKey(gpg(['--armor', '--export']), new Date()));
	t.true(keyError(/holds 2 keys/v)(error), String(error));
	const fingerprint = (await readKey({armoredKey: revoked.publicKey})).getFingerprint(); // eslint-disable-line unicorn/no-await-expression-member -- said once
	const after = await t.throwsAsync(takePublicKey(gpg(['--armor', '--export', fingerprint]), new Date()));
	t.true(keyError(/was revoked/v)(after), String(after));

	const fresh = await generateKey({
		...alice, type: 'curve25519', date: now, format: 'armored',
	});
	const unread = await t.throwsAsync(takePublicKey(bytesOf(fresh.publicKey), later));
	t.true(keyError(/gpg 2\.2 does not know x25519/v)(unread), String(unread));

	const sixth = await generateKey({
		...alice, type: 'curve25519', date: now, format: 'armored', config: {v6Keys: true},
	});
	const future = await t.throwsAsync(takePublicKey(bytesOf(sixth.publicKey), later));
	t.true(keyError(/format that gpg 2\.2 does not know/v)(future), String(future));
});

test('a key that has expired since it was taken in, or is newer than the clock, still gets its backups', async t => {
	const short = await generateKey({
		...alice, type: 'ecc', curve: 'curve25519Legacy', date: now, keyExpirationTime: 60, format: 'armored',
	});
	const key = await readKey({armoredKey: short.publicKey});

	for (const at of ['2026-05-01T12:00:30.000Z', '2030-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z']) {
		const date = await encryptionDate(key, new Date(at));
		const message = await createMessage({text: 'a secret'});
		const sealed = String(await encrypt({message, encryptionKeys: key, date}));
		t.regex(sealed, /^-----BEGIN PGP MESSAGE-----/v);
	}

	const message = await createMessage({text: 'a secret'});
	await t.throwsAsync(encrypt({message, encryptionKeys: key, date: new Date('2030-01-01T00:00:00.000Z')}), undefined, 'without it nothing would be sealed');
});
