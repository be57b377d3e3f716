import {
	mkdir,
	rm,
	truncate,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {CleanupResult, VaultLocation} from '../../source/engine/engine.ts';
import {CleanedVaults} from '../../source/runner/cleaned-vaults.ts';
import {temporaryFolder} from '../sandbox.ts';

const clean: CleanupResult = {
	droppedPacks: 0, rewrittenPacks: 0, freedBytes: 0, findings: [], isDamageMet: false,
};

type Bench = {
	readonly folder: string;
	readonly directory: string;
	/** Cleans up once more; true when there was something to do. */
	readonly isCleaned: (work?: () => Promise<CleanupResult>) => Promise<boolean>;
};

const setUp = async (t: ExecutionContext): Promise<Bench> => {
	const directory = await temporaryFolder(t);
	const folder = join(directory, 'vault');

	for (const name of ['backups/u/1', 'backups/u/2', 'packs/aa/p', 'index/i', 'keys/k']) {
		await mkdir(join(folder, name, '..'), {recursive: true});
		await writeFile(join(folder, name), 'content');
	}

	const vault: VaultLocation = {folder, id: 'vault-1', masterKey: new Uint8Array(32)};

	return {
		folder,
		directory,
		async isCleaned(work = async () => clean) {
			const cleaned = await CleanedVaults.open({directory});
			let wasCalled = false;
			await cleaned.cleanUnlessDone(vault, async () => {
				wasCalled = true;

				return work();
			});
			await cleaned.save();

			return wasCalled;
		},
	};
};

test('a vault in which nothing changed is passed over', async t => {
	const {isCleaned} = await setUp(t);
	t.true(await isCleaned());
	t.false(await isCleaned());
	t.false(await isCleaned());
});

const changes: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
	'a backup was deleted': async ({folder}) => rm(join(folder, 'backups/u/1')),
	'a pack was cut short': async ({folder}) => truncate(join(folder, 'packs/aa/p'), 3),
	'an index is gone': async ({folder}) => rm(join(folder, 'index/i')),
	async 'a killed run left something'({folder}) {
		await mkdir(join(folder, 'unfinished'));
		await writeFile(join(folder, 'unfinished/x'), '');
	},
	'what was remembered was cut short': async ({directory}) => truncate(join(directory, 'cache', 'cleaned.json'), 5),
	'nothing is remembered': async ({directory}) => rm(join(directory, 'cache'), {recursive: true}),
};

for (const [what, change] of Object.entries(changes)) {
	test(`not when ${what}`, async t => {
		const bench = await setUp(t);
		await bench.isCleaned();
		await change(bench);
		t.true(await bench.isCleaned());
		t.false(await bench.isCleaned());
	});
}

test('nor when something was found, or a backup deleted while it was cleaned up', async t => {
	const {isCleaned, folder} = await setUp(t);
	t.true(await isCleaned(async () => ({...clean, findings: [{level: 'problem', path: '', message: 'missing'}]})));
	t.true(await isCleaned(async () => ({...clean, isDamageMet: true})));
	t.true(await isCleaned(async () => {
		await rm(join(folder, 'backups/u/1'));

		return clean;
	}));
	t.true(await isCleaned());
	t.false(await isCleaned());
});
