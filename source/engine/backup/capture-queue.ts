/**
Between the walk and the pack threads: changed files go out in batches, outcomes come back in any order, and entries leave for the catalog in the order in which
they were met.
*/
import type {RawPath} from '../../domain/raw-name.ts';
import type {HeldFolder} from '../base/held-folder.ts';
import {idlestOf, type PackThread} from '../pack-pool.ts';
import type {PackedSegment} from '../segments/segment-list.ts';
import {decodeOutcomes} from './capture-codec.ts';
import type {CaptureOutcome} from './capture-outcome.ts';
import type {CatalogItem} from './catalog-writer.ts';
import {packBeginnings} from './beginnings.ts';
import type {CountedFile} from './found-file.ts';

const batchFiles = 256;
const batchBytes = 4 << 20;
const batchFolders = 64;
/** Batches a thread has before it, so that it never waits for the walk. */
const batchesPerThread = 3;
/** Entries that may wait behind one that is still being read. */
const maxWaiting = 20_000;

export type PendingFile = {
	readonly folder: HeldFolder;
	readonly path: RawPath;
	readonly name: RawPath;
	readonly sizeBytes: number;
	/** Its inode when it had several links, else 0. */
	readonly linkedInode: bigint;
	/** When that inode was born, else 0: a number that is free is given out again. */
	readonly linkedBirthNs: bigint;
	readonly counted: CountedFile;
	/** What it began with in the last backup, where the rest may be what is new. */
	readonly beginning: PackedSegment | undefined;
};

/** Takes what a walk meets, in catalog order. */
export type ScanQueue = {
	/** An entry that needs no reading. */
	addItem(item: CatalogItem): void;
	addFile(file: PendingFile): void;
	/** Whether `drive` must be awaited before the walk goes on. */
	readonly isFull: boolean;
	drive(): Promise<void>;
	/** Waits until nothing is being read. */
	settleAll(): Promise<void>;
	/** Lets go of everything after a failure. */
	abandon(): Promise<void>;
};

type Slot = {item: CatalogItem | undefined; isReady: boolean};
type Batch = {readonly files: PendingFile[]; readonly slots: Slot[]; bytes: number; folders: number; lastFolder: HeldFolder | undefined};

export type CaptureQueueOptions = {
	readonly run: number;
	/** Starts the pack threads; called at the first file. */
	readonly start: () => Promise<readonly PackThread[]>;
	/** What a file became; `undefined` leaves it out. */
	readonly settle: (file: PendingFile, outcome: CaptureOutcome) => CatalogItem | undefined;
	readonly emit: (item: CatalogItem) => void;
	readonly onBytes: (bytes: number) => void;
};

export class CaptureQueue implements ScanQueue {
	readonly #options: CaptureQueueOptions;
	readonly #slots: Slot[] = [];
	#head = 0;
	#batch = emptyBatch();
	#threads: readonly PackThread[] = [];
	readonly #running = new Set<Promise<void>>();
	#failure: unknown;

	constructor(options: CaptureQueueOptions) {
		this.#options = options;
	}

	async #send(): Promise<void> {
		const batch = this.#batch;

		if (batch.files.length === 0) {
			return;
		}

		if (this.#threads.length === 0) {
			this.#threads = await this.#options.start();
		}

		this.#batch = emptyBatch();
		const running = this.#capture(idlestOf(this.#threads), batch).catch((error: unknown) => {
			this.#failure ??= error;
		}).finally(() => {
			this.#running.delete(running);

			for (const {folder} of batch.files) {
				folder.release();
			}
		});
		this.#running.add(running);
	}

	async #capture(thread: PackThread, {files, slots}: Batch): Promise<void> {
		const reply = await thread.call({
			type: 'capture',
			run: this.#options.run,
			folderFds: Int32Array.from(files, ({folder}) => folder.directory.fd),
			names: files.map(({name}) => name).join('/'),
			countedInodes: BigUint64Array.from(files, ({counted}) => counted.inode),
			countedChanges: BigInt64Array.from(files, ({counted}) => counted.changedNs),
			beginnings: packBeginnings(files),
		}, 'captured');

		for (const [index, outcome] of decodeOutcomes(reply.outcomes).entries()) {
			slots[index]!.item = this.#options.settle(files[index]!, outcome);
			slots[index]!.isReady = true;
		}

		this.#options.onBytes(reply.bytesRead);
		this.#emitReady();
	}

	#emitReady(): void {
		for (let slot = this.#slots[this.#head]; slot?.isReady; slot = this.#slots[this.#head]) {
			if (slot.item) {
				this.#options.emit(slot.item);
			}

			this.#head++;
		}

		// What was emitted must not stay in memory.
		if (!(this.#head >= batchFiles || this.#head === this.#slots.length)) {
			return;
		}

		this.#slots.splice(0, this.#head);
		this.#head = 0;
	}

	#check(): void {
		if (this.#failure !== undefined) {
			throw this.#failure as Error;
		}
	}

	/** An entry that needs no reading. */
	addItem(item: CatalogItem): void {
		if (this.#head === this.#slots.length) {
			this.#options.emit(item);
		} else {
			this.#slots.push({item, isReady: true});
		}
	}

	addFile(file: PendingFile): void {
		const slot: Slot = {item: undefined, isReady: false};
		const batch = this.#batch;
		this.#slots.push(slot);
		file.folder.hold();
		batch.files.push(file);
		batch.slots.push(slot);
		batch.bytes += file.sizeBytes;
		batch.folders += batch.lastFolder === file.folder ? 0 : 1;
		batch.lastFolder = file.folder;
	}

	/** Whether `drive` must be awaited before the walk goes on. */
	get isFull(): boolean {
		const {files, bytes, folders} = this.#batch;

		return files.length >= batchFiles || bytes >= batchBytes || folders >= batchFolders || this.#slots.length - this.#head > maxWaiting;
	}

	/**
	Sends the batch that was gathered, and waits until there is room for another.
	@throws what failed in a thread
	*/
	async drive(): Promise<void> {
		await this.#send();

		while (this.#running.size >= this.#threads.length * batchesPerThread || (this.#slots.length - this.#head > maxWaiting && this.#running.size > 0)) {
			await Promise.race(this.#running);
			this.#check();
		}

		this.#check();
	}

	/** Waits until nothing is being read. */
	async settleAll(): Promise<void> {
		await this.#send();
		await Promise.all(this.#running);
		this.#check();
	}

	/** Lets go of everything after a failure. */
	async abandon(): Promise<void> {
		await Promise.all(this.#running);

		for (const {folder} of this.#batch.files) {
			folder.release();
		}

		this.#batch = emptyBatch();
	}
}

const emptyBatch = (): Batch => ({
	files: [], slots: [], bytes: 0, folders: 0, lastFolder: undefined,
});
