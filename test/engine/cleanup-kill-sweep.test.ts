import {spawnSync} from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {openVault} from '../../source/engine/vault/vault.ts';
import {Random} from '../benchmarks/random.ts';
import {createFixture, differences} from './fixture.ts';
import {filesBelow} from './vault-files.ts';

const child = fileURLToPath(new URL('cleanup-child.js', import.meta.url));
const isTorture = process.env.HOLDFAST_TORTURE !== undefined;
/** Every call of a cleanup that changes a file system. */
const calls = ['write', 'writev', 'fdatasync', 'fsync', 'link', 'unlink', 'mkdir'];
const step = isTorture ? 1 : 9;
const hasStrace = spawnSync('strace', ['-V']).status === 0;

(hasStrace ? test : test.skip)('a cleanup killed at any system call harms no backup, and the next one needs no help', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	const random = new Random(1);
	const location = JSON.stringify({folder: vault.folder, id: vault.id});

	for (const part of ['dead', 'half', 'kept']) {
		mkdirSync(path.join(home, part));

		for (let number = 0; number < 30; number++) {
			writeFileSync(path.join(home, part, String(number)), random.bytes(100_000));
		}

		await backup();
	}

	// Of the first run nothing is needed any more, of the second one a part.
	rmSync(path.join(home, 'dead'), {recursive: true});

	for (let number = 0; number < 20; number++) {
		rmSync(path.join(home, 'half', String(number)));
	}

	const kept = await backup();
	const opened = await openVault(vault);

	for (const ref of opened.listBackups('account-1')) {
		if (ref.backupId !== kept.id) {
			opened.deleteBackup(ref);
		}
	}

	opened.close();
	const pristine = path.join(folder, 'pristine');
	cpSync(vault.folder, pristine, {recursive: true});
	const whole = spawnSync(process.execPath, [child, location], {encoding: 'utf8'});
	t.is(whole.status, 0, whole.stderr);
	const {rewrittenPacks, droppedPacks} = JSON.parse(whole.stdout) as {rewrittenPacks: number; droppedPacks: number};
	t.true(rewrittenPacks > 0 && droppedPacks > 0, whole.stdout);
	const cleanedPacks = filesBelow(path.join(vault.folder, 'packs')).length;
	const target = path.join(folder, 'target');
	let kills = 0;

	const restores = async (what: string): Promise<void> => {
		rmSync(target, {recursive: true, force: true});
		const restored = await engine.restoreTree(restoreRequest(kept.id, target));
		t.is(restored.status, 'complete', `${what}: ${JSON.stringify(restored.findings)}`);
		t.is(differences(home, target), '', what);
	};

	for (const call of calls) {
		for (let when = 1, wasKilled = true; wasKilled; when += step) {
			rmSync(vault.folder, {recursive: true});
			cpSync(pristine, vault.folder, {recursive: true});
			const killing = ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${when}`];
			const run = spawnSync('strace', [...killing, process.execPath, child, location], {encoding: 'utf8'});
			wasKilled = run.signal === 'SIGKILL' || run.status === 137;
			kills += wasKilled ? 1 : 0;
			t.true(wasKilled || run.status === 0, `${call} ${when}: ${run.stderr}`);

			// A browser reads it as it was left, before anything mends it.
			const reader = await openVault(vault);
			const manifest = reader.readManifest('account-1', kept.id);
			t.is([...reader.walkEntries(manifest)].length, 43, `${call} ${when}`);
			reader.close();
			await restores(`${call} ${when}`);

			const next = spawnSync(process.execPath, [child, location], {encoding: 'utf8'});
			t.is(next.status, 0, `${call} ${when}: ${next.stderr}`);
			t.deepEqual((JSON.parse(next.stdout) as {findings: unknown[]}).findings, [], `${call} ${when}`);
			t.deepEqual(readdirSync(path.join(vault.folder, 'unfinished')), [], `${call} ${when}`);
			t.true(filesBelow(path.join(vault.folder, 'packs')).length <= cleanedPacks + 1, `${call} ${when}`);
			t.false(existsSync(path.join(vault.folder, 'losses')), `${call} ${when}`);
			await restores(`${call} ${when}, cleaned`);
		}
	}

	t.log({kills});
	t.true(kills > 7);
});
