/**
One run's hold on the vault: its data key, the table of claims, the pack threads it uses and the packs it wrote. Everything it makes durable comes in the order that keeps every
finished backup whole: packs, then index, then the object that commits.
*/
import type {Buffer} from 'node:buffer';
import type {AbortFlag} from '../base/abort-flag.ts';
import {archivesFolder, backupOfArchive} from '../storage/archive-name.ts';
import {mergeIndexes, indexPacks} from '../segments/index-writer.ts';
import {type IndexedPack, indexName} from '../segments/index-file.ts';
import type {DataKey} from '../base/keys.ts';
import {listLosses} from '../segments/losses.ts';
import type {LostPack} from '../segments/lost-packs.ts';
import {manifestName} from '../catalog/manifest.ts';
import type {ArchiveSeal} from '../catalog/sealed-archive.ts';
import {mendIndex} from '../segments/mend-index.ts';
import {packName} from '../segments/pack.ts';
import type {PackPool, PackThread} from '../pack-pool.ts';
import type {SegmentCopies} from '../segments/segment-copies.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {SegmentReader} from '../segments/segment-reader.ts';
import {SegmentTable} from '../segments/segment-table.ts';
import {SegmentWriter, type WrittenPack} from '../segments/segment-writer.ts';
import {
	type ObjectWriter,
	putObject,
	type Storage,
	StorageError,
} from '../storage/storage.ts';
import {beginWriting, isVaultWritten, workAlone} from './vault-turns.ts';
import {createRunKey} from './run-key.ts';
import type {OpenedVault} from './unlock-vault.ts';

/** Segments between two checkpoints: bounds the memory of the table and what a killed run has to do again. */
const tableCapacity = 384 << 10;
/** Catalog pages are read one by one when a backup is browsed: small blocks. */
const metadataBlockLength = 128 << 10;

let lastRun = 0;
/** Sessions under way in this process, by vault. */
const activeSessions = new Map<string, Set<VaultSession>>();
/** Folders of vaults whose leftovers of killed writers this process has removed. */
const swept = new Set<string>();

type SessionTurn = {readonly lostPacks: number; readonly dataKey: DataKey; readonly endTurn: () => void};

export type VaultSessionOptions = {
	readonly pool: PackPool;
	readonly abortFlag: AbortFlag;
	readonly threads: number;
	readonly device: bigint;
	readonly uid: number;
};

/**
Holds the index against the packs that are there, unless a run is writing more of them right now.
@returns the packs that are missing or cut short; `undefined` where a run is writing, or nothing may be written
*/
export const mendIndexUnlessBusy = async (vault: OpenedVault): Promise<readonly LostPack[] | undefined> => vault.isReadOnly || isVaultWritten(vault.id) ? undefined : workAlone(vault.id, async () => mendIndex(vault));

/** Removes what killed writers left behind, before this process begins to write itself. */
export const sweepOnce = ({storage, folder}: OpenedVault): void => {
	if (swept.has(folder)) {
		return;
	}

	swept.add(folder);
	storage.sweep();
	sweepArchives(storage);
};

/** Removes archives of killed runs: those that no manifest was written for. */
const sweepArchives = (storage: Storage): void => {
	const finished = new Set(storage.list('backups').map(({name}) => name));

	for (const {name} of storage.list(archivesFolder)) {
		if (!finished.has(manifestName(backupOfArchive(name)))) {
			storage.delete(name);
		}
	}
};

export class VaultSession {
	/** Prepares the vault for writing. The caller holds the writer's lock. */
	static async begin(vault: OpenedVault, options: VaultSessionOptions): Promise<VaultSession> {
		sweepOnce(vault);
		const lost = await mendIndexUnlessBusy(vault);
		const dataKey = await createRunKey(vault);
		const endTurn = await beginWriting(vault.id);

		try {
			return new VaultSession(vault, options, {lostPacks: lost?.length ?? 0, dataKey, endTurn});
		} catch (error) {
			endTurn();
			throw error;
		}
	}

	readonly #options: VaultSessionOptions;
	readonly #dataKey: DataKey;
	readonly #index: SegmentIndex;
	readonly #segments: SegmentReader;
	readonly #table = new SegmentTable(tableCapacity);
	readonly #folder: string;
	#threads: readonly PackThread[] = [];
	#metadata: SegmentWriter | undefined;
	readonly #packs: IndexedPack[] = [];
	readonly #indexIds: string[] = [];
	/** Another run was under way meanwhile and may lean on what this one stored. */
	#isOverlapped = false;
	/** Of the tree that is being stored. */
	#device: bigint;
	/** Lies among the unfinished objects while the run goes on: a killed run leaves it, and so is noticed. */
	readonly #marker: ObjectWriter;
	readonly #endTurn: () => void;
	readonly run = ++lastRun;
	/** Packs that were found missing or cut short when the run began. */
	readonly lostPacks: number;
	/** Ids of all losses known when the run began. */
	readonly losses: readonly string[];
	/** Where the server cannot open what it stores: what it remembers of catalogs. */
	readonly catalogCopies: SegmentCopies | undefined;
	/** With what archives are sealed; `undefined`: they are plain. */
	readonly archiveSeal: ArchiveSeal | undefined;
	readonly vaultId: string;
	readonly storage: Storage;
	readonly rootKey: Buffer;

	private constructor(vault: OpenedVault, options: VaultSessionOptions, {lostPacks, dataKey, endTurn}: SessionTurn) {
		const {storage, rootKey, id} = vault;
		this.lostPacks = lostPacks;
		this.#endTurn = endTurn;
		this.losses = listLosses(storage);
		this.vaultId = id;
		this.#folder = vault.folder;
		this.catalogCopies = vault.catalogCopies;
		this.archiveSeal = vault.archiveSeal;
		this.storage = storage;
		this.rootKey = rootKey;
		this.#device = options.device;
		this.#options = options;
		this.#marker = storage.create('run');
		this.#dataKey = dataKey;
		this.#index = SegmentIndex.openSmall(vault);
		this.#segments = new SegmentReader(vault, this.#index);
		this.#register();
	}

	#register(): void {
		const active = activeSessions.get(this.vaultId) ?? new Set();

		for (const session of active) {
			session.#isOverlapped = true;
			this.#isOverlapped = true;
		}

		activeSessions.set(this.vaultId, active.add(this));
	}

	#end(): void {
		this.#marker.abort();
		activeSessions.get(this.vaultId)?.delete(this);
	}

	/** The backup is made; an index that cannot be merged, on a full disk, is merged after a later one. */
	async #tidy(): Promise<void> {
		if (this.#packs.length === 0) {
			return;
		}

		try {
			await mergeIndexes(this, SegmentIndex.open(this));
		} catch (error) {
			if (!(error instanceof StorageError)) {
				throw error;
			}
		}
	}

	/** Makes durable what was written, and goes on with an empty table. */
	async #startOver(): Promise<void> {
		await this.finish();
		this.#table.clear();
		this.#index.reload();
	}

	get device(): bigint {
		return this.#device;
	}

	readSegment(digest: Buffer): Buffer {
		return this.#segments.read(digest);
	}

	/** Stores a segment of the catalog. */
	storeMetadata(bytes: Buffer): Buffer {
		this.#metadata ??= new SegmentWriter({
			storage: this.storage, rootKey: this.rootKey, dataKey: this.#dataKey, index: this.#index, table: this.#table, blockLength: metadataBlockLength,
		});

		const digest = this.#metadata.add(bytes);
		this.catalogCopies?.put(digest, bytes);

		return digest;
	}

	/** Goes on with a tree on another file system, when nothing is being read. */
	async enter(device: bigint): Promise<void> {
		if (device === this.#device) {
			return;
		}

		await this.#startOver();
		this.#device = device;
	}

	async startThreads(): Promise<readonly PackThread[]> {
		if (this.#threads.length > 0) {
			return this.#threads;
		}

		const {pool, threads, abortFlag, uid} = this.#options;
		this.#threads = pool.take(threads);
		await Promise.all(this.#threads.map(async thread => thread.call({
			type: 'beginCapture', run: this.run, vaultFolder: this.#folder, rootKey: this.rootKey, dataKey: this.#dataKey, table: this.#table.buffer, abortFlag: abortFlag.buffer, device: this.#device, uid,
		}, 'begun')));

		return this.#threads;
	}

	/** When the table is nearly full: makes what was written durable and indexed, and goes on with an empty table. */
	async checkpointIfFull(settle: () => Promise<void>): Promise<void> {
		if (this.#table.claimCount < this.#table.capacity * 0.8) {
			return;
		}

		await settle();
		await this.#startOver();
		await this.startThreads();
	}

	/**
	Makes all packs durable and indexed.
	@returns all packs of this run so far.
	*/
	async finish(): Promise<readonly IndexedPack[]> {
		const finished = await Promise.all(this.#threads.map(async thread => thread.call({type: 'finishCapture', run: this.run}, 'finishedCapture')));
		const written: WrittenPack[] = [...finished.flatMap(reply => reply.packs), ...await this.#metadata?.finish() ?? []];
		const indexId = await indexPacks(this, written, [this.#dataKey]);
		this.#indexIds.push(...indexId === undefined ? [] : [indexId]);
		await Promise.all(this.#threads.map(async thread => thread.call({type: 'endCapture', run: this.run}, 'endedCapture')));
		this.#packs.push(...written.map(({id, size}) => ({id, size})));
		this.#threads = [];
		this.#metadata = undefined;

		return this.#packs;
	}

	/**
	Creates the object that makes the backup; afterwards tidies the index.
	@returns its length
	*/
	async commit(name: string, bytes: Buffer): Promise<number> {
		await putObject(this.storage, name, bytes);
		this.#end();

		await this.#tidy();
		this.#endTurn();

		return bytes.length;
	}

	/** Takes back what the run stored, unless another run may lean on it: then cleanup finds what nothing needs. */
	async abort(): Promise<void> {
		const replies = await Promise.allSettled(this.#threads.map(async thread => thread.call({type: 'abortCapture', run: this.run}, 'abortedCapture')));
		const ids = replies.flatMap(reply => reply.status === 'fulfilled' ? reply.value.packIds : []);
		ids.push(...await this.#metadata?.abort() ?? []);

		if (!this.#isOverlapped) {
			for (const id of this.#indexIds) {
				this.storage.delete(indexName(id));
			}

			ids.push(...this.#packs.map(({id}) => id));
		}

		for (const id of ids) {
			this.storage.delete(packName(id));
		}

		this.#end();
		this.#endTurn();
	}
}
