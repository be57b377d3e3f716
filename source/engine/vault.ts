/**
A vault: one repository at one destination for one server. This is the reading side, which never locks, and the making of a new one.
*/
import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {mkdirSync, readdirSync} from 'node:fs';
import type {Entry} from '../domain/entry.ts';
import type {RawPath} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {FormatError} from './bytes.ts';
import {Catalog} from './catalog.ts';
import type {StoredEntry} from './catalog-page.ts';
import type {VaultLocation} from './engine.ts';
import {
	deriveKey,
	idLength,
	keyLength,
	open,
	seal,
	SealError,
} from './keys.ts';
import {LocalStorage} from './local-storage.ts';
import {
	type BackupRef,
	type Manifest,
	manifestName,
	readManifest,
} from './manifest.ts';
import {SegmentIndex} from './segment-index.ts';
import {SegmentReader} from './segment-reader.ts';
import type {Storage} from './storage.ts';

const factsName = 'vault.json';
const format = 'holdfast-vault';
const version = 1;
const keptStateCopies = 14;

type VaultFacts = {readonly format: string; readonly version: number; readonly id: string; readonly createdAt: string};
type WrappedKeys = {readonly version: number; readonly wraps: ReadonlyArray<{readonly by: 'master' | 'recovery'; readonly sealed: string}>};

export type NewVault = {
	readonly id: string;
	readonly masterKey: Uint8Array;
	readonly recoveryKey: Uint8Array;
	readonly createdAt: string;
};

/**
Makes a vault in an empty or absent folder.
@throws UserError `refused` when the folder holds anything.
*/
export const createVault = async (folder: string, {id, masterKey, recoveryKey, createdAt}: NewVault): Promise<void> => {
	mkdirSync(folder, {recursive: true, mode: 0o700});

	if (readdirSync(folder).some(name => name !== 'lost+found')) {
		throw new UserError(`The folder ${folder} is not empty; a new destination needs a folder of its own.`, {code: 'refused', hint: 'Name an empty or new folder, or read what is there with "holdfast destination scan".'});
	}

	const storage = new LocalStorage(folder);
	const rootKey = randomBytes(keyLength);
	const keys: WrappedKeys = {
		version,
		wraps: [
			{by: 'master', sealed: wrap(masterKey, rootKey, id)},
			{by: 'recovery', sealed: wrap(recoveryKey, rootKey, id)},
		],
	};
	const facts: VaultFacts = {
		format, version, id, createdAt,
	};

	// The facts come last: a folder without them is no vault yet.
	// Without its keys a vault is lost, so they are there twice.
	for (let copy = 0; copy < 2; copy++) {
		await put(storage, `keys/${randomBytes(idLength).toString('hex')}`, Buffer.from(JSON.stringify(keys, undefined, '\t')));
	}

	await put(storage, factsName, Buffer.from(JSON.stringify(facts, undefined, '\t')));
	storage.close();
};

/**
The id stored in the vault at `folder`, or `undefined` where there is none.
@throws UserError `damaged`
*/
export const readVaultId = (folder: string): string | undefined => {
	const storage = new LocalStorage(folder);

	try {
		return readFacts(storage, folder)?.id;
	} finally {
		storage.close();
	}
};

export type OpenedVault = {readonly storage: Storage; readonly rootKey: Buffer; readonly id: string};

/**
Opens storage and root key, for the engine's own threads.
@throws UserError `failed` when it is not there, `key` when the master key does not open it, `damaged`
*/
export const unlockVault = ({folder, id, masterKey}: VaultLocation): OpenedVault => {
	const storage = new LocalStorage(folder);
	const facts = readFacts(storage, folder);

	if (!facts) {
		throw new UserError(`The destination ${folder} holds no vault: not mounted?`, {code: 'failed', hint: 'Mount it, or look with "holdfast destination check".'});
	}

	if (facts.id !== id) {
		throw new UserError(`The vault at ${folder} is another one (${facts.id}, expected ${id}): another disk mounted there?`, {code: 'failed', hint: 'Mount the right one, or look with "holdfast destination check".'});
	}

	return {storage, rootKey: unwrapRootKey(storage, {by: 'master', key: masterKey, vaultId: id}), id};
};

export const openVault = async (location: VaultLocation): Promise<Vault> => new Vault(unlockVault(location), location.folder);

/** Reading one backup or many. All methods throw UserError `damaged` naming what is broken. */
export class Vault {
	readonly #folder: string;
	readonly #storage: Storage;
	readonly #rootKey: Buffer;
	#index: SegmentIndex | undefined;
	#segments: SegmentReader | undefined;
	readonly #catalogs = new Map<string, Catalog>();
	readonly id: string;

	constructor({storage, rootKey, id}: OpenedVault, folder: string) {
		this.id = id;
		this.#folder = folder;
		this.#storage = storage;
		this.#rootKey = rootKey;
	}

	#stateNames(): string[] {
		return this.#storage.list('states').map(({name}) => name.slice('states/'.length)).sort();
	}

	#reader(): SegmentReader {
		this.#index ??= SegmentIndex.open(this.#storage, this.#rootKey);
		this.#segments ??= new SegmentReader(this.#storage, this.#index);
		return this.#segments;
	}

	#orDamaged<Result>(what: string, read: () => Result): Result {
		try {
			return read();
		} catch (error) {
			throw this.#asDamaged(what, error);
		}
	}

	#asDamaged(what: string, error: unknown): unknown {
		return error instanceof FormatError || error instanceof SealError || (error as NodeJS.ErrnoException).code?.startsWith('Z') || (error as NodeJS.ErrnoException).code === 'ENOENT'
			? new UserError(`${what} cannot be read: ${(error as Error).message}.`, {code: 'damaged', hint: `See what is affected with "holdfast backup verify" (destination ${this.#folder}).`, cause: error})
			: error;
	}

	/** Which backups are stored, of one account or of all. */
	listBackups(accountUuid?: string): BackupRef[] {
		const stored = this.#storage.list(accountUuid === undefined ? 'backups' : `backups/${accountUuid}`);

		return stored.map(({name}) => {
			const [, account, backup] = name.split('/', 3);

			return {accountUuid: account!, backupId: backup!};
		});
	}

	readManifest(accountUuid: string, backupId: string): Manifest {
		return this.#orDamaged(`The manifest of backup ${backupId}`, () => {
			try {
				return readManifest(this.#storage, this.#rootKey, {vaultId: this.id, accountUuid, backupId});
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
					throw new FormatError(`${manifestName({accountUuid, backupId})} is missing`);
				}

				throw error;
			}
		});
	}

	/** The catalog of the home in a backup; `undefined` where the backup holds no home. */
	catalogOf(manifest: Manifest): Catalog | undefined {
		const known = this.#catalogs.get(manifest.id);
		const root = manifest.items.find(item => item.name === 'homedir')?.parts[0]?.catalog;

		if (known || !root) {
			return known;
		}

		return this.#orDamaged(`The catalog of backup ${manifest.id}`, () => {
			const catalog = Catalog.open(root, digest => this.#reader().read(digest));
			this.#catalogs.set(manifest.id, catalog);
			return catalog;
		});
	}

	/** The entries of one folder of the home, by name. */
	listFolder(manifest: Manifest, folder: RawPath): Entry[] {
		return this.#orDamaged(`The catalog of backup ${manifest.id}`, () => this.catalogOf(manifest)?.listFolder(folder) ?? []);
	}

	findEntry(manifest: Manifest, path: RawPath): StoredEntry | undefined {
		return this.#orDamaged(`The catalog of backup ${manifest.id}`, () => this.catalogOf(manifest)?.find(path));
	}

	/** The entry at `path` and all below it. */
	* walkEntries(manifest: Manifest, path: RawPath = ''): Generator<StoredEntry> {
		try {
			yield * this.catalogOf(manifest)?.walk(path) ?? [];
		} catch (error) {
			throw this.#asDamaged(`The catalog of backup ${manifest.id}`, error);
		}
	}

	/** The content of a stored file, piece by piece, each checked; holes come as zeros. */
	async * readContent(manifest: Manifest, entry: StoredEntry): AsyncGenerator<Uint8Array> {
		for (const {length, digest} of entry.content?.extents ?? []) {
			yield * digest
				? [this.#orDamaged(`The file in backup ${manifest.id}`, () => this.#reader().read(digest))]
				: zeros(length);
		}
	}

	/** Reads one stored segment, checked. */
	readSegment(digest: Buffer): Buffer {
		return this.#orDamaged('The vault', () => this.#reader().read(digest));
	}

	freeBytes(): number {
		return this.#storage.freeBytes();
	}

	/** Keeps a sealed copy of the state, and the newest fourteen of them. `name` sorts by time. */
	async putStateCopy(name: string, bytes: Uint8Array): Promise<void> {
		await put(this.#storage, `states/${name}`, seal(deriveKey(this.#rootKey, 'state copies'), bytes, Buffer.from(`${this.id}/${name}`)));

		for (const old of this.#stateNames().slice(0, -keptStateCopies)) {
			this.#storage.delete(`states/${old}`);
		}
	}

	/** The newest copy of the state; `undefined` where there is none. */
	readStateCopy(): Buffer | undefined {
		const name = this.#stateNames().at(-1);

		return name === undefined ? undefined : this.#orDamaged(`The state copy ${name}`, () => open(deriveKey(this.#rootKey, 'state copies'), this.#storage.read(`states/${name}`), Buffer.from(`${this.id}/${name}`)));
	}

	/** Forgets opened indexes, so that the next read sees what was added since. */
	refresh(): void {
		this.#index = undefined;
		this.#segments = undefined;
		this.#catalogs.clear();
	}

	close(): void {
		this.#storage.close();
	}
}

const zeroBlock = new Uint8Array(65_536);

const zeros = function * (length: number): Generator<Uint8Array> {
	for (let left = length; left > 0; left -= zeroBlock.length) {
		yield zeroBlock.subarray(0, Math.min(left, zeroBlock.length));
	}
};

const put = async (storage: Storage, name: string, bytes: Uint8Array): Promise<void> => {
	const writer = storage.create(name);

	try {
		writer.write(bytes);
		await writer.commit();
	} catch (error) {
		writer.abort();
		throw error;
	}
};

const readFacts = (storage: Storage, folder: string): VaultFacts | undefined => {
	let facts: VaultFacts;

	try {
		facts = JSON.parse(storage.read(factsName).toString()) as VaultFacts;
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return undefined;
		}

		if (error instanceof SyntaxError || error instanceof FormatError) {
			throw new UserError(`${folder}/${factsName} is damaged: ${error.message}.`, {code: 'damaged', hint: 'Put back the file from another copy of this destination; nothing was changed.', cause: error});
		}

		throw error;
	}

	if (facts.format !== format || facts.version !== version) {
		throw new UserError(`The vault at ${folder} has format ${facts.format} version ${facts.version}; this Holdfast reads ${format} version ${version}.`, {code: 'damaged', hint: 'Use the Holdfast that made it, or a newer one.'});
	}

	return facts;
};

const wrapKey = (key: Uint8Array): Buffer => deriveKey(key, 'root key');

const wrap = (key: Uint8Array, rootKey: Uint8Array, vaultId: string): string => seal(wrapKey(key), rootKey, Buffer.from(vaultId)).toString('base64');

const unwrapRootKey = (storage: Storage, {by, key, vaultId}: {readonly by: 'master' | 'recovery'; readonly key: Uint8Array; readonly vaultId: string}): Buffer => {
	const stored = storage.list('keys').map(({name}) => readWrappedKeys(storage, name));

	for (const {sealed} of stored.flatMap(keys => keys?.wraps ?? []).filter(entry => entry.by === by)) {
		try {
			return open(wrapKey(key), Buffer.from(sealed, 'base64'), Buffer.from(vaultId));
		} catch (error) {
			if (!(error instanceof SealError)) {
				throw error;
			}
		}
	}

	if (stored.includes(undefined)) {
		throw new UserError('The wrapped keys of this vault are damaged.', {code: 'damaged', hint: 'Put back the folder keys/ from another copy of this destination; nothing was changed.'});
	}

	throw new UserError('The key does not open this vault.', {code: 'key', hint: by === 'master' ? 'The state directory belongs to another server, or the destination to another state.' : 'Check the recovery key.'});
};

/** @returns `undefined` where the object is damaged: its copy may not be. */
const readWrappedKeys = (storage: Storage, name: string): WrappedKeys | undefined => {
	try {
		const keys = JSON.parse(storage.read(name).toString()) as Partial<WrappedKeys>;

		return Array.isArray(keys.wraps) && keys.wraps.every(entry => typeof entry?.sealed === 'string') ? keys as WrappedKeys : undefined;
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof FormatError) {
			return undefined;
		}

		throw error;
	}
};
