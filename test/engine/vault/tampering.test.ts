/** What somebody who can write at the destination may try with the vault of a remote key: a restore is exact, or says that something is damaged. */
import type {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import {
	cpSync,
	mkdirSync,
	readFileSync,
	rmSync,
	truncateSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {VaultLocation} from '../../../source/engine/engine.ts';
import {ensureAccountVault} from '../../../source/engine/vault/account-vault.ts';
import {openDataKeys} from '../../../source/engine/vault/open-data-keys.ts';
import type {UserError} from '../../../source/errors.ts';
import {makeKeyPair} from '../../../source/system/openpgp-keys.ts';
import {createFixture, differences, type EngineFixture} from '../fixture.ts';
import {filesBelow} from '../vault-files.ts';

type AccountLocation = VaultLocation & {readonly account: NonNullable<VaultLocation['account']>};
type Block = {readonly start: number; readonly bytes: Buffer};

const now = new Date('2026-01-01T00:00:00.000Z');
const packHeaderLength = 32;
const blockHeaderLength = 48;

const blocksOf = (pack: string): readonly Block[] => {
	const bytes = readFileSync(pack);
	const blocks: Block[] = [];

	for (let start = packHeaderLength; bytes.toString('latin1', start, start + 4) === 'HFB1';) {
		const length = blockHeaderLength + bytes.readUInt32LE(start + 12);
		blocks.push({start, bytes: bytes.subarray(start, start + length)});
		start += length;
	}

	return blocks;
};

/** Puts the first block of one pack over that of another, as far as there is room. */
const putBlock = (from: string, to: string): void => {
	const source = blocksOf(from)[0]!;
	const target = blocksOf(to)[0]!;
	const bytes = readFileSync(to);
	source.bytes.copy(bytes, target.start, 0, target.bytes.length);
	writeFileSync(to, bytes);
};

const cutShort = (file: string): void => {
	truncateSync(file, Math.floor(statSync(file).size / 2));
};

type Packs = {readonly content: string; readonly catalog: string};
/** What is tampered with: packs and manifests of the older backup, of the newer one, which is restored, and of another account. */
type Three<Kind> = {readonly older: Kind; readonly newer: Kind; readonly foreign: Kind};
type Scene = {readonly own: string; readonly other: string; readonly packs: Three<Packs>; readonly manifests: Three<string>};

const tamperings: Readonly<Record<string, (scene: Scene) => void>> = {
	'a block of another account'({packs}) {
		putBlock(packs.foreign.content, packs.newer.content);
	},
	'a block of another backup'({packs}) {
		putBlock(packs.older.content, packs.newer.content);
	},
	'pages of the catalog of another account'({packs}) {
		putBlock(packs.foreign.catalog, packs.newer.catalog);
	},
	'pages of the catalog of another backup'({packs}) {
		putBlock(packs.older.catalog, packs.newer.catalog);
	},
	'a pack of another account'({packs}) {
		cpSync(packs.foreign.content, packs.newer.content);
	},
	'a pack of another backup'({packs}) {
		cpSync(packs.older.content, packs.newer.content);
	},
	'the manifest of another account'({manifests}) {
		cpSync(manifests.foreign, manifests.newer);
	},
	'an older manifest'({manifests}) {
		cpSync(manifests.older, manifests.newer);
	},
	'the index of another account'({own, other}) {
		rmSync(path.join(own, 'index'), {recursive: true});
		cpSync(path.join(other, 'index'), path.join(own, 'index'), {recursive: true});
	},
	'a pack that is cut short'({packs}) {
		cutShort(packs.newer.content);
	},
	'a manifest that is cut short'({manifests}) {
		cutShort(manifests.newer);
	},
	'indexes that are cut short'({own}) {
		for (const file of filesBelow(path.join(own, 'index'))) {
			cutShort(file);
		}
	},
	'keys that are cut short'({own}) {
		for (const file of filesBelow(path.join(own, 'keys'))) {
			cutShort(file);
		}
	},
	'the wrapped keys of another account'({own, other}) {
		rmSync(path.join(own, 'keys'), {recursive: true});
		cpSync(path.join(other, 'keys'), path.join(own, 'keys'), {recursive: true});
	},
};

/** Those that cost nothing but time: an index is made again from the packs. */
const harmless: ReadonlySet<string> = new Set(['the index of another account', 'indexes that are cut short']);

const locate = async ({vault, folder}: EngineFixture, keyId: string, publicKey: string): Promise<AccountLocation> => {
	const location = {...vault, account: {keyId, publicKey, catalogCopies: path.join(folder, 'catalogs')}};
	await ensureAccountVault(location, now.toISOString());

	return location;
};

/** The two packs of a backup: what its few small files hold is less than what its catalog says of them. */
const packsIn = (vault: string, known: readonly string[] = []): Packs => {
	const [content, catalog, ...others] = filesBelow(path.join(vault, 'packs')).filter(file => !known.includes(file)).toSorted((left, right) => statSync(left).size - statSync(right).size);

	if (content === undefined || catalog === undefined || others.length > 0) {
		throw new Error('A backup of this test makes two packs.');
	}

	return {content, catalog};
};

test('whatever is exchanged or cut short, no restore brings anything else and says that all is well', async t => {
	const fixture = await createFixture(t);
	const {engine, folder, home, backup, restoreRequest, vault: outer} = fixture;
	const [alice, bob] = await Promise.all([makeKeyPair({name: 'alice', now}), makeKeyPair({name: 'bob', now})]);
	const vault = await locate(fixture, 'a'.repeat(32), alice.publicKey);
	const foreign = await locate(fixture, 'b'.repeat(32), bob.publicKey);
	const own = path.join(outer.folder, 'encrypted', vault.account.keyId);
	const other = path.join(outer.folder, 'encrypted', foreign.account.keyId);
	mkdirSync(path.join(home, 'letters'));
	const write = (text: string): void => {
		for (const name of ['letters/one.txt', 'letters/two.txt', 'three.txt']) {
			writeFileSync(path.join(home, name), `${name}: ${text} `.repeat(400));
		}
	};

	write('first');
	const first = await backup({vault, previousBackupId: null});
	const older = packsIn(own);
	write('other');
	const elsewhere = await backup({vault: foreign, previousBackupId: null});
	write('later');
	writeFileSync(path.join(home, 'four.txt'), 'new in the second');
	const second = await backup({vault, previousBackupId: first.id});
	const scene: Scene = {
		own,
		other,
		packs: {older, newer: packsIn(own, Object.values(older)), foreign: packsIn(other)},
		manifests: {older: path.join(own, 'backups', 'account-1', first.id), newer: path.join(own, 'backups', 'account-1', second.id), foreign: path.join(other, 'backups', 'account-1', elsewhere.id)},
	};
	const {catalogCopies: _, ...account} = vault.account;
	const reading: VaultLocation = {...vault, account: {...account, dataKeys: await openDataKeys(vault, alice.privateKey)}};
	const whole = path.join(folder, 'whole');
	execFileSync('cp', ['-a', own, whole]);

	const restore = async (target: string): Promise<string> => {
		try {
			const {status, isDamageMet} = await engine.restoreTree({...restoreRequest(second.id, target), vault: reading});

			if (isDamageMet) {
				return 'damaged';
			}

			return status === 'complete' && differences(home, target) === '' ? 'exact' : `${status}, but not exact`;
		} catch (error) {
			return (error as UserError).code;
		}
	};

	t.is(await restore(path.join(folder, 'untouched')), 'exact');

	for (const [what, tamper] of Object.entries(tamperings)) {
		tamper(scene);
		t.is(await restore(path.join(folder, what)), harmless.has(what) ? 'exact' : 'damaged', what);
		rmSync(own, {recursive: true});
		execFileSync('cp', ['-a', whole, own]);
	}

	t.is(await restore(path.join(folder, 'put back')), 'exact');
});
