import {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	chownSync,
	existsSync,
	linkSync,
	mkdirSync,
	readdirSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {openVault} from '../../source/engine/vault/vault.ts';
import {makeTrappedHome} from '../hostile/trapped-home.ts';
import {createFixture, isRoot} from './fixture.ts';

const whenRoot = isRoot ? test : test.skip;
const rounds = process.env.HOLDFAST_TORTURE === undefined ? 15 : 400;

test('while its owner swaps folders and links, nothing outside a home is read or written', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	const {listOutside, race} = makeTrappedHome(t, {home, folder});
	const clean = await backup();
	const before = listOutside();
	await race();

	for (let round = 0; round < rounds; round++) {
		const raced = await backup({previousBackupId: null, uid: isRoot ? 1000 : process.getuid!()});
		const reader = await openVault(vault);
		const manifest = reader.readManifest('account-1', raced.id);

		for (const entry of reader.walkEntries(manifest)) {
			for await (const piece of reader.readContent(manifest, entry)) {
				t.false(isRoot && Buffer.from(piece).includes('CANARY'), entry.path);
			}
		}

		reader.close();
		await engine.restoreTree({...restoreRequest(clean.id, home), isMerge: round % 2 === 1});
		t.is(listOutside(), before, `round ${round}`);
	}
});

whenRoot('a file with a link outside the home and another owner is named and not read; all links inside are fine', async t => {
	const {home, folder, backup} = await createFixture(t);
	writeFileSync(path.join(folder, 'shadow'), 'root only');
	chmodSync(path.join(folder, 'shadow'), 0o600);
	linkSync(path.join(folder, 'shadow'), path.join(home, 'stolen'));
	writeFileSync(path.join(home, 'roots'), 'by root, linked twice in here');
	linkSync(path.join(home, 'roots'), path.join(home, 'roots-too'));

	const made = await backup({uid: 1000});
	t.is(made.status, 'partial');
	t.is(made.fileCount, 2);
	t.deepEqual(made.findings.map(finding => finding.path), ['stolen']);
});

whenRoot('setuid comes back only where the file belongs to the account', async t => {
	const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
	const target = path.join(folder, 'target');

	for (const [name, uid] of [['own', 1000], ['roots', 0]] as const) {
		writeFileSync(path.join(home, name), name);
		chownSync(path.join(home, name), uid, uid);
		chmodSync(path.join(home, name), 0o4755);
	}

	const {id} = await backup({uid: 1000});
	await engine.restoreTree({...restoreRequest(id, target), account: {uid: 1000, gid: 1000}});
	t.is(statSync(path.join(target, 'own')).mode & 0o7777, 0o4755);
	t.is(statSync(path.join(target, 'roots')).mode & 0o7777, 0o755);
	t.true(existsSync(target));
});

whenRoot('a folder to restore into is not reached through a link of somebody else', async t => {
	const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
	const theirs = path.join(folder, 'theirs');
	const victim = path.join(folder, 'victim');
	mkdirSync(theirs);
	mkdirSync(victim);
	symlinkSync(victim, path.join(theirs, 'way'));
	symlinkSync(victim, path.join(folder, 'own-way'));
	execFileSync('chown', ['-Rh', '1000:1000', theirs]);
	writeFileSync(path.join(home, 'a'), 'a');
	const {id} = await backup();

	const throughTheirs = path.join(theirs, 'way', 'new');
	await t.throwsAsync(engine.restoreTree(restoreRequest(id, throughTheirs)), {name: 'UserError', message: /cannot be opened/v});
	t.deepEqual(readdirSync(victim), []);
	const throughOurs = path.join(folder, 'own-way', 'new');
	await engine.restoreTree(restoreRequest(id, throughOurs));
	t.deepEqual(readdirSync(path.join(victim, 'new')), ['a']);
});
