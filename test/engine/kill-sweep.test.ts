import {Buffer} from 'node:buffer';
import {spawnSync} from 'node:child_process';
import {
	appendFileSync,
	cpSync,
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
} from './fixture.ts';

const isTorture = process.env.HOLDFAST_TORTURE !== undefined;
/** Every call that changes a file system; the sweep kills at the first, second, … of each until one run gets through. */
const calls = ['write', 'pwrite64', 'fdatasync', 'fsync', 'link', 'rename', 'unlink', 'mkdir', 'ftruncate'];
const step = isTorture ? 1 : 7;
const hasStrace = spawnSync('strace', ['-V']).status === 0;

(hasStrace ? test : test.skip)('killed at any system call, every finished backup stays restorable and the next run needs no help', async t => {
	const fixture = await createFixture(t);
	const {home, folder, vault, backup, backupRequest, engine, restoreRequest} = fixture;
	mkdirSync(path.join(home, 'sub'));
	writeFileSync(path.join(home, 'sub', 'first'), Buffer.alloc(700_000, 'first '));
	writeFileSync(path.join(home, 'log'), 'day one\n');
	const finished = await backup();
	const copy = path.join(folder, 'copy');
	cpSync(home, copy, {recursive: true, preserveTimestamps: true});
	const pristine = path.join(folder, 'pristine');
	cpSync(vault.folder, pristine, {recursive: true});
	let kills = 0;

	for (const call of calls) {
		for (let when = 1, wasKilled = true; wasKilled; when += step) {
			appendFileSync(path.join(home, 'log'), `${call} ${when}\n`);
			writeFileSync(path.join(home, 'sub', 'second'), Buffer.alloc(900_000, `${call} ${when}`));
			const request = backupRequest(`killed${String(when).padStart(4, '0')}`, {previousBackupId: finished.id, uid: 0});
			const killing = ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${when}`];
			const run = spawnSync('strace', [...killing, ...childLine({type: 'backup', request})], {encoding: 'utf8'});
			wasKilled = run.signal === 'SIGKILL' || run.status === 137;
			kills += wasKilled ? 1 : 0;
			t.true(wasKilled || run.status === 0, `${call} ${when}: ${run.stderr}`);

			const target = path.join(folder, 'target');
			rmSync(target, {recursive: true, force: true});
			const old = await engine.restoreTree(restoreRequest(finished.id, target));
			t.is(old.status, 'complete', `${call} ${when}`);
			t.is(differences(copy, target).replaceAll(/^[.>][df][^\st]*t\S* .*\n/gmv, ''), '', `${call} ${when}`);

			const next = runChild({type: 'backup', request: {...request, backupId: 'next000000000001'}});
			t.is(next.status, 0, `${call} ${when}: ${next.stderr}`);
			t.deepEqual(readdirSync(path.join(vault.folder, 'unfinished')), [], `${call} ${when}`);
			rmSync(target, {recursive: true, force: true});
			await engine.restoreTree(restoreRequest('next000000000001', target));
			t.is(differences(home, target), '', `${call} ${when}`);

			rmSync(vault.folder, {recursive: true});
			cpSync(pristine, vault.folder, {recursive: true});
		}
	}

	t.log({kills});
	t.true(kills > 10);
});
