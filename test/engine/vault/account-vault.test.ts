import {Buffer} from 'node:buffer';
import {execFileSync, spawnSync} from 'node:child_process';
import {
	cpSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext, type ThrowsExpectation} from 'ava';
import {generateKey} from 'openpgp';
import type {VaultLocation} from '../../../source/engine/engine.ts';
import {SegmentIndex} from '../../../source/engine/segments/segment-index.ts';
import {deleteAccountVault, ensureAccountVault, listAccountVaults} from '../../../source/engine/vault/account-vault.ts';
import {openDataKeys} from '../../../source/engine/vault/open-data-keys.ts';
import {unlockVault} from '../../../source/engine/vault/unlock-vault.ts';
import {openVault} from '../../../source/engine/vault/vault.ts';
import {UserError} from '../../../source/errors.ts';
import {createFixture, differences, type EngineFixture} from '../fixture.ts';
import {filesBelow, flip} from '../vault-files.ts';

type AccountLocation = VaultLocation & {account: NonNullable<VaultLocation['account']>};
type Keys = {readonly privateKey: string; readonly publicKey: string};

const createdAt = '2026-01-01T00:00:00.000Z';
const keyId = 'a'.repeat(32);
const otherKeyId = 'b'.repeat(32);

const makeKeys = async (): Promise<Keys> => generateKey({
	type: 'ecc',
	curve: 'curve25519Legacy',
	// eslint-disable-next-line @typescript-eslint/naming-convention -- the library's word
	userIDs: [{name: 'alice'}],
	format: 'armored',
});

const locate = async ({vault, folder}: EngineFixture, id: string, publicKey: string | null): Promise<AccountLocation> => {
	const location = {...vault, account: {keyId: id, publicKey, catalogCopies: path.join(folder, 'cache', 'catalogs')}};
	await ensureAccountVault(location, createdAt);

	return location;
};

/** As whoever reads content opens it: without the server's copies. */
const asReader = ({account: {catalogCopies: _, ...account}, ...location}: AccountLocation, dataKeys: AccountLocation['account']['dataKeys'] = []): AccountLocation => ({...location, account: {...account, dataKeys}});

const fill = ({home}: EngineFixture): void => {
	mkdirSync(path.join(home, 'letters'));
	writeFileSync(path.join(home, 'letters', 'secret.txt'), 'the treasure lies under the oak '.repeat(1000));

	for (let number = 0; number < 50; number++) {
		writeFileSync(path.join(home, `file-${number}`), `content ${number} `.repeat(200));
	}
};

/** The home of a gpg that has the private key. */
const gpgHomeOf = (t: ExecutionContext, {folder}: EngineFixture, {privateKey}: Keys): string => {
	const gpgHome = path.join(folder, 'gpg');
	mkdirSync(gpgHome, {mode: 0o700});
	t.teardown(() => spawnSync('gpgconf', ['--homedir', gpgHome, '--kill', 'gpg-agent']));
	execFileSync('gpg', ['--homedir', gpgHome, '--batch', '--import'], {input: privateKey, stdio: ['pipe', 'ignore', 'ignore']});

	return gpgHome;
};

const keyNeeded: ThrowsExpectation<UserError> = {instanceOf: UserError, code: 'key'};

test('what lies under a remote key is opened by its owner alone; unattended runs go on without', async t => {
	const fixture = await createFixture(t);
	const {engine, folder, home, backup, restoreRequest} = fixture;
	const keys = await makeKeys();
	const vault = await locate(fixture, keyId, keys.publicKey);
	fill(fixture);
	const first = await backup({vault});
	writeFileSync(path.join(home, 'letters', 'new.txt'), 'another letter');
	const second = await backup({vault});
	t.is(second.status, 'complete');
	t.deepEqual(second.findings, []);
	t.true(second.storedBytes < first.storedBytes / 2, `${first.storedBytes} ${second.storedBytes}`);

	for (const file of filesBelow(vault.folder)) {
		t.false(readFileSync(file).includes('treasure lies'));
	}

	const target = path.join(folder, 'restored');
	const without = {...restoreRequest(second.id, target), vault: asReader(vault)};
	await t.throwsAsync(engine.restoreTree(without), keyNeeded);
	await t.throwsAsync(engine.planRestore(without), keyNeeded);
	const browsed = await openVault(asReader(vault));
	t.throws(() => browsed.listFolder(browsed.readManifest('account-1', second.id), ''), keyNeeded);
	browsed.close();
	const others = await makeKeys();
	await t.throwsAsync(openDataKeys(vault, others.privateKey), keyNeeded);

	const dataKeys = await openDataKeys(vault, keys.privateKey);
	t.is(dataKeys.length, 2);
	const restored = await engine.restoreTree({...without, vault: asReader(vault, dataKeys)});
	t.is(restored.status, 'complete', JSON.stringify(restored.findings));
	t.is(differences(home, target), '');
	const verified = await engine.verify({
		vault: asReader(vault, dataKeys), backups: [{accountUuid: 'account-1', backupId: first.id}], isDataRead: true, threads: 2,
	});
	t.deepEqual(verified.findings, []);
	t.is(verified.intact.length, 1);
});

test('gpg alone opens the wrapped data keys', async t => {
	const fixture = await createFixture(t);
	const keys = await makeKeys();
	const vault = await locate(fixture, keyId, keys.publicKey);
	fill(fixture);
	await fixture.backup({vault});
	const gpgHome = gpgHomeOf(t, fixture, keys);
	const opened = unlockVault(vault);
	const [wrapped] = SegmentIndex.open(opened).keyRing.all();
	opened.storage.close();
	const plain = execFileSync('gpg', ['--homedir', gpgHome, '--batch', '--decrypt'], {input: wrapped!.wrapped, stdio: ['pipe', 'pipe', 'ignore']});
	const [dataKey] = await openDataKeys(vault, keys.privateKey);
	t.deepEqual(plain, Buffer.from(dataKey!.key));
});

const archives = [['archived', 'homedir.tar.gpg'], ['compressed', 'homedir.tar.gz.gpg']] as const;

for (const [structure, name] of archives) {
	test(`${structure} under a remote key: gpg and tar alone open it, its owner restores it, and nothing of it stays in the clear`, async t => {
		const fixture = await createFixture(t);
		const {engine, folder, home, backup, restoreRequest} = fixture;
		const keys = await makeKeys();
		const vault = await locate(fixture, keyId, keys.publicKey);
		fill(fixture);
		const made = await backup({vault, structure, previousBackupId: null});
		t.is(made.status, 'complete');
		const archive = path.join(vault.folder, 'encrypted', keyId, 'archives', 'account-1', made.id, name);
		const plain = path.join(folder, 'plain.tar');
		execFileSync('gpg', ['--homedir', gpgHomeOf(t, fixture, keys), '--batch', '--output', plain, '--decrypt', archive], {stdio: 'ignore'});
		t.true(execFileSync('tar', ['-tf', plain], {encoding: 'utf8'}).includes('letters/secret.txt'));

		const target = path.join(folder, 'restored');
		const without = {...restoreRequest(made.id, target), vault: asReader(vault)};
		await t.throwsAsync(engine.restoreTree(without), keyNeeded);
		const others = await makeKeys();
		await t.throwsAsync(openDataKeys(vault, others.privateKey), keyNeeded);
		const restored = await engine.restoreTree({...without, vault: asReader(vault, await openDataKeys(vault, keys.privateKey))});
		t.is(restored.status, 'complete', JSON.stringify(restored.findings));
		t.is(differences(home, target), '');
		t.deepEqual(filesBelow(path.join(folder, 'cache')).filter(file => readFileSync(file).includes('treasure lies')), []);

		// Whether it is what was stored can be told without any key.
		const request = {
			vault: asReader(vault), backups: [{accountUuid: 'account-1', backupId: made.id}], isDataRead: true, threads: 2,
		};
		const whole = await engine.verify(request);
		t.is(whole.intact.length, 1);
		flip(archive, 1000);
		const damaged = await engine.verify(request);
		t.is(damaged.damaged.length, 1);
	});

	test(`${structure} under a local key comes back`, async t => {
		const fixture = await createFixture(t);
		const {engine, folder, home, backup, restoreRequest} = fixture;
		const vault = await locate(fixture, keyId, null);
		fill(fixture);
		const made = await backup({vault, structure, previousBackupId: null});
		t.deepEqual(filesBelow(vault.folder).filter(file => readFileSync(file).includes('treasure lies')), []);
		const target = path.join(folder, 'restored');
		const restored = await engine.restoreTree({...restoreRequest(made.id, target), vault: asReader(vault)});
		t.is(restored.status, 'complete', JSON.stringify(restored.findings));
		t.is(differences(home, target), '');
	});
}

test('cleanup frees under a remote key what no backup needs, and forgets its copies of catalogs', async t => {
	const fixture = await createFixture(t);
	const {engine, folder, home, backup, restoreRequest} = fixture;
	const keys = await makeKeys();
	const vault = await locate(fixture, keyId, keys.publicKey);
	const copies = path.join(folder, 'cache', 'catalogs', `vault-1-${keyId}`);
	fill(fixture);
	writeFileSync(path.join(home, 'large'), Buffer.from(Array.from({length: 3_000_000}, (_, index) => (index * 7919) % 251)));
	const first = await backup({vault});
	rmSync(path.join(home, 'large'));
	writeFileSync(path.join(home, 'file-1'), 'changed');
	const second = await backup({vault});
	const opened = await openVault(vault);
	opened.deleteBackup({accountUuid: 'account-1', backupId: first.id});
	opened.close();
	const before = readdirSync(copies).length;
	const cleaned = await engine.cleanUp({vault});
	t.true(cleaned.freedBytes > 0);
	t.deepEqual(cleaned.findings, []);
	t.true(readdirSync(copies).length < before);

	const target = path.join(folder, 'restored');
	const restored = await engine.restoreTree({...restoreRequest(second.id, target), vault: asReader(vault, await openDataKeys(vault, keys.privateKey))});
	t.is(restored.status, 'complete', JSON.stringify(restored.findings));
	t.is(differences(home, target), '');
});

test('without its copies of catalogs the server reads everything anew, stores it once, and frees nothing it cannot judge', async t => {
	const fixture = await createFixture(t);
	const {engine, folder, home, backup, restoreRequest} = fixture;
	const keys = await makeKeys();
	const vault = await locate(fixture, keyId, keys.publicKey);
	fill(fixture);
	const first = await backup({vault});
	rmSync(path.join(folder, 'cache', 'catalogs'), {recursive: true});
	await t.throwsAsync(engine.cleanUp({vault}), keyNeeded);
	const second = await backup({vault});
	t.is(second.status, 'complete');
	t.true(second.findings.some(({message}) => message.includes('no longer has its copy')), JSON.stringify(second.findings));
	t.true(second.storedBytes < first.storedBytes / 2, `${first.storedBytes} ${second.storedBytes}`);
	const third = await backup({vault});
	t.deepEqual(third.findings, []);
	const copies = filesBelow(path.join(folder, 'cache', 'catalogs'));

	// As after a power cut.
	for (const copy of copies) {
		writeFileSync(copy, '');
	}

	const fourth = await backup({vault});
	t.is(fourth.status, 'complete');
	const fifth = await backup({vault});
	t.deepEqual(fifth.findings, []);
	const target = path.join(folder, 'restored');
	const restored = await engine.restoreTree({...restoreRequest(third.id, target), vault: asReader(vault, await openDataKeys(vault, keys.privateKey))});
	t.is(restored.status, 'complete');
	t.is(differences(home, target), '');
});

test('a local key needs nobody, and shares nothing with other accounts', async t => {
	const fixture = await createFixture(t);
	const {engine, folder, home, backup, restoreRequest, vault: outer} = fixture;
	const vault = await locate(fixture, keyId, null);
	fill(fixture);
	const own = await backup({vault, previousBackupId: null});
	const plain = await backup({previousBackupId: null});
	t.true(plain.storedBytes > own.storedBytes * 0.9);
	const target = path.join(folder, 'restored');
	const restored = await engine.restoreTree({...restoreRequest(own.id, target), vault});
	t.is(restored.status, 'complete');
	t.is(differences(home, target), '');
	const elsewhere = restoreRequest(own.id, path.join(folder, 'none'));
	await t.throwsAsync(engine.restoreTree({...elsewhere, vault: outer}), {instanceOf: UserError});
	t.deepEqual(listAccountVaults(outer.folder), [keyId]);
	deleteAccountVault(vault);
	t.deepEqual(listAccountVaults(outer.folder), []);
});

/** What somebody who can write at the destination may try. */
const swaps: Record<string, (own: string, other: string, t: ExecutionContext) => void> = {
	packs(own, other) {
		const [pack] = filesBelow(path.join(own, 'packs'));
		const [foreign] = filesBelow(path.join(other, 'packs'));
		cpSync(foreign!, pack!);
	},
	manifests(own, other) {
		const [manifest] = filesBelow(path.join(own, 'backups'));
		const [foreign] = filesBelow(path.join(other, 'backups'));
		cpSync(foreign!, manifest!);
	},
	indexes(own, other) {
		rmSync(path.join(own, 'index'), {recursive: true});
		cpSync(path.join(other, 'index'), path.join(own, 'index'), {recursive: true});
	},
	'whole vaults'(own, other) {
		renameSync(own, `${own}-away`);
		cpSync(other, own, {recursive: true});
	},
	'wrapped keys'(own, other) {
		rmSync(path.join(own, 'keys'), {recursive: true});
		cpSync(path.join(other, 'keys'), path.join(own, 'keys'), {recursive: true});
	},
};

for (const [what, swap] of Object.entries(swaps)) {
	test(`${what} of another account are noticed, or do not matter`, async t => {
		const fixture = await createFixture(t);
		const {engine, folder, home, backup, restoreRequest, vault: outer} = fixture;
		const vault = await locate(fixture, keyId, null);
		const other = await locate(fixture, otherKeyId, null);
		fill(fixture);
		const own = await backup({vault, previousBackupId: null});
		const copy = path.join(folder, 'copy');
		execFileSync('cp', ['-a', home, copy]);
		writeFileSync(path.join(home, 'letters', 'secret.txt'), 'changed '.repeat(5000));
		await backup({vault: other, previousBackupId: null});
		swap(path.join(outer.folder, 'encrypted', keyId), path.join(outer.folder, 'encrypted', otherKeyId), t);
		const target = path.join(folder, 'restored');

		const request = restoreRequest(own.id, target);
		const isNoticed = await engine.restoreTree({...request, vault})
			// An index is made again from the packs.
			.then(({isDamageMet, status}) => isDamageMet || (status === 'complete' && differences(copy, target) === ''))
			.catch((error: unknown) => (error as UserError).code === 'damaged');
		t.true(isNoticed, 'a restore of something else that met no damage');
	});
}

test('a manifest in the place of a newer one is noticed', async t => {
	const fixture = await createFixture(t);
	const {engine, folder, home, backup, restoreRequest, vault: outer} = fixture;
	const vault = await locate(fixture, keyId, null);
	fill(fixture);
	const first = await backup({vault, previousBackupId: null});
	writeFileSync(path.join(home, 'letters', 'secret.txt'), 'changed');
	const second = await backup({vault});
	const backups = path.join(outer.folder, 'encrypted', keyId, 'backups', 'account-1');
	cpSync(path.join(backups, first.id), path.join(backups, second.id));
	const request = restoreRequest(second.id, path.join(folder, 'restored'));
	await t.throwsAsync(engine.restoreTree({...request, vault}), {instanceOf: UserError, code: 'damaged'});
});

test('the public key that the destination names must be the one this server knows', async t => {
	const fixture = await createFixture(t);
	const own = await makeKeys();
	const vault = await locate(fixture, keyId, own.publicKey);
	const {publicKey} = await makeKeys();
	fill(fixture);
	await t.throwsAsync(fixture.backup({vault: {...vault, account: {...vault.account, publicKey}}}), {instanceOf: UserError, code: 'damaged'});
});
