import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, readdirSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {childLine, createFixture, differences} from './fixture.ts';
import type {ChildRequest} from './engine-child.ts';

const fileBytes = 1_500_000;

/** Random files: what is stored has the size of what is read. */
const fill = (home: string, count: number): void => {
	for (let index = 0; index < count; index++) {
		spawnSync('sh', ['-c', `head -c ${fileBytes} /dev/urandom > "$1"`, 'sh', path.join(home, `upload-${String(index).padStart(3, '0')}`)]);
	}
};

const countFiles = (folder: string): number => existsSync(folder) ? readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile()).length : 0;

/** Starts the request, and kills its process as soon as the folder holds so many files. */
const killAt = async (t: ExecutionContext, request: ChildRequest, {folder, count}: {readonly folder: string; readonly count: number}): Promise<void> => {
	mkdirSync(folder, {recursive: true});
	const [command, ...values] = childLine(request);
	const child = spawn(command, values, {stdio: 'ignore'});
	const closed = once(child, 'close');
	const watching = setInterval(() => {
		if (countFiles(folder) >= count) {
			child.kill('SIGKILL');
		}
	}, 1);
	t.teardown(() => {
		clearInterval(watching);
		child.kill('SIGKILL');
	});
	const [, signal] = await closed as [number | null, string | null];
	clearInterval(watching);
	t.is(signal, 'SIGKILL', 'it was over before it could be killed');
};

const whenTraced = spawnSync('strace', ['-V']).status === 0 ? test.serial : test.skip;

whenTraced('a first backup that is killed goes on with what was stored', async t => {
	const {home, vault, folder, backup, backupRequest, engine, restoreRequest} = await createFixture(t);
	fill(home, 100);
	// A thread links its second pack to its name, and dies.
	const killing = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=link', '-e', 'inject=link:signal=KILL:when=2'];
	const killed = spawnSync('strace', [...killing, ...childLine({type: 'backup', request: backupRequest('killed0000000001')})]);
	t.true(killed.signal === 'SIGKILL' || killed.status === 137, 'it was over before it could be killed');
	const packs = countFiles(path.join(vault.folder, 'packs'));
	t.true(packs > 0);

	const made = await backup();
	t.is(made.status, 'complete');
	// A pack holds 32 MiB.
	t.true(made.storedBytes < (100 * fileBytes) - (packs * 30_000_000), `${made.storedBytes} stored again beside ${packs} packs`);

	const target = path.join(folder, 'target');
	await engine.restoreTree(restoreRequest(made.id, target));
	t.is(differences(home, target), '');
});

// Alone: what else goes on in this process would keep it from looking.
test.serial('a restore that is killed goes on with what was restored, and leaves nothing of its own', async t => {
	const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
	fill(home, 60);
	const {id} = await backup();
	const target = path.join(folder, 'target');
	await killAt(t, {type: 'restore', request: restoreRequest(id, target)}, {folder: target, count: 20});

	const plan = await engine.planRestore(restoreRequest(id, target));
	t.true(plan.keep.count >= 10, JSON.stringify(plan.keep));
	const result = await engine.restoreTree(restoreRequest(id, target));
	t.is(result.status, 'complete');
	t.is(result.summary.kept.count + result.summary.overwritten.count + result.summary.created.count, 61);
	t.true(result.summary.kept.count >= 10);
	t.is(differences(home, target), '');
});
