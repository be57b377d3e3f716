import {execFileSync} from 'node:child_process';
import {createHash, hash} from 'node:crypto';
import {
	cpSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openVault} from '../../source/engine/vault/vault.ts';
import {Random} from '../benchmarks/random.ts';
import {createFixture, differences, type EngineFixture} from './fixture.ts';
import {filesBelow, flip} from './vault-files.ts';

const sizeBelow = (folder: string): number => filesBelow(folder).reduce((sum, file) => sum + statSync(file).size, 0);

/** Files that compression and deduplication cannot make smaller. */
const fill = (folder: string, seed: number, count = 40): void => {
	const random = new Random(seed);
	mkdirSync(folder, {recursive: true});

	for (let number = 0; number < count; number++) {
		writeFileSync(path.join(folder, `file-${number}`), random.bytes(50_000 + (number * 100)));
	}
};

const deleteBackup = async ({vault}: EngineFixture, backupId: string): Promise<void> => {
	const opened = await openVault(vault);
	opened.deleteBackup({accountUuid: 'account-1', backupId});
	opened.close();
};

const restoresExactly = async (t: ExecutionContext, {engine, restoreRequest, folder}: EngineFixture, [id, expected]: readonly [string, string]): Promise<void> => {
	const target = path.join(folder, `restored-${id}`);
	rmSync(target, {recursive: true, force: true});
	const restored = await engine.restoreTree(restoreRequest(id, target));
	t.is(restored.status, 'complete', JSON.stringify(restored.findings));
	t.is(differences(expected, target), '');
};

test('cleanup frees what only a deleted backup needed, and harms no other', async t => {
	const fixture = await createFixture(t);
	const {home, folder, vault, backup, engine} = fixture;
	fill(path.join(home, 'old'), 1);
	fill(path.join(home, 'kept'), 2);
	const first = await backup();
	rmSync(path.join(home, 'old'), {recursive: true});
	fill(path.join(home, 'new'), 3);
	const second = await backup();
	const copy = path.join(folder, 'copy');
	execFileSync('cp', ['-a', home, copy]);

	const nothing = await engine.cleanUp({vault});
	t.is(nothing.droppedPacks + nothing.rewrittenPacks, 0);
	await deleteBackup(fixture, first.id);
	const before = sizeBelow(vault.folder);
	const preview = await engine.planCleanup({vault});
	t.is(sizeBelow(vault.folder), before);
	const result = await engine.cleanUp({vault});
	const freed = before - sizeBelow(vault.folder);
	t.true(freed > 1_900_000, String(freed));
	t.true(Math.abs(result.freedBytes - freed) < freed * 0.05, `${result.freedBytes} ${freed}`);
	t.true(Math.abs(preview.freedBytes - freed) < freed * 0.05, `${preview.freedBytes} ${freed}`);
	t.deepEqual(result.findings, []);

	await restoresExactly(t, fixture, [second.id, copy]);
	const again = await engine.cleanUp({vault});
	t.is(again.droppedPacks + again.rewrittenPacks, 0);
	const third = await backup();
	await restoresExactly(t, fixture, [third.id, home]);
});

test('without any backup nothing is left but the vault itself', async t => {
	const fixture = await createFixture(t);
	const {home, vault, backup, engine} = fixture;
	fill(home, 1);
	const {id} = await backup();
	await deleteBackup(fixture, id);
	await engine.cleanUp({vault});
	t.deepEqual(filesBelow(path.join(vault.folder, 'packs')), []);
	t.true(sizeBelow(vault.folder) < 3000);
	const next = await backup({previousBackupId: null});
	await restoresExactly(t, fixture, [next.id, home]);
});

test('many small packs become few', async t => {
	const fixture = await createFixture(t);
	const {home, vault, backup, engine} = fixture;
	const ids = [];

	for (let day = 0; day < 10; day++) {
		fill(path.join(home, `day-${day}`), day + 1, 2);
		const {id} = await backup();
		ids.push(id);
	}

	const before = filesBelow(path.join(vault.folder, 'packs')).length;
	t.true(before > 16);
	const result = await engine.cleanUp({vault});
	t.is(result.rewrittenPacks, before);
	t.is(filesBelow(path.join(vault.folder, 'packs')).length, 1);
	t.is(readdirSync(path.join(vault.folder, 'index')).length, 1);
	await restoresExactly(t, fixture, [ids.at(-1)!, home]);
});

test('a damaged block is never thrown away: its pack is named and stays', async t => {
	const fixture = await createFixture(t);
	const {home, vault, backup, engine} = fixture;
	fill(path.join(home, 'old'), 1);
	fill(path.join(home, 'kept'), 2);
	const first = await backup();
	rmSync(path.join(home, 'old'), {recursive: true});
	await backup();
	await deleteBackup(fixture, first.id);
	const largest = filesBelow(path.join(vault.folder, 'packs')).toSorted((left, right) => statSync(right).size - statSync(left).size);

	for (const pack of largest.slice(0, 2)) {
		// A byte in each block of a mebibyte.
		for (let offset = 500_000; offset < statSync(pack).size - 200_000; offset += 1 << 20) {
			flip(pack, offset);
		}
	}

	const result = await engine.cleanUp({vault});
	t.true(result.isDamageMet);
	t.regex(result.findings[0]!.message, /^pack [\da-f]{32} was left as it is: .*does not open/v);
	const named = /[\da-f]{32}/v.exec(result.findings[0]!.message)![0];
	t.true(filesBelow(vault.folder).some(file => file.endsWith(named)));
});

test('a backup of which it cannot be told what it needs stops the cleanup before anything is removed', async t => {
	const fixture = await createFixture(t);
	const {home, vault, backup, engine} = fixture;
	fill(home, 1);
	const {id} = await backup();
	fill(home, 2);
	const second = await backup();
	await deleteBackup(fixture, id);
	const manifest = path.join(vault.folder, 'backups', 'account-1', second.id);
	flip(manifest, 40);
	const before = filesBelow(vault.folder);
	await t.throwsAsync(engine.cleanUp({vault}), {message: new RegExp(`What backup ${second.id} needs cannot be read`, 'v'), name: 'UserError'});
	t.deepEqual(filesBelow(vault.folder), before);
	flip(manifest, 40);
	const {droppedPacks} = await engine.cleanUp({vault});
	t.true(droppedPacks > 0);
});

test('a reader that began before a cleanup reads on', async t => {
	const fixture = await createFixture(t);
	const {home, vault, backup, engine} = fixture;
	fill(path.join(home, 'old'), 1);
	fill(path.join(home, 'kept'), 2);
	const first = await backup();
	rmSync(path.join(home, 'old'), {recursive: true});
	const second = await backup();
	const reader = await openVault(vault);
	const manifest = reader.readManifest('account-1', second.id);
	const entry = reader.findEntry(manifest, 'kept/file-3')!;
	await deleteBackup(fixture, first.id);
	const {rewrittenPacks} = await engine.cleanUp({vault});
	t.true(rewrittenPacks > 0);
	const whole = createHash('sha256');

	for await (const piece of reader.readContent(manifest, entry)) {
		whole.update(piece);
	}

	const original = readFileSync(path.join(home, 'kept', 'file-3'));
	t.true(whole.digest().equals(hash('sha256', original, 'buffer')));
	reader.close();
});

test('an index whose successor is there is not held against the packs', async t => {
	const fixture = await createFixture(t);
	const {home, folder, vault, backup, engine} = fixture;
	fill(path.join(home, 'old'), 1);
	const first = await backup();
	rmSync(path.join(home, 'old'), {recursive: true});
	fill(path.join(home, 'new'), 2);
	await backup();
	const index = path.join(vault.folder, 'index');
	cpSync(index, path.join(folder, 'index'), {recursive: true});
	await deleteBackup(fixture, first.id);
	await engine.cleanUp({vault});
	// As if the cleanup had been killed before it removed the old index files, and the packs had gone all the same.
	cpSync(path.join(folder, 'index'), index, {recursive: true});
	const next = await backup();
	t.is(next.status, 'complete', JSON.stringify(next.findings));
	await restoresExactly(t, fixture, [next.id, home]);
});

test('what is lost makes the next backup of every account read anew, also that of another process', async t => {
	const fixture = await createFixture(t);
	const {home, folder, vault, backup} = fixture;
	const other = path.join(folder, 'other');
	writeFileSync(path.join(home, 'a'), 'of the first account');
	mkdirSync(other);
	writeFileSync(path.join(other, 'b'), 'of the second account');
	await backup();
	await backup({
		accountUuid: 'account-2', root: other, previousBackupId: null, backupId: 'other00000000001',
	});

	for (const pack of filesBelow(path.join(vault.folder, 'packs'))) {
		unlinkSync(pack);
	}

	await backup();
	await backup({
		accountUuid: 'account-2', root: other, previousBackupId: 'other00000000001', backupId: 'other00000000002',
	});
	const target = path.join(folder, 'target');
	const restored = await fixture.engine.restoreTree({...fixture.restoreRequest('other00000000002', target), accountUuid: 'account-2'});
	t.is(restored.status, 'complete', JSON.stringify(restored.findings));
	t.is(differences(other, target), '');
});
