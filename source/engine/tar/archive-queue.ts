/**
Between the walk and an archive: entries gather in batches, which pack threads turn into stretches of the archive; these are written in the order in which the entries were met. Files too large for
a batch, and second names of files that are still being read, come in when their turn is there.
*/
import {Buffer} from 'node:buffer';
import type {AbortFlag} from '../base/abort-flag.ts';
import {ByteWriter} from '../base/bytes.ts';
import type {CaptureOutcome} from '../backup/capture-outcome.ts';
import type {PendingFile, ScanQueue} from '../backup/capture-queue.ts';
import {folderOf} from '../catalog/catalog-order.ts';
import type {CatalogItem} from '../backup/catalog-writer.ts';
import type {CaptureBounds} from '../backup/found-file.ts';
import {idlestOf, type PackThread} from '../pack-pool.ts';
import type {ArchiveWriter} from './archive-writer.ts';
import {FolderOrder} from './folder-order.ts';
import {type ArchiveSlots, LargeFiles} from './large-file.ts';
import {LinkedFiles, type StoredFirst} from './linked-files.ts';
import {isOther, type PackedOutcomes, unpackOthers} from './packed-outcomes.ts';
import {type Slot, SlotPool} from './slot.ts';
import type {TarEntry} from './tar-entry.ts';
import {encodeEntry} from './tar-header.ts';

const batchFiles = 512;
const batchBytes = 2 << 20;
/** Folders whose descriptors a batch keeps open. */
const batchFolders = 64;
/** Larger files are read in pieces. */
const largeFile = 1 << 20;
/** What a file takes beside its content, roughly. */
const headerBytes = 1536;

/** Steps whose turn has not come yet; each keeps folders open. */
const maxWaiting = 24;

type Batch = {readonly files: readonly PendingFile[]; readonly ready: Buffer; readonly readyEnds: readonly number[]};
type Step =
	| Batch & {readonly type: 'batch'}
	/** One file. */
	| {readonly type: 'late'; readonly files: readonly PendingFile[]}
	| {readonly type: 'bytes'; readonly files: readonly PendingFile[]; readonly bytes: Buffer};
type Packed = {readonly outcomes: PackedOutcomes; readonly length: number};

export type ArchiveQueueOptions = {
	readonly run: number;
	readonly isCompressed: boolean;
	readonly threads: readonly PackThread[];
	readonly slots: ArchiveSlots;
	readonly writer: ArchiveWriter;
	readonly bounds: CaptureBounds;
	readonly flag: AbortFlag;
	readonly settle: (file: PendingFile, outcome: CaptureOutcome) => CatalogItem | undefined;
	/** Another file is in the archive, or another name of one. Those that `settle` is told of are not told here. */
	readonly onFile: () => void;
	readonly onBytes: (bytes: number) => void;
};

export class ArchiveQueue implements ScanQueue {
	readonly #options: ArchiveQueueOptions;
	readonly #slots: SlotPool;
	readonly #large: LargeFiles;
	readonly #links = new LinkedFiles();
	readonly #folderOrder = new FolderOrder(folder => {
		this.#addReady(encodeEntry({
			...folder, holes: [], isLinked: false, hardLinkOf: undefined,
		}));
	});

	#files: PendingFile[] = [];
	readonly #ready = new ByteWriter(64 << 10);
	#readyEnds: number[] = [];
	#bytes = 0;
	#folders = 0;
	readonly #steps: Step[] = [];
	/** Resolves when all steps so far are done; never rejects. */
	#written: Promise<void> = Promise.resolve();
	readonly #waiting: Array<Promise<void>> = [];
	#failure: {readonly error: unknown} | undefined;
	/** Regular files, each name of them. */
	fileCount = 0;
	/** Of regular files, content with several names once. */
	sizeBytes = 0;

	constructor(options: ArchiveQueueOptions) {
		this.#options = options;
		this.#slots = new SlotPool(options.slots.batches);
		this.#large = new LargeFiles(options);
	}

	#addReady(header: Buffer): void {
		if (header.length > largeFile) {
			this.#closeBatch();
			this.#steps.push({type: 'bytes', files: [], bytes: Buffer.from(header)});
			return;
		}

		this.#ready.bytes(header);
		this.#bytes += header.length;
	}

	#closeBatch(): void {
		if (this.#bytes === 0) {
			return;
		}

		this.#steps.push({
			type: 'batch', files: this.#files, ready: this.#ready.take(), readyEnds: this.#readyEnds,
		});
		this.#ready.clear();
		this.#files = [];
		this.#readyEnds = [];
		this.#bytes = 0;
		this.#folders = 0;
	}

	#addLate(file: PendingFile): void {
		this.#closeBatch();
		this.#steps.push({type: 'late', files: [file]});
	}

	/** Has a pack thread make a batch's part of the archive. */
	async #pack({files, ready, readyEnds}: Batch, slot: Slot): Promise<Packed> {
		const {run, threads} = this.#options;
		return idlestOf(threads).call({
			type: 'packBatch',
			run,
			slot: slot.number,
			folderFds: Int32Array.from(files, ({folder}) => folder.directory.fd),
			paths: files.map(({path}) => path).join('\0'),
			linked: Uint8Array.from(files, ({linkedInode}) => linkedInode === 0n ? 0 : 1),
			countedInodes: BigUint64Array.from(files, ({counted}) => counted.inode),
			countedChanges: BigInt64Array.from(files, ({counted}) => counted.changedNs),
			ready,
			readyEnds: Uint32Array.from(readyEnds),
		}, 'packedBatch');
	}

	/** Writes a batch when its turn has come. A file that grew since it was listed, and found no room, comes in by itself; then the rest. */
	async #writeBatch(batch: Batch, slot: Slot, packing: Promise<Packed>): Promise<void> {
		const {isCompressed, writer} = this.#options;
		let {files, ready, readyEnds} = batch;
		let {outcomes, length} = await packing;

		for (;;) {
			await writer.append((isCompressed ? slot.packed : slot.plain).subarray(0, length));

			this.#settleBatch(files, outcomes);
			const next = outcomes.sizes.length;

			if (next === files.length) {
				return;
			}

			await this.#writeLate(files[next]!);
			const start = readyEnds[next]!;
			files = files.slice(next + 1);
			ready = ready.subarray(start);
			readyEnds = readyEnds.slice(next + 1).map(end => end - start);
			({outcomes, length} = await this.#pack({files, ready, readyEnds}, slot));
		}
	}

	async #writeLate(file: PendingFile): Promise<void> {
		const first = this.#links.firstOf(file);

		if (first === undefined) {
			this.#settle(file, await this.#large.write(file));
			return;
		}

		const header = encodeEntry(linkEntry(file, first));
		await this.#large.append(Buffer.from(header));
		this.#countLink();
	}

	#settleBatch(files: readonly PendingFile[], outcomes: PackedOutcomes): void {
		const others = unpackOthers(outcomes);
		let next = 0;

		for (const [index, size] of outcomes.sizes.entries()) {
			if (isOther(size)) {
				this.#settle(files[index]!, others[next]!);
				next++;
			} else {
				this.#countFile(size);
				this.#options.onFile();
			}
		}
	}

	#countLink(): void {
		this.fileCount++;
		this.#options.onFile();
	}

	#countFile(size: number): void {
		this.fileCount++;
		this.sizeBytes += size;
		this.#options.onBytes(size);
	}

	#settle(file: PendingFile, outcome: CaptureOutcome): void {
		this.#options.settle(file, outcome);
		this.#links.settle(file, outcome);

		if (outcome.type === 'stored') {
			this.#countFile(outcome.stats.sizeBytes);
		}
	}

	/** What a step does when its turn has come, unless something failed before it; a batch is read at once. */
	async #begin(step: Step): Promise<(isWanted: boolean) => Promise<void>> {
		switch (step.type) {
			case 'batch': {
				const slot = await this.#slots.take();
				const packing = this.#pack(step, slot);

				return async isWanted => {
					try {
						await (isWanted ? this.#writeBatch(step, slot, packing) : packing);
					} finally {
						this.#slots.giveAfter(this.#options.writer.done(), slot);
					}
				};
			}

			case 'late': {
				return async isWanted => isWanted ? this.#writeLate(step.files[0]!) : undefined;
			}

			case 'bytes': {
				return async isWanted => isWanted ? this.#large.append(step.bytes) : undefined;
			}
		}
	}

	/** Queues what was gathered behind what was queued before. */
	async #startSteps(): Promise<void> {
		this.#closeBatch();

		for (let step = this.#steps.shift(); step; step = this.#steps.shift()) {
			const work = await this.#begin(step);
			const carriedOut = this.#carryOut(step, work, this.#written);
			this.#written = carriedOut;
			this.#waiting.push(carriedOut);

			while (this.#waiting.length > maxWaiting) {
				await this.#waiting.shift();
			}
		}
	}

	async #carryOut(step: Step, work: (isWanted: boolean) => Promise<void>, before: Promise<void>): Promise<void> {
		await before;

		try {
			await work(this.#failure === undefined && !this.#options.flag.isRaised);
			this.#options.flag.check();
		} catch (error) {
			this.#failure ??= {error};
		} finally {
			release(step);
		}
	}

	#check(): void {
		if (this.#failure) {
			throw this.#failure.error as Error;
		}
	}

	addItem(item: CatalogItem): void {
		if (!('entry' in item)) {
			throw new Error('An archive holds whole entries only.');
		}

		const {entry} = item;

		if (entry.type === 'directory') {
			this.#folderOrder.add(entry);
			return;
		}

		this.#folderOrder.enter(folderOf(entry.path));
		const first = entry.linkGroup === undefined ? undefined : this.#links.firstOfGroup(entry.linkGroup, entry.path);
		this.#addReady(encodeEntry({
			...entry, holes: [], isLinked: entry.linkGroup !== undefined, hardLinkOf: first,
		}));
	}

	addFile(file: PendingFile): void {
		this.#folderOrder.enter(folderOf(file.path));
		file.folder.hold();

		switch (this.#links.meet(file)) {
			case 'stored': {
				const first = this.#links.firstOf(file)!;
				this.#addReady(encodeEntry(linkEntry(file, first)));
				this.#countLink();
				file.folder.release();
				return;
			}

			case 'pending': {
				this.#addLate(file);
				return;
			}

			case 'first': {
				break;
			}
		}

		if (file.sizeBytes > largeFile) {
			this.#addLate(file);
			return;
		}

		this.#readyEnds.push(this.#ready.length);
		this.#folders += this.#files.at(-1)?.folder === file.folder ? 0 : 1;
		this.#files.push(file);
		this.#bytes += file.sizeBytes + headerBytes;
	}

	get isFull(): boolean {
		return this.#steps.length > 0 || this.#files.length >= batchFiles || this.#bytes >= batchBytes || this.#folders >= batchFolders;
	}

	/**
	Has what was gathered read and written, and waits until there is room for more.
	@throws what failed
	*/
	async drive(): Promise<void> {
		await this.#startSteps();
		this.#check();
	}

	/** To be called when the walk is over; waits until everything is written. */
	async settleAll(): Promise<void> {
		this.#folderOrder.finish();
		await this.#startSteps();
		await this.#written;
		this.#check();
	}

	/** Lets go of everything after a failure. */
	async abandon(): Promise<void> {
		this.#failure ??= {error: new Error('The archive was abandoned.')};
		await this.#written;
		this.#closeBatch();

		for (const step of this.#steps.splice(0)) {
			release(step);
		}
	}
}

const release = ({files}: Step): void => {
	for (const {folder} of files) {
		folder.release();
	}
};

/** Another name of a file that is in the archive already. */
const linkEntry = ({path, name}: PendingFile, {path: hardLinkOf, stats}: StoredFirst): TarEntry => ({
	...stats,
	path,
	name,
	type: 'file',
	linkTarget: null,
	device: 0n,
	attributes: [],
	holes: [],
	isLinked: true,
	hardLinkOf,
});
