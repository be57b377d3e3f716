/** A vault: one repository at one destination for one server. This is the reading side, which never locks. */
import {Buffer} from 'node:buffer';
import {join} from 'node:path';
import type {Entry} from '../../domain/entry.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {UserError} from '../../errors.ts';
import {archiveFolder, type BackupRef} from '../storage/archive-name.ts';
import {FormatError} from '../base/bytes.ts';
import {Catalog} from '../catalog/catalog.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import type {VaultLocation} from '../engine.ts';
import {deriveKey, open, seal} from '../base/keys.ts';
import {
	encodeManifest,
	listManifests,
	type Manifest,
	manifestName,
	readManifest,
	treeOf,
	withOwner,
} from '../catalog/manifest.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {SegmentReader} from '../segments/segment-reader.ts';
import {putObject, type Storage} from '../storage/storage.ts';
import {isDamage} from '../storage/storage-failure.ts';
import {unlockVault, type OpenedVault} from './unlock-vault.ts';

const keptStateCopies = 14;

export const openVault = async (location: VaultLocation): Promise<Vault> => new Vault(unlockVault(location));

/** Reading one backup or many. All methods throw UserError `damaged` naming what is broken. */
export class Vault {
	readonly #opened: OpenedVault;
	readonly #storage: Storage;
	readonly #rootKey: Buffer;
	#index: SegmentIndex | undefined;
	#segments: SegmentReader | undefined;
	readonly #catalogs = new Map<string, Catalog>();
	readonly id: string;

	constructor(opened: OpenedVault) {
		const {storage, rootKey, id} = opened;
		this.id = id;
		this.#opened = opened;
		this.#storage = storage;
		this.#rootKey = rootKey;
	}

	#stateNames(): string[] {
		return this.#storage.list('states').map(({name}) => name.slice('states/'.length)).toSorted();
	}

	#reader(): SegmentReader {
		this.#index ??= SegmentIndex.open(this.#opened);
		this.#segments ??= new SegmentReader(this.#opened, this.#index);
		return this.#segments;
	}

	#orDamaged<Result>(what: string, read: () => Result): Result {
		try {
			return read();
		} catch (error) {
			throw this.asDamaged(what, error);
		}
	}

	/** The error, or where it says that something is damaged, that in the operator's words. */
	asDamaged(what: string, error: unknown): unknown {
		return isDamage(error)
			? new UserError(`${what} cannot be read: ${error.message}.`, {code: 'damaged', hint: `Choose another backup; this one is at ${this.#opened.folder}.`, cause: error})
			: error;
	}

	/** Which backups are stored, of one account or of all. */
	listBackups(accountUuid?: string): BackupRef[] {
		return listManifests(this.#storage, accountUuid);
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

	/**
	Unmakes a backup: nothing needs its data any more. Readers that hold it open go on until a cleanup.
	@returns false when it was gone already
	*/
	deleteBackup(backup: BackupRef): boolean {
		const wasThere = this.#storage.delete(manifestName(backup));

		for (const {name} of this.#storage.list(archiveFolder(backup))) {
			this.#storage.delete(name);
		}

		return wasThere;
	}

	/**
	Makes a backup another account's. Cut off anywhere it is at least one's, and doing it again finishes it. Not beside a cleanup.
	@returns false when it was the other's already
	*/
	async moveBackup(backup: BackupRef, accountUuid: string): Promise<boolean> {
		const moved = {...backup, accountUuid};

		if (this.#storage.size(manifestName(backup)) === undefined) {
			return false;
		}

		const manifest = withOwner(this.readManifest(backup.accountUuid, backup.backupId), accountUuid);

		if (this.#storage.size(manifestName(moved)) === undefined) {
			await putObject(this.#storage, manifestName(moved), encodeManifest(manifest, {rootKey: this.#rootKey, vaultId: this.id}));
		}

		// The manifest first: archives that no manifest names are leftovers.
		for (const {name} of this.#storage.list(archiveFolder(backup))) {
			this.#storage.link(name, `${archiveFolder(moved)}${name.slice(archiveFolder(backup).length)}`);
		}

		return this.deleteBackup(backup);
	}

	/** Where the home of an archived backup lies, for whoever opens it without Holdfast; `undefined` for an incremental one. */
	archivePath(manifest: Manifest): string | undefined {
		const archive = treeOf(manifest, 'homedir')?.archive;

		return archive ? join(this.#opened.folder, archive.name) : undefined;
	}

	/** The catalog of the home in a backup; `undefined` where the backup holds no home. */
	catalogOf(manifest: Manifest): Catalog | undefined {
		const known = this.#catalogs.get(manifest.id);
		const root = treeOf(manifest, 'homedir')?.catalog;

		if (known !== undefined || !root) {
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

	/**
	The same as `walkEntries` for lists, which show nothing of an entry's content.
	@yields entries in catalog order
	*/
	* walkListed(manifest: Manifest, path: RawPath): Generator<Entry> {
		try {
			yield * this.catalogOf(manifest)?.walkListed(path) ?? [];
		} catch (error) {
			throw this.asDamaged(`The catalog of backup ${manifest.id}`, error);
		}
	}

	/**
	Goes through the entry at `path` and all below it.
	@yields entries in catalog order
	*/
	* walkEntries(manifest: Manifest, path: RawPath = ''): Generator<StoredEntry> {
		try {
			yield * this.catalogOf(manifest)?.walk(path) ?? [];
		} catch (error) {
			throw this.asDamaged(`The catalog of backup ${manifest.id}`, error);
		}
	}

	/**
	Reads a stored file; holes come as zeros.
	@yields its content piece by piece, each checked
	*/
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
		await putObject(this.#storage, `states/${name}`, seal(deriveKey(this.#rootKey, 'state copies'), bytes, Buffer.from(`${this.id}/${name}`)));

		for (const old of this.#stateNames().slice(0, -keptStateCopies)) {
			this.#storage.delete(`states/${old}`);
		}
	}

	/** The newest copy of the state; `undefined` where there is none. */
	readStateCopy(): Buffer | undefined {
		const name = this.#stateNames().at(-1);

		if (name === undefined) {
			return undefined;
		}

		const context = Buffer.from(`${this.id}/${name}`);

		return this.#orDamaged(`The state copy ${name}`, () => open(deriveKey(this.#rootKey, 'state copies'), this.#storage.read(`states/${name}`), context));
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
