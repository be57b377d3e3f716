import {Buffer} from 'node:buffer';
import {
	appendFileSync,
	copyFileSync,
	existsSync,
	statSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {UserError} from '../../../source/errors.ts';
import {createFixture} from '../fixture.ts';
import {filesBelow, flip} from '../vault-files.ts';

const isTorture = process.env.HOLDFAST_TORTURE !== undefined;

for (const structure of ['archived', 'compressed'] as const) {
	test.serial(`${structure}: whatever byte is flipped, wherever it is cut: the restore says damaged, names the archive and touches nothing; verify finds it`, async t => {
		const {home, folder, vault, engine, backup, restoreRequest} = await createFixture(t);
		writeFileSync(path.join(home, 'a'), 'first file');
		writeFileSync(path.join(home, 'b'), Buffer.alloc(3000, 'second file '));
		const {id} = await backup({structure});
		const target = path.join(folder, 'target');
		const [archive] = filesBelow(path.join(vault.folder, 'archives'));
		const pristine = path.join(folder, 'pristine');
		copyFileSync(archive!, pristine);
		const {size} = statSync(pristine);
		const backups = [{accountUuid: 'account-1', backupId: id}];

		const expectDamage = async (what: string, isQuicklySeen: boolean): Promise<void> => {
			const error = await t.throwsAsync(engine.restoreTree(restoreRequest(id, target)), {instanceOf: UserError}, what);
			t.is(error.code, 'damaged', what);
			t.true(error.message.includes('homedir.tar'), error.message);
			t.false(existsSync(target), what);
			const quick = await engine.verify({
				vault, backups, isDataRead: false, threads: 2,
			});
			t.is(quick.damaged.length, isQuicklySeen ? 1 : 0, what);
			const full = await engine.verify({
				vault, backups, isDataRead: true, threads: 2,
			});
			t.is(full.damaged.length, 1, what);
		};

		for (let offset = 0; offset < size; offset += isTorture ? 1 : Math.ceil(size / 12)) {
			copyFileSync(pristine, archive!);
			flip(archive!, offset);
			await expectDamage(`byte ${offset}`, false);

			// A preview proves nothing, but it never ends in anything but an answer or an error that says damaged.
			const problem = await engine.planRestore(restoreRequest(id, target)).then(() => undefined).catch((error: unknown) => error);
			t.true(problem === undefined || (problem instanceof UserError && problem.code === 'damaged'), `byte ${offset}: ${String(problem)}`);
		}

		for (const length of [0, 1, 511, 512, size - 1024, size - 1]) {
			copyFileSync(pristine, archive!);
			truncateSync(archive!, length);
			await expectDamage(`cut at ${length}`, true);
		}

		copyFileSync(pristine, archive!);
		appendFileSync(archive!, 'more');
		await expectDamage('longer', true);
		unlinkSync(archive!);
		await expectDamage('missing', true);
		copyFileSync(pristine, archive!);
		const restored = await engine.restoreTree(restoreRequest(id, target));
		t.is(restored.status, 'complete');
	});
}
