import {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import {
	cpSync,
	existsSync,
	readFileSync,
	rmSync,
	statSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {UserError} from '../../source/errors.ts';
import {createFixture, differences} from './fixture.ts';
import {filesBelow, flip} from './vault-files.ts';

const flipStep = (process.env.HOLDFAST_TORTURE === undefined ? 37 : 1);

test('a flipped byte anywhere never gives wrong data: each restore is exact, or an error that says damaged', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	writeFileSync(path.join(home, 'a'), 'first file');
	writeFileSync(path.join(home, 'b'), Buffer.alloc(3000, 'second file '));
	const {id} = await backup();
	const target = path.join(folder, 'target');
	const pristine = path.join(folder, 'pristine');
	cpSync(vault.folder, pristine, {recursive: true});
	let damaged = 0;
	let exact = 0;

	for (const file of filesBelow(vault.folder)) {
		const {size} = statSync(file);
		// A sample that starts elsewhere in each file; "npm run torture" flips every byte.
		const step = flipStep;

		for (let offset = size % step; offset < size; offset += step) {
			flip(file, offset);
			rmSync(target, {recursive: true, force: true});
			const outcome = await engine.restoreTree(restoreRequest(id, target)).catch((error: unknown) => error);

			if (outcome instanceof UserError) {
				t.true(['damaged', 'key', 'failed'].includes(outcome.code), `${file} at ${offset}: ${outcome.message}`);
				damaged++;
			} else if (outcome instanceof Error) {
				t.fail(`${file} at ${offset}: ${outcome.stack}`);
			} else if ((outcome as {status: string}).status === 'partial') {
				t.true((outcome as {isDamageMet: boolean}).isDamageMet);

				for (const name of ['a', 'b']) {
					const restored = path.join(target, name);
					const original = readFileSync(path.join(home, name));
					t.true(!existsSync(restored) || readFileSync(restored).equals(original), `${file} at ${offset}`);
				}

				damaged++;
			} else {
				t.is(differences(home, target), '', `${file} at ${offset}`);
				exact++;
			}

			// A restore mends what it can: each flip begins with the vault as it was.
			rmSync(vault.folder, {recursive: true});
			cpSync(pristine, vault.folder, {recursive: true});
		}
	}

	t.log({damaged, exact});
	t.true(damaged > 30);
});

test('a missing or truncated pack fails what lies in it and restores the rest', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	writeFileSync(path.join(home, 'old'), 'from the first backup');
	await backup();
	const before = filesBelow(path.join(vault.folder, 'packs'));
	writeFileSync(path.join(home, 'new'), 'from the second');
	const {id} = await backup();

	// The first backup's data pack is the one whose loss leaves the newer catalog readable.
	for (const pack of before) {
		truncateSync(pack, 40);
	}

	const target = path.join(folder, 'target');
	const outcome = await engine.restoreTree(restoreRequest(id, target));
	t.is(outcome.status, 'partial');
	t.true(outcome.isDamageMet);
	t.deepEqual(outcome.findings.map(finding => finding.path), ['old']);
	t.is(readFileSync(path.join(target, 'new'), 'utf8'), 'from the second');
	t.false(existsSync(path.join(target, 'old')));
});

test('a missing manifest, index or vault is named', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	writeFileSync(path.join(home, 'a'), 'a');
	const {id} = await backup();
	const request = restoreRequest(id, path.join(folder, 'target'));

	execFileSync('mv', [path.join(vault.folder, 'index'), path.join(folder, 'index')]);
	await t.throwsAsync(engine.planRestore(request), {message: /in no index/v});
	execFileSync('mv', [path.join(folder, 'index'), path.join(vault.folder, 'index')]);

	unlinkSync(path.join(vault.folder, 'backups', 'account-1', id));
	await t.throwsAsync(engine.restoreTree(request), {message: /manifest is missing/v});

	execFileSync('mv', [vault.folder, path.join(folder, 'gone')]);
	await t.throwsAsync(engine.restoreTree(request), {message: /not mounted\?/v});
});

test('a backup whose predecessor is damaged reads everything anew and says so', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	writeFileSync(path.join(home, 'a'), 'a');
	const first = await backup();
	unlinkSync(path.join(vault.folder, 'backups', 'account-1', first.id));
	const second = await backup();
	t.is(second.status, 'complete');
	t.regex(second.findings[0]!.message, /read anew/v);

	const target = path.join(folder, 'target');
	await engine.restoreTree(restoreRequest(second.id, target));
	t.is(differences(home, target), '');
});

test('a pack that is gone or cut short is noticed, and what it held is stored again: older backups are whole again too', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	writeFileSync(path.join(home, 'a'), 'precious');
	const first = await backup();

	for (const [spoil, expected] of [['rm', 'gone'], ['truncate', 'cut-short']] as const) {
		for (const pack of filesBelow(path.join(vault.folder, 'packs'))) {
			if (spoil === 'rm') {
				unlinkSync(pack);
			} else {
				truncateSync(pack, 100);
			}
		}

		const again = await backup();
		t.is(again.status, 'partial');
		t.regex(again.findings[0]!.message, /packs are missing/v);

		for (const {id} of [first, again]) {
			const target = path.join(folder, `${expected}-${id}`);
			const restored = await engine.restoreTree(restoreRequest(id, target));
			t.is(restored.status, 'complete', JSON.stringify(restored.findings));
			t.is(differences(home, target), '');
		}

		const calm = await backup();
		t.is(calm.status, 'complete');
	}
});

test('an index that is cut short is made again from the packs', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	writeFileSync(path.join(home, 'a'), 'precious');
	const {id} = await backup();

	for (const index of filesBelow(path.join(vault.folder, 'index'))) {
		truncateSync(index, 30);
	}

	const target = path.join(folder, 'target');
	await t.throwsAsync(engine.planRestore(restoreRequest(id, target)), {message: /cut short/v, name: 'UserError'});
	const restored = await engine.restoreTree(restoreRequest(id, target));
	t.is(restored.status, 'complete');
	t.is(differences(home, target), '');
});
