import {Buffer} from 'node:buffer';
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
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
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {openVault} from '../../source/engine/vault.ts';
import {createFixture, isRoot} from './fixture.ts';

const whenRoot = isRoot ? test : test.skip;
const racer = fileURLToPath(new URL('../hostile/swap-racer.js', import.meta.url));
const rounds = process.env.HOLDFAST_TORTURE === undefined ? 15 : 400;

const race = async (t: ExecutionContext, home: string, outside: string): Promise<void> => {
	const child = spawn(process.execPath, [racer, home, outside], {stdio: ['ignore', 'pipe', 'inherit']});
	t.teardown(() => {
		child.kill('SIGKILL');
	});
	await once(child.stdout, 'data');
};

test('while its owner swaps folders and links, nothing outside a home is read or written', async t => {
	t.timeout(600_000);
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	const outside = path.join(folder, 'outside');
	mkdirSync(path.join(outside, 'deep'), {recursive: true});
	mkdirSync(path.join(home, 'door', 'sub', 'deep'), {recursive: true});
	writeFileSync(path.join(outside, 'secret'), 'CANARY: not of this account');
	writeFileSync(path.join(outside, 'deep', 'page'), 'CANARY: not of this account');

	for (let index = 0; index < 40; index++) {
		writeFileSync(path.join(home, 'door', `page-${index}`), `page ${index}`);
		writeFileSync(path.join(home, 'door', 'sub', 'deep', `page-${index}`), `deep ${index}`);
	}

	writeFileSync(path.join(home, 'file'), 'mine');
	// The secret has another owner, as a victim's would.
	if (isRoot) {
		execFileSync('chown', ['-R', '65000:65000', outside]);
	}

	const clean = await backup();
	const before = execFileSync('find', [outside, '-printf', '%p %i %s %T@ %m %U %G\n'], {encoding: 'utf8'});
	await race(t, home, outside);

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
		t.is(execFileSync('find', [outside, '-printf', '%p %i %s %T@ %m %U %G\n'], {encoding: 'utf8'}), before, `round ${round}`);
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
