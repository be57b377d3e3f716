/** A second backup takes over what did not change. Its catalog must be the one that a first backup of the same tree makes, page by page. */
import {
	appendFileSync,
	linkSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openVault} from '../../../source/engine/vault/vault.ts';
import {Random} from '../../benchmarks/random.ts';
import {createFixture, type EngineFixture} from '../fixture.ts';

const rounds = 8;

const fill = (home: string, random: Random): void => {
	for (let folder = 0; folder < 12; folder++) {
		const place = path.join(home, `folder-${folder}`, 'inner');
		mkdirSync(place, {recursive: true});

		// One folder is longer than a page.
		for (let file = 0; file < (folder === 5 ? 2600 : 60 + random.below(300)); file++) {
			writeFileSync(path.join(place, `${random.word()}-${file}`), random.word());
		}
	}
};

/** What happens to a tree: files appended to, made, removed, renamed and linked; folders moved. */
const change = (home: string, random: Random): void => {
	const folders = readdirSync(home).filter(name => !name.startsWith('link-'));
	const place = path.join(home, folders[random.below(folders.length)]!, 'inner');
	const names = readdirSync(place);
	const any = (): string => path.join(place, names[random.below(names.length)]!);

	appendFileSync(any(), 'more');
	writeFileSync(path.join(place, `new-${random.word()}`), random.word());
	linkSync(any(), path.join(home, `link-${random.word()}-${random.below(1_000_000)}`));
	renameSync(any(), path.join(place, `renamed-${random.below(1_000_000)}`));
	rmSync(path.join(place, readdirSync(place)[random.below(names.length - 1)]!));
	renameSync(path.join(home, folders[0]!), path.join(home, random.below(3) === 0 ? `moved-${random.below(1_000_000)}` : folders[0]!));
};

/** The entries in words, and the pages they lie in. */
const catalogOf = async ({vault}: EngineFixture, backupId: string): Promise<{readonly entries: readonly string[]; readonly pages: readonly string[]}> => {
	const opened = await openVault(vault);

	try {
		const manifest = opened.readManifest('account-1', backupId);
		// Which of several links names their group is up to the thread that was first.
		const groups = new Map<string | undefined, string>([[undefined, '']]);

		return {
			entries: Array.from(opened.walkEntries(manifest), ({path: place, type, sizeBytes, mode, modifiedNs, linkGroup, content}) => {
				groups.set(linkGroup, groups.get(linkGroup) ?? place);

				return [place, type, sizeBytes, mode, modifiedNs, groups.get(linkGroup), content?.sha256.toString('hex')].join(' ');
			}),
			pages: opened.catalogOf(manifest)!.pages.map(({shape, entryCount}) => `${shape.toString('hex')} ${entryCount}`),
		};
	} finally {
		opened.close();
	}
};

test('whatever changed: what is taken over and what is looked at anew make the same catalog as a first backup', async t => {
	const fixture = await createFixture(t);
	const {home, engine, backupRequest, backup} = fixture;
	const random = new Random(77);
	fill(home, random);
	await backup();

	for (let round = 0; round < rounds; round++) {
		if (round > 0) {
			change(home, random);
		}

		const {id} = await backup();
		const alone = `alone${String(round).padStart(11, '0')}`;
		await engine.backupTree(backupRequest(alone, {previousBackupId: null, isCacheKept: true}));
		t.deepEqual(await catalogOf(fixture, id), await catalogOf(fixture, alone), `round ${round}`);
	}
});
