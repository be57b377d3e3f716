import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {digestBackups} from '../../source/domain/backup-digest.ts';
import {backupsOfRotation, hasIdLike, type RotationDigest} from '../../source/domain/rotation-digest.ts';
import {eachRotation, readBackupDigests, renewBackupDigests} from '../../source/state/backup-digests.ts';
import type {DigestReading} from '../../source/state/digests.ts';
import {openStore} from '../../source/state/open-store.ts';
import type {Store} from '../../source/state/store.ts';
import {newBackup} from '../domain/new-backup.ts';
import {temporaryFolder} from '../sandbox.ts';

const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const accounts = Array.from({length: 120}, (_, index) => uuidOf(index));

const add = async (store: Store, accountUuid: string, changes: Parameters<typeof newBackup>[0] = {}): Promise<void> => store.update('backups', accountUuid, draft => {
	draft.backups = [...draft.backups, newBackup({accountUuid, ...changes})];
});

const setUp = async (t: ExecutionContext): Promise<{readonly directory: string; readonly open: () => Promise<Store>}> => {
	const directory = join(await temporaryFolder(t), 'state');
	const open = async (): Promise<Store> => openStore({directory, isReadOnly: false, isCreating: true});
	await open();
	await mkdir(join(directory, 'backups'), {mode: 0o700});

	for (const account of accounts) {
		await writeFile(join(directory, 'backups', `${account}.json`), JSON.stringify({version: 1, backups: [newBackup({accountUuid: account, storedBytes: 5})]}), {mode: 0o600});
	}

	return {directory, open};
};

/** As another process sees it, and what the files really hold. */
const compare = async (t: ExecutionContext, open: () => Promise<Store>): Promise<void> => {
	const readings = await readBackupDigests(await open());
	const store = await open();
	t.is(readings.size, accounts.length);

	for (const [account, {digest, problem}] of readings) {
		const {backups} = await store.read('backups', account);
		t.is(JSON.stringify(digest), JSON.stringify(digestBackups(backups)));
		t.is(problem, undefined);
	}
};

test('a digest is what the backups are, before and after they change, here and in another process', async t => {
	const {open, directory} = await setUp(t);
	await compare(t, open);
	const remembered = await readFile(join(directory, 'cache', 'backups.digests'), 'utf8');
	t.true(remembered.includes(accounts[7]!));
	await compare(t, open);

	const store = await open();
	await readBackupDigests(store);
	await add(store, accounts[7]!, {
		storedBytes: 70, createdAt: '2026-11-04T02:30:00.000Z', status: 'partial', home: '/srv/alice',
	});
	await add(store, accounts[8]!, {kind: 'safety', createdAt: '2026-11-05T02:30:00.000Z'});
	const readings = await readBackupDigests(store);
	t.like(readings.get(accounts[7]!)?.digest, {count: 2, storedBytes: 75, newest: {createdAt: '2026-11-04T02:30:00.000Z', status: 'partial'}});
	t.like(readings.get(accounts[8]!)?.digest, {count: 2, newest: {createdAt: '2026-11-03T02:30:00.000Z', status: 'complete'}});
	t.is(readings.get(accounts[7]!)?.digest.places.length, 2);
	await compare(t, open);

	await store.update('backups', accounts[7], draft => {
		draft.backups = [];
	});
	await compare(t, open);
	t.is((await readBackupDigests(await open(), {keys: [accounts[7]!, uuidOf(999)]})).get(uuidOf(999))?.digest.count, 0); // eslint-disable-line unicorn/no-await-expression-member
});

test('what was remembered is used only while the backups are those it was made of', async t => {
	const {open, directory} = await setUp(t);
	await compare(t, open);
	const cache = join(directory, 'cache', 'backups.digests');
	const remembered = await readFile(cache, 'utf8');

	// A line that was moved to another account, ...
	const [first, second] = remembered.split('\n', 3).slice(1) as [string, string];
	const [, key] = second.split('\t', 2);
	await writeFile(cache, remembered.replace(first, () => second.replace(key!, () => accounts[0]!)));
	await compare(t, open);
	// ... or says something else, proves nothing.
	await writeFile(cache, remembered.replace('"count":1,', '"count":41,'));
	await compare(t, open);

	// Nothing is remembered of a file that changed, also when it only became unreadable.
	await writeFile(join(directory, 'backups', `${accounts[0]!}.json`), '{');
	const readings = await readBackupDigests(await open());
	t.is(readings.get(accounts[0]!)?.problem?.code, 'damaged');
	t.is(readings.get(accounts[0]!)?.digest.count, 0);
	t.is(readings.get(accounts[1]!)?.problem, undefined);
});

for (const [what, damage] of [
	['cut off', (text: string) => text.slice(0, 1000)],
	['empty', () => ''],
	['of another version', (text: string) => text.replace('"version":3', '"version":2')],
	['wrong in one place', (text: string) => text.replace('"count":1,', '"count":-1,')],
	['missing', () => undefined],
] as const) {
	test(`a file of digests that is ${what} is made anew`, async t => {
		const {open, directory} = await setUp(t);
		await compare(t, open);
		const cache = join(directory, 'cache', 'backups.digests');
		const text = damage(await readFile(cache, 'utf8'));
		await (text === undefined ? rm(cache) : writeFile(cache, text));
		await compare(t, open);
		t.true((await readFile(cache, 'utf8')).startsWith('{"version":3}')); // eslint-disable-line unicorn/no-await-expression-member
	});
}

test('what others have found out since is read, and the file does not grow for ever', async t => {
	const {open, directory} = await setUp(t);
	const [long, other] = [await open(), await open()];
	await readBackupDigests(long);
	const cache = join(directory, 'cache', 'backups.digests');

	for (let round = 1; round <= 12; round++) {
		for (const account of accounts) {
			const file = join(directory, 'backups', `${account}.json`);
			await writeFile(file, JSON.stringify({version: 1, backups: [newBackup({accountUuid: account, storedBytes: round})]}), {mode: 0o600});
		}

		await readBackupDigests(other);
		const before = await readFile(cache, 'utf8');
		const readings = await readBackupDigests(long);
		t.true(readings.values().every(({digest}) => digest.storedBytes === round));
		// It had nothing to add.
		t.is(await readFile(cache, 'utf8'), before);
	}

	const text = await readFile(cache, 'utf8');
	t.true(text.split('\n').length < 1000 + (accounts.length * 3));
	await compare(t, open);
});

const readRotations = async (store: Store): Promise<ReadonlyMap<string, DigestReading<RotationDigest>>> => {
	const found = new Map<string, DigestReading<RotationDigest>>();

	for await (const [uuid, reading] of eachRotation(store)) {
		found.set(uuid, reading);
	}

	return found;
};

/** How often records are read. */
const counted = (store: Store): {readonly store: Store; readonly reads: () => number} => {
	let count = 0;

	return {
		store: {
			...store,
			async read(name, key) {
				count += name === 'backups' ? 1 : 0;

				return store.read(name, key);
			},
		},
		reads: () => count,
	};
};

test('records are read once for all that is remembered of them, and then only where they changed', async t => {
	const {open} = await setUp(t);
	const first = counted(await open());
	await renewBackupDigests(first.store);
	t.is(first.reads(), accounts.length);

	await add(await open(), accounts[3]!, {id: 'findmefindmefind', locked: true, lockedUntil: '2027-01-01T00:00:00.000Z'});
	const second = counted(await open());
	const progress: string[] = [];
	await readBackupDigests(second.store, {
		onProgress(done, total) {
			progress.push(`${done} of ${total}`);
		},
	});
	t.is(second.reads(), 1);
	t.deepEqual(progress, accounts.map((_, index) => `${index + 1} of ${accounts.length}`));

	const rotations = await readRotations(second.store);
	t.is(second.reads(), 2);
	t.deepEqual(rotations.keys().toArray().toSorted(), accounts);
	t.deepEqual(accounts.filter(uuid => hasIdLike(rotations.get(uuid)!.digest, 'findme')), [accounts[3]!]);

	for (const [uuid, {digest, problem}] of rotations) {
		const {backups} = await second.store.read('backups', uuid);
		t.is(problem, undefined);
		t.true(backupsOfRotation(digest).every((rotated, index) => Object.entries(rotated).every(([field, value]) => isDeepStrictEqual(value, backups[index]![field as keyof typeof rotated]))));
		t.is(backupsOfRotation(digest).length, backups.length);
	}
});

test('who gives up waiting loses nothing that was found out, and who may not write reads once', async t => {
	const {open, directory} = await setUp(t);
	const first = counted(await open());
	const iterator = eachRotation(first.store);
	await iterator.next();
	await iterator.next();
	await iterator.return(undefined);
	t.is(first.reads(), 2);
	const second = counted(await open());
	await readRotations(second.store);
	t.is(second.reads(), accounts.length - 2);

	const readOnly = counted(await openStore({directory, isReadOnly: true}));
	await readBackupDigests(readOnly.store);
	await readBackupDigests(readOnly.store);
	t.is(readOnly.reads(), accounts.length);
});

test('what a digest says goes with its version: whoever changes one changes the other', async t => {
	const {open, directory} = await setUp(t);
	await renewBackupDigests(await open());

	for (const [file, version, fields] of [
		['backups', 3, 'count storedBytes sizeBytes newest places span oldestUnlockedAt locks isEncrypted destinations'],
		['rotation', 1, 'rows shared'],
	] as const) {
		const [header, line] = (await readFile(join(directory, 'cache', `${file}.digests`), 'utf8')).split('\n', 2) as [string, string]; // eslint-disable-line unicorn/no-await-expression-member
		t.is(header, JSON.stringify({version}));
		const digest = JSON.parse(line.split('\t')[3]!) as object; // eslint-disable-line unicorn/prefer-split-limit
		t.deepEqual(Object.keys(digest), fields.split(' '));
	}
});
