import {Buffer} from 'node:buffer';
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
import test from 'ava';
import {
	childLine,
	createFixture,
	differences,
	runChild,
} from '../fixture.ts';
import {filesBelow} from '../vault-files.ts';

/** Every call that changes a file system; the sweep kills at the first, second, … of each until one run gets through. */
const isTorture = process.env.HOLDFAST_TORTURE !== undefined;
const calls = isTorture ? ['pwrite64', 'pwritev', 'fdatasync', 'fsync', 'link', 'unlink', 'mkdir'] : ['pwrite64', 'fdatasync', 'link', 'unlink'];
const step = isTorture ? 1 : 3;
const hasStrace = spawnSync('strace', ['-V']).status === 0;

(hasStrace ? test : test.skip)('killed at any system call, no archive is left that looks finished, and the next run sweeps the rest', async t => {
	const {home, folder, vault, backup, backupRequest, engine, restoreRequest} = await createFixture(t);
	mkdirSync(path.join(home, 'sub'));
	writeFileSync(path.join(home, 'sub', 'small'), 'small');
	writeFileSync(path.join(home, 'large'), Buffer.alloc(1_300_000, 'large '));
	const finished = await backup({structure: 'archived'});
	const finishedArchives = filesBelow(path.join(vault.folder, 'archives'));
	const pristine = path.join(folder, 'pristine');
	const target = path.join(folder, 'target');
	cpSync(vault.folder, pristine, {recursive: true});
	let kills = 0;

	for (const call of calls) {
		// The second link makes the manifest: a kill there leaves an archive without one.
		for (let when = call === 'link' ? 2 : 1, wasKilled = true; wasKilled; when += step) {
			const request = backupRequest('killed0000000001', {structure: 'archived', previousBackupId: null, uid: 0});
			const killing = ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${when}`];
			const run = spawnSync('strace', [...killing, ...childLine({type: 'backup', request})], {encoding: 'utf8'});
			wasKilled = run.signal === 'SIGKILL' || run.status === 137;
			kills += wasKilled ? 1 : 0;
			t.true(wasKilled || run.status === 0, `${call} ${when}: ${run.stderr}`);

			// Where the manifest came into being the backup is finished, and then its archive is there.
			const isFinished = existsSync(path.join(vault.folder, 'backups', 'account-1', 'killed0000000001'));
			const next = runChild({type: 'backup', request: {...request, backupId: 'next000000000001'}});
			t.is(next.status, 0, `${call} ${when}: ${next.stderr}`);
			t.deepEqual(readdirSync(path.join(vault.folder, 'unfinished')), [], `${call} ${when}`);
			t.is(filesBelow(path.join(vault.folder, 'archives')).length, finishedArchives.length + (isFinished ? 2 : 1), `${call} ${when}`);

			for (const id of [finished.id, 'next000000000001', ...isFinished ? ['killed0000000001'] : []]) {
				rmSync(target, {recursive: true, force: true});
				const restored = await engine.restoreTree(restoreRequest(id, target));
				t.is(restored.status, 'complete', `${call} ${when} ${id}`);
				t.is(differences(home, target), '', `${call} ${when} ${id}`);
			}

			rmSync(vault.folder, {recursive: true});
			cpSync(pristine, vault.folder, {recursive: true});
		}
	}

	t.log({kills});
	t.true(kills >= calls.length);
});
