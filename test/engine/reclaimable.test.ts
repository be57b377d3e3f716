import {
	cpSync,
	mkdirSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openVault} from '../../source/engine/vault/vault.ts';
import {Random} from '../benchmarks/random.ts';
import {createFixture} from './fixture.ts';
import {filesBelow} from './vault-files.ts';

const uuids = ['account-1', 'account-2', 'account-3'] as const;

const sizeBelow = (folder: string): number => filesBelow(folder).reduce((sum, file) => sum + statSync(file).size, 0);

const fill = (folder: string, seed: number, count: number): void => {
	const random = new Random(seed);
	mkdirSync(folder, {recursive: true});

	for (let number = 0; number < count; number++) {
		writeFileSync(path.join(folder, `file-${number}`), random.bytes(60_000 + (number * 10)));
	}
};

test('what deleting an account frees is told to within five percent, shared data excluded', async t => {
	const {vault, engine, folder, backup} = await createFixture(t);
	const homes = uuids.map(uuid => path.join(folder, uuid));

	// Each has files of its own, and all have the same framework.
	for (const [index, home] of homes.entries()) {
		fill(path.join(home, 'own'), index + 1, 40 * (index + 1));
		fill(path.join(home, 'framework'), 99, 60);
	}

	for (let day = 0; day < 2; day++) {
		for (const [index, accountUuid] of uuids.entries()) {
			fill(path.join(homes[index]!, `day-${day}`), 1000 + (10 * index) + day, 5);
			await backup({
				accountUuid, root: homes[index]!, previousBackupId: null, backupId: `backup000000${day}00${index}`,
			});
		}
	}

	const pristine = path.join(folder, 'pristine');
	cpSync(vault.folder, pristine, {recursive: true});
	const told = await engine.measureReclaimable({vault, groups: new Map(uuids.map(uuid => [uuid, [uuid]]))});
	const shared = 60 * 60_000;

	for (const [index, accountUuid] of uuids.entries()) {
		const before = sizeBelow(vault.folder);
		const opened = await openVault(vault);

		for (const {backupId} of opened.listBackups(accountUuid)) {
			opened.deleteBackup({accountUuid, backupId});
		}

		opened.close();
		await engine.cleanUp({vault});
		const freed = before - sizeBelow(vault.folder);
		const bytes = told.get(accountUuid)!;
		t.true(Math.abs(bytes - freed) < freed * 0.05, `${accountUuid}: told ${bytes}, freed ${freed}`);
		t.true(freed < (40 * (index + 1) * 61_000) + shared, String(freed));
		rmSync(vault.folder, {recursive: true});
		cpSync(pristine, vault.folder, {recursive: true});
	}

	t.deepEqual([...await engine.measureReclaimable({vault, groups: new Map([['none', ['nobody']]])})], [['none', 0]]);
	const together = await engine.measureReclaimable({vault, groups: new Map<string, readonly string[]>([['all', uuids], ['none', ['nobody']]])});
	const alone = uuids.reduce((sum, uuid) => sum + told.get(uuid)!, 0);
	t.true(together.get('all')! > alone + (shared * 0.95), 'what they share goes with the last of them');
});
