import {
	cpSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import type {VerifyResult} from '../../source/engine/engine.ts';
import {Random} from '../benchmarks/random.ts';
import {createFixture, differences, type EngineFixture} from './fixture.ts';
import {filesBelow, flip} from './vault-files.ts';

const isTorture = process.env.HOLDFAST_TORTURE !== undefined;

const verify = async ({engine, vault}: EngineFixture, ids: readonly string[], isDataRead: boolean): Promise<VerifyResult> =>
	engine.verify({
		vault, backups: ids.map(backupId => ({accountUuid: 'account-1', backupId})), isDataRead, threads: 2,
	});

const packsOf = ({vault}: EngineFixture): string[] => filesBelow(path.join(vault.folder, 'packs')).toSorted((left, right) => statSync(right).size - statSync(left).size);

test('what is whole is proven whole, and all of it is read', async t => {
	const fixture = await createFixture(t);
	const random = new Random(1);
	mkdirSync(path.join(fixture.home, 'sub'));
	writeFileSync(path.join(fixture.home, 'sub', 'large'), random.bytes(3_000_000));
	writeFileSync(path.join(fixture.home, 'empty'), '');
	const {id} = await fixture.backup();
	const quick = await verify(fixture, [id], false);
	t.like(quick, {damaged: [], findings: [], bytesRead: 0});
	t.deepEqual(quick.intact, [{accountUuid: 'account-1', backupId: id, status: 'complete'}]);
	const full = await verify(fixture, [id], true);
	t.like(full, {damaged: [], findings: []});
	t.true(full.bytesRead > 3_000_000);
});

test('the shares of what is stored are all of it, and damage lies in one of them', async t => {
	const fixture = await createFixture(t);
	const {home, backup, engine, vault} = fixture;
	const random = new Random(5);
	const ids: string[] = [];

	for (let day = 0; day < 6; day++) {
		writeFileSync(path.join(home, `file-${day}`), random.bytes(50_000));
		const {id} = await backup();
		ids.push(id);
	}

	const backups = ids.map(backupId => ({accountUuid: 'account-1', backupId}));
	const readShare = async (number: number) => engine.verify({
		vault, backups, isDataRead: true, share: {number, of: 3}, threads: 2,
	});
	const full = await verify(fixture, ids, true);
	const shares = [await readShare(0), await readShare(1), await readShare(2)];
	t.is(shares.reduce((sum, {bytesRead}) => sum + bytesRead, 0), full.bytesRead);
	t.true(shares.every(({bytesRead}) => bytesRead < full.bytesRead));

	flip(packsOf(fixture)[0]!, 5000);
	const found = [await readShare(0), await readShare(1), await readShare(2)];
	t.true(found.some(({damaged}) => damaged.length > 0));
});

test('a flipped byte in a block is found by reading; the next backup stores it anew, and the older one is whole again', async t => {
	const fixture = await createFixture(t);
	const {home, folder, backup, engine, restoreRequest} = fixture;
	const random = new Random(2);
	writeFileSync(path.join(home, 'precious'), random.bytes(100_000));
	const first = await backup();
	writeFileSync(path.join(home, 'other'), random.bytes(400_000));
	const second = await backup();
	// The largest pack is that of the second backup; the next that of the first.
	flip(packsOf(fixture)[1]!, 5000);

	t.like(await verify(fixture, [second.id], false), {damaged: []});
	const found = await verify(fixture, [second.id], true);
	t.deepEqual(found.damaged.map(({backupId}) => backupId).toSorted(), [first.id, second.id]);
	t.true(found.findings.some(({path: file, message}) => file === 'precious' && message.includes(first.id)), JSON.stringify(found.findings));

	// It has left the index: now looking is enough.
	const known = await verify(fixture, [second.id], false);
	t.is(known.damaged.length, 2);
	const target = path.join(folder, 'target');
	const partial = await engine.restoreTree(restoreRequest(second.id, target));
	t.like(partial, {status: 'partial', isDamageMet: true});

	const third = await backup();
	t.is(third.status, 'complete');
	t.like(await verify(fixture, [first.id, second.id, third.id], true), {damaged: []});
	rmSync(target, {recursive: true});
	const restored = await engine.restoreTree(restoreRequest(second.id, target));
	t.is(restored.status, 'complete');
	t.is(differences(home, target), '');
});

test('a pack that is gone or cut short is named from a listing, with the backups it belongs to', async t => {
	for (const spoil of ['rm', 'truncate'] as const) {
		const fixture = await createFixture(t);
		const {home, backup} = fixture;
		writeFileSync(path.join(home, 'a'), new Random(3).bytes(100_000));
		const first = await backup();
		rmSync(path.join(home, 'a'));
		writeFileSync(path.join(home, 'b'), 'b');
		const second = await backup();
		const [pack] = packsOf(fixture);

		if (spoil === 'rm') {
			unlinkSync(pack!);
		} else {
			truncateSync(pack!, 50_000);
		}

		const found = await verify(fixture, [first.id, second.id], false);
		t.deepEqual(found.damaged.map(({backupId}) => backupId), [first.id]);
		t.deepEqual(found.intact.map(({backupId}) => backupId), [second.id]);
		t.regex(found.findings[0]!.message, spoil === 'rm' ? /^pack [\da-f]{32} is missing/v : /^pack [\da-f]{32} has 50000 bytes instead of/v);
		t.like(await verify(fixture, [second.id], false), {intact: [{backupId: second.id}]});
	}
});

test('a damaged or missing manifest is damage', async t => {
	const fixture = await createFixture(t);
	writeFileSync(path.join(fixture.home, 'a'), 'a');
	const {id} = await fixture.backup();
	const manifest = path.join(fixture.vault.folder, 'backups', 'account-1', id);
	flip(manifest, 50);
	t.like(await verify(fixture, [id], false), {damaged: [{backupId: id}]});
	flip(manifest, 50);
	t.like(await verify(fixture, [id], false), {damaged: []});
	renameSync(manifest, path.join(fixture.folder, 'away'));
	const gone = await verify(fixture, [id], false);
	t.regex(gone.findings[0]!.message, /manifest is missing/v);
});

test('any flipped byte of a pack that a restore would meet is found', async t => {
	const fixture = await createFixture(t);
	const {home, folder, vault, backup, engine, restoreRequest} = fixture;
	writeFileSync(path.join(home, 'a'), 'first file');
	writeFileSync(path.join(home, 'b'), new Random(4).bytes(300));
	const {id} = await backup();
	const pristine = path.join(folder, 'pristine');
	cpSync(vault.folder, pristine, {recursive: true});
	let damaged = 0;

	for (const pack of filesBelow(path.join(vault.folder, 'packs'))) {
		const {size} = statSync(pack);

		for (let offset = 0; offset < size; offset += isTorture ? 1 : 41) {
			flip(pack, offset);
			const target = path.join(folder, 'target');
			rmSync(target, {recursive: true, force: true});
			const outcome = await engine.restoreTree(restoreRequest(id, target)).catch(() => undefined);
			const found = await verify(fixture, [id], true);
			t.is(found.damaged.length > 0, outcome?.status !== 'complete', `${pack} at ${offset}`);
			damaged += found.damaged.length;
			rmSync(vault.folder, {recursive: true});
			cpSync(pristine, vault.folder, {recursive: true});
		}
	}

	t.true(damaged > 5);
	t.true(readdirSync(vault.folder).includes('vault.json'));
});

test('a damaged catalog of the previous backup, known or not, spoils no next one', async t => {
	const fixture = await createFixture(t);
	const {home, folder, backup, engine, restoreRequest} = fixture;
	mkdirSync(path.join(home, 'sub'));

	for (let number = 0; number < 3000; number++) {
		writeFileSync(path.join(home, 'sub', `file-${number}`), '');
	}

	await backup();

	for (const change of ['nothing', 'something']) {
		// Empty files have no content: every pack holds parts of catalogs alone.
		for (const pack of packsOf(fixture)) {
			flip(pack, 100);
		}

		if (change === 'something') {
			writeFileSync(path.join(home, 'sub', 'file-7'), 'changed');
		}

		const next = await backup();
		t.is(next.status, 'complete', JSON.stringify(next.findings));
		t.true(next.findings.some(({message}) => message.includes('data was lost')), JSON.stringify(next.findings));
		t.like(await verify(fixture, [next.id], true), {damaged: [], intact: [{backupId: next.id}]});
		const target = path.join(folder, `target-${change}`);
		const restored = await engine.restoreTree(restoreRequest(next.id, target));
		t.is(restored.status, 'complete');
		t.is(differences(home, target), '');
	}
});
