/** An owner's existing key: RSA with a part of its own for encryption and a passphrase, made by gpg. */
import type {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {globSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {SegmentIndex} from '../../source/engine/segments/segment-index.ts';
import {openDataKeys} from '../../source/engine/vault/open-data-keys.ts';
import {unlockVault} from '../../source/engine/vault/unlock-vault.ts';
import {readVaultsAt} from '../../source/runner/vault-location.ts';
import {unlockPrivateKey} from '../../source/system/openpgp-keys.ts';
import {setUpServer, type Server, type TaskDocument} from '../set-up.ts';

const passphrase = 'made by gpg';
const content = 'sealed to a key of before\n';

type Gpg = (line: readonly string[], input?: Uint8Array) => Buffer;
type SetUp = {readonly server: Server; readonly gpg: Gpg; readonly destination: string; readonly publicKey: string; readonly key: readonly string[]};

const setUp = async (t: ExecutionContext): Promise<SetUp> => {
	const server = await setUpServer(t);
	const home = server.machine.path('gpg');
	const file = server.machine.path('secret.asc');
	const publicKey = server.machine.path('public.asc');
	const gpg: Gpg = (line, input) => execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', passphrase, ...line], {input, maxBuffer: 1 << 26, stdio: ['pipe', 'pipe', 'ignore']});
	await mkdir(home, {mode: 0o700});
	t.teardown(() => execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']));
	await writeFile(server.machine.path('parameters'), `Key-Type: RSA\nKey-Length: 3072\nKey-Usage: cert,sign\nSubkey-Type: RSA\nSubkey-Length: 3072\nSubkey-Usage: encrypt\nName-Email: alice@example.com\nExpire-Date: 0\nPassphrase: ${passphrase}\n%commit\n`);
	gpg(['--generate-key', server.machine.path('parameters')]);
	await writeFile(publicKey, gpg(['--armor', '--export', 'alice@example.com']));
	await writeFile(file, gpg(['--armor', '--export-secret-keys', 'alice@example.com']));
	await writeFile(server.machine.path('passphrase'), `${passphrase}\n`);
	await server.json(['account', 'encryption', 'alice', '--key', 'remote', '--public-key', publicKey]);
	await server.write('alice', {'secret.txt': content});
	const {destinations} = await server.context.store.read('destinations');

	return {
		server, gpg, publicKey, destination: destinations[0]!.folder, key: ['--private-key-file', file, '--passphrase-file', server.machine.path('passphrase')],
	};
};

const runJob = async (t: ExecutionContext, server: Server, structure: string): Promise<string> => {
	await server.json(['job', 'create', structure, '--items', 'homedir', '--structure', structure, '--encrypted']);
	const {tasks} = await server.json<{readonly tasks: readonly TaskDocument[]}>(['job', 'run', structure]);
	t.is(tasks[0]!.state, 'completed');

	return tasks[0]!.backup!;
};

const opensDataKey = async (t: ExecutionContext, {server, gpg, key}: SetUp): Promise<void> => {
	const {destinations} = await server.context.store.read('destinations');
	const locations = await readVaultsAt(server.context, destinations[0]!.id);
	const location = locations.find(({account}) => account !== undefined)!;
	const opened = unlockVault(location);
	const [wrapped] = SegmentIndex.open(opened).keyRing.all();
	opened.storage.close();
	const {privateKey} = await unlockPrivateKey(await readFile(key[1]!), [passphrase]);
	const dataKeys = await openDataKeys(location, privateKey);
	const byGpg = gpg(['--decrypt'], wrapped!.wrapped);
	const own = dataKeys.find(({id}) => id === wrapped!.id.toString('hex'));
	t.true(byGpg.equals(own!.key));
};

test('backups go to it, its owner reads them with Holdfast, and gpg alone opens data keys, archives and downloads', async t => {
	const prepared = await setUp(t);
	const {server, gpg, destination, publicKey, key} = prepared;
	const extract = (archive: string, ...options: readonly string[]) => execFileSync('tar', ['-xO', ...options, '--wildcards', '*secret.txt'], {input: gpg(['--decrypt', archive]), encoding: 'utf8'});

	const incremental = await runJob(t, server, 'incremental');
	const without = await server.run('backup', 'cat', incremental, 'secret.txt');
	t.is(without.code, 8);
	const shown = await server.run('backup', 'cat', incremental, 'secret.txt', ...key);
	t.is(shown.stdout, content);
	await opensDataKey(t, prepared);

	for (const [structure, name, ...options] of [['archived', 'homedir.tar.gpg'], ['compressed', 'homedir.tar.gz.gpg', '-z']] as const) {
		const backup = await runJob(t, server, structure);
		const [archive] = globSync(`encrypted/*/archives/*/${backup}/${name}`, {cwd: destination});
		t.is(extract(join(destination, archive!), ...options), content);
		const target = server.machine.path(structure);
		t.like(await server.task(['restore', backup, '--to', target, '--yes', ...key]), {state: 'completed'});
		t.is(await readFile(join(target, 'secret.txt'), 'utf8'), content);
	}

	const {download} = await server.task(['download', 'create', incremental, '--recipient', publicKey, ...key]);
	const saved = server.machine.path('download.gpg');
	await server.json(['download', 'save', download!, saved]);
	t.is(extract(saved, '-z'), content);
});
