/**
What lists tell of the backups of each account, kept in one disposable file: three hundred thousand backups are not read again to count them. A digest is used only
while the file it was made from is still that very file; the reading of any other one is checked as ever.
*/
import {
	mkdir,
	readFile,
	rename,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {setImmediate as nextTurn} from 'node:timers/promises';
import * as z from 'zod';
import {digestBackups, type BackupDigest} from '../domain/backup-digest.ts';
import {isUuid} from '../domain/identifier.ts';
import type {UserError} from '../errors.ts';
import {tryReadBackups} from './read-backups.ts';
import {count, time} from './schemas/common.ts';
import type {Store} from './store.ts';

export type DigestReading = {
	readonly digest: BackupDigest;
	/** Why the backups cannot be told: then the digest is that of none. */
	readonly problem: UserError | undefined;
};

type Known = {readonly signature: string; readonly digest: BackupDigest};
type Memory = Map<string, Known>;

/** For fewer accounts the file of digests is not worth reading. */
const worthRemembering = 100;
/** So that a screen stays awake meanwhile. */
const readAtOnce = 100;

const memories = new WeakMap<Store, Promise<Memory>>();

/** The digests of these accounts as of now; all unless said otherwise. */
export const readBackupDigests = async (store: Store, accounts?: readonly string[]): Promise<ReadonlyMap<string, DigestReading>> => {
	const wanted = accounts ?? await store.keys('backups');
	const memory = wanted.length < worthRemembering && !memories.has(store) ? new Map<string, Known>() : await recall(store);
	const readings = new Map<string, DigestReading>();
	let changedCount = 0;

	for (const [index, account] of wanted.entries()) {
		if (index % readAtOnce === readAtOnce - 1) {
			await nextTurn();
		}

		const signature = store.signature('backups', account);
		const before = memory.get(account);

		if (before !== undefined && before.signature === signature) {
			readings.set(account, {digest: before.digest, problem: undefined});
			continue;
		}

		const reading = await read(store, account);
		readings.set(account, reading);

		// What was replaced while it was read is read again the next time.
		if (!(signature !== undefined && reading.problem === undefined && store.signature('backups', account) === signature)) {
			continue;
		}

		memory.set(account, {signature, digest: reading.digest});
		changedCount++;
	}

	if (changedCount > 0 && memories.has(store) && !store.isReadOnly) {
		await remember(store, memory);
	}

	return readings;
};

const read = async (store: Store, account: string): Promise<DigestReading> => {
	const {backups, problem} = await tryReadBackups(store, account);

	return {digest: digestBackups(backups), problem};
};

const pathOf = ({directory}: Store): string => join(directory, 'cache', 'backup-digests');

const place = z.strictObject({machine: z.string().min(1).optional(), home: z.string().startsWith('/').optional(), account: z.string().min(1)});
const digest: z.ZodType<BackupDigest> = z.strictObject({
	count,
	storedBytes: count,
	newest: z.strictObject({createdAt: time, status: z.enum(['complete', 'partial', 'damaged'])}).nullable(),
	ids: z.string().regex(/^(?:[\da-z]{16} ?)*$/v),
	places: z.array(place),
});
const uuid = z.string().refine(isUuid);
const known = z.strictObject({signature: z.string(), digest});
const remembered = z.strictObject({version: z.literal(1), digests: z.record(uuid, known)});

const recall = async (store: Store): Promise<Memory> => {
	const memory = memories.get(store) ?? readMemory(store);
	memories.set(store, memory);

	return memory;
};

/** Disposable: whatever is wrong with it, the backups themselves are read. */
const readMemory = async (store: Store): Promise<Memory> => {
	try {
		const text = await readFile(pathOf(store), 'utf8');
		const {digests} = remembered.parse(JSON.parse(text));

		return new Map(Object.entries(digests));
	} catch {
		return new Map();
	}
};

const remember = async (store: Store, memory: Memory): Promise<void> => {
	const existing = new Set(await store.keys('backups'));
	const digests = Object.fromEntries([...memory].filter(([account]) => existing.has(account)));
	const temporary = `${pathOf(store)}.${process.pid}`;

	await mkdir(join(store.directory, 'cache'), {recursive: true, mode: 0o700});
	await writeFile(temporary, JSON.stringify({version: 1, digests}), {mode: 0o600});
	await rename(temporary, pathOf(store));
};
