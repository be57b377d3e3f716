import {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {createVault} from '../../source/engine/vault/create-vault.ts';
import {mountSmall} from '../small-disk.ts';
import {createFixture, differences, isRoot} from './fixture.ts';

const whenRoot = isRoot ? test : test.skip;

whenRoot('a destination that fills up loses nothing, keeps nothing of the failed backup, and works again when there is room', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	const disk = path.join(folder, 'disk');
	mountSmall(t, disk, '6m');
	const small = {...vault, folder: path.join(disk, 'vault'), id: 'vault-2'};
	await createVault(small.folder, {
		id: small.id, masterKey: small.masterKey, recoveryKey: Buffer.alloc(32, 9), createdAt: '2026-01-01T00:00:00.000Z',
	});
	writeFileSync(path.join(home, 'a'), 'fits');
	const first = await backup({vault: small, previousBackupId: null});

	execFileSync('sh', ['-c', 'head -c 20000000 /dev/urandom > "$1/b"', 'sh', home]);
	await t.throwsAsync(backup({vault: small, previousBackupId: first.id}), {message: /destination is full/v, name: 'UserError'});
	t.deepEqual(readdirSync(path.join(small.folder, 'unfinished')), []);

	execFileSync('rm', [path.join(home, 'b')]);
	const again = await backup({vault: small, previousBackupId: first.id});
	t.is(again.status, 'complete');

	const target = path.join(folder, 'target');
	await engine.restoreTree({...restoreRequest(first.id, target), vault: small});
	t.is(readFileSync(path.join(target, 'a'), 'utf8'), 'fits');
});

whenRoot('a target that is too small is refused before anything is written; one that fills up meanwhile names what is missing', async t => {
	const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
	writeFileSync(path.join(home, 'a'), 'small');
	execFileSync('sh', ['-c', 'head -c 9000000 /dev/urandom > "$1/b"', 'sh', home]);
	const {id} = await backup();
	const disk = path.join(folder, 'disk');
	mountSmall(t, disk, '6m');

	const target = path.join(disk, 'home');
	await t.throwsAsync(engine.restoreTree(restoreRequest(id, target)), {message: /needs 9\.0 MB/v, name: 'UserError'});
	t.deepEqual(readdirSync(target), []);

	// Room for the bytes, but not for the inodes.
	for (let index = 0; index < 300; index++) {
		writeFileSync(path.join(home, `many-${index}`), '');
	}

	execFileSync('rm', [path.join(home, 'b')]);
	const many = await backup();
	const few = path.join(folder, 'few-inodes');
	mountSmall(t, few, '6m,nr_inodes=100');
	const result = await engine.restoreTree(restoreRequest(many.id, path.join(few, 'home')));
	t.is(result.status, 'partial');
	t.true(result.problemCount > 100);
	t.regex(result.findings[0]!.message, /disk is full/v);
	// The folder itself is among what was restored.
	t.is(readdirSync(path.join(few, 'home')).length, result.summary.created.count + result.summary.overwritten.count - 1);
});

whenRoot('a live file stays as it was when its replacement does not fit', async t => {
	const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
	execFileSync('sh', ['-c', 'head -c 3000000 /dev/urandom > "$1/big"', 'sh', home]);
	const {id} = await backup();
	const disk = path.join(folder, 'disk');
	mountSmall(t, disk, '5m');
	const target = path.join(disk, 'home');
	mkdirSync(target);
	writeFileSync(path.join(target, 'big'), Buffer.alloc(3_000_000, 'live'));

	const outcome = await engine.restoreTree(restoreRequest(id, target)).catch((error: unknown) => error as Error);
	t.true(outcome instanceof Error);
	t.true(readFileSync(path.join(target, 'big')).equals(Buffer.alloc(3_000_000, 'live')));
	t.false(existsSync(path.join(target, 'extra')));
	t.not(differences(home, target), '');
});
