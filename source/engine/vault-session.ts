/**
One run's hold on the vault: its data key, the table of claims, the pack threads it uses and the packs it wrote. Everything it makes durable comes in the order that keeps every
finished backup whole: packs, then index, then the object that commits.
*/
import type {AbortFlag} from './abort-flag.ts';
import {mergeIndexes, indexPacks} from './index-writer.ts';
import type {IndexedPack} from './index-file.ts';
import {createDataKey, type DataKey} from './keys.ts';
import {packName} from './pack.ts';
import type {PackPool, PackThread} from './pack-pool.ts';
import {SegmentIndex} from './segment-index.ts';
import {SegmentReader} from './segment-reader.ts';
import {SegmentTable} from './segment-table.ts';
import {SegmentWriter, type WrittenPack} from './segment-writer.ts';
import type {Storage} from './storage.ts';
import type {OpenedVault} from './vault.ts';

/** Segments between two checkpoints: bounds the memory of the table and what a killed run has to do again. */
const tableCapacity = 384 << 10;
/** Catalog pages are read one by one when a backup is browsed: small blocks. */
const metadataBlockLength = 128 << 10;

let lastRun = 0;

export type VaultSessionOptions = {
	readonly pool: PackPool;
	readonly abortFlag: AbortFlag;
	readonly threads: number;
	readonly device: bigint;
	readonly uid: number;
	readonly folder: string;
};

export class VaultSession {
	readonly run = ++lastRun;
	readonly storage: Storage;
	readonly rootKey: Buffer;
	readonly device: bigint;
	readonly #options: VaultSessionOptions;
	readonly #dataKey: DataKey;
	#index: SegmentIndex;
	#segments: SegmentReader;
	#table = new SegmentTable(tableCapacity);
	#threads: readonly PackThread[] = [];
	#metadata: SegmentWriter | undefined;
	readonly #packs: IndexedPack[] = [];

	constructor({storage, rootKey}: OpenedVault, options: VaultSessionOptions) {
		this.storage = storage;
		this.rootKey = rootKey;
		this.device = options.device;
		this.#options = options;
		this.#dataKey = createDataKey(rootKey);
		this.#index = SegmentIndex.open(storage, rootKey);
		this.#segments = new SegmentReader(storage, this.#index);
	}

	readSegment(digest: Buffer): Buffer {
		return this.#segments.read(digest);
	}

	/** Stores a segment of the catalog. */
	storeMetadata(bytes: Buffer): Buffer {
		this.#metadata ??= new SegmentWriter({
			storage: this.storage, rootKey: this.rootKey, dataKey: this.#dataKey, index: this.#index, table: this.#table, blockLength: metadataBlockLength,
		});

		return this.#metadata.add(bytes);
	}

	async startThreads(): Promise<readonly PackThread[]> {
		const {pool, threads, abortFlag, device, uid, folder} = this.#options;
		this.#threads = pool.take(threads);
		await Promise.all(this.#threads.map(async thread => thread.call({
			type: 'beginCapture', run: this.run, vaultFolder: folder, rootKey: this.rootKey, dataKey: this.#dataKey, table: this.#table.buffer, abortFlag: abortFlag.buffer, device, uid,
		}, 'begun')));

		return this.#threads;
	}

	/** When the table is nearly full: makes what was written durable and indexed, and goes on with an empty table. */
	async checkpointIfFull(settle: () => Promise<void>): Promise<void> {
		if (this.#table.claimCount < this.#table.capacity * 0.8) {
			return;
		}

		await settle();
		await this.finish();
		this.#table = new SegmentTable(tableCapacity);
		this.#index = SegmentIndex.open(this.storage, this.rootKey);
		this.#segments = new SegmentReader(this.storage, this.#index);
		await this.startThreads();
	}

	/** Makes all packs durable and indexed. @returns all packs of this run so far. */
	async finish(): Promise<readonly IndexedPack[]> {
		const finished = await Promise.all(this.#threads.map(async thread => thread.call({type: 'finishCapture', run: this.run}, 'finishedCapture')));
		const written: WrittenPack[] = [...finished.flatMap(reply => reply.packs), ...await this.#metadata?.finish() ?? []];
		await indexPacks(this, written, [this.#dataKey]);
		await Promise.all(this.#threads.map(async thread => thread.call({type: 'endCapture', run: this.run}, 'endedCapture')));
		this.#packs.push(...written.map(({id, size}) => ({id, size})));
		this.#threads = [];
		this.#metadata = undefined;

		return this.#packs;
	}

	/** Creates the object that makes the backup; afterwards tidies the index. @returns its length */
	async commit(name: string, bytes: Buffer): Promise<number> {
		const writer = this.storage.create(name);

		try {
			writer.write(bytes);
			await writer.commit();
		} catch (error) {
			writer.abort();
			throw error;
		}

		if (this.#packs.length > 0) {
			await mergeIndexes(this, SegmentIndex.open(this.storage, this.rootKey));
		}

		return bytes.length;
	}

	/** Leaves no pack behind that no index speaks of. Indexed ones stay: the next run finds their segments, and cleanup what nothing needs. */
	async abort(): Promise<void> {
		const replies = await Promise.allSettled(this.#threads.map(async thread => thread.call({type: 'abortCapture', run: this.run}, 'abortedCapture')));
		const ids = replies.flatMap(reply => reply.status === 'fulfilled' ? reply.value.packIds : []);

		for (const id of [...ids, ...await this.#metadata?.abort() ?? []]) {
			this.storage.delete(packName(id));
		}
	}
}
