/**
Between the plan and the pack threads of a restore: files gather in windows, are sorted by where their content lies so that each block is read about once, and go out to
the threads.
*/
import type {RawPath} from '../../domain/raw-name.ts';
import type {Content, StoredEntry} from '../catalog/catalog-page.ts';
import type {HeldFolder} from '../base/held-folder.ts';
import {idlestOf, type PackThread} from '../pack-pool.ts';
import type {ContentPiece} from '../segments/content-piece.ts';
import type {Metadata, WriteException, WriteJob} from './file-restore.ts';
import {encodeJobs} from './write-codec.ts';

const windowFiles = 2048;
const windowBytes = 64 << 20;
const windowFolders = 256;
const messageFiles = 128;
const messageBytes = 4 << 20;
/** Windows under way while the next one gathers. */
const maxRunning = 2;

export type QueuedFile = {
	readonly entry: StoredEntry;
	readonly path: RawPath;
	readonly folder: HeldFolder;
	readonly isReplacing: boolean;
	readonly metadata: Metadata;
};

export type WriteQueueOptions = {
	readonly run: number;
	readonly piecesOf: (content: Content) => readonly ContentPiece[];
	readonly start: () => Promise<readonly PackThread[]>;
	readonly onWritten: (file: QueuedFile, exception: WriteException | undefined) => void;
};

export class WriteQueue {
	readonly #options: WriteQueueOptions;
	#files: QueuedFile[] = [];
	#bytes = 0;
	#folders = 0;
	#threads: readonly PackThread[] = [];
	readonly #running = new Set<Promise<void>>();
	#failure: unknown;

	constructor(options: WriteQueueOptions) {
		this.#options = options;
	}

	async #send(): Promise<void> {
		const files = this.#files;

		if (files.length === 0) {
			return;
		}

		this.#files = [];
		this.#bytes = 0;
		this.#folders = 0;

		if (this.#threads.length === 0) {
			this.#threads = await this.#options.start();
		}

		const running = this.#write(files).catch((error: unknown) => {
			this.#failure ??= error;
		}).finally(() => {
			this.#running.delete(running);

			for (const {folder} of files) {
				folder.release();
			}
		});
		this.#running.add(running);
	}

	async #write(files: readonly QueuedFile[]): Promise<void> {
		const jobs = files.map((file, id) => this.#jobOf(file, id)).toSorted(byPlace);

		await Promise.all(messagesOf(jobs).map(async message => {
			const {exceptions} = await idlestOf(this.#threads).call({type: 'write', run: this.#options.run, jobs: encodeJobs(message)}, 'written');
			const byId = new Map(exceptions.map(exception => [exception.id, exception]));

			for (const {id} of message) {
				this.#options.onWritten(files[id]!, byId.get(id));
			}
		}));
	}

	#jobOf({entry, folder, isReplacing, metadata}: QueuedFile, id: number): WriteJob {
		const pieces = entry.content ? this.#options.piecesOf(entry.content) : [];

		return {
			id, folderFd: folder.directory.fd, name: entry.name, isReplacing, sizeBytes: entry.sizeBytes, pieces, metadata,
		};
	}

	#check(): void {
		if (this.#failure !== undefined) {
			throw this.#failure as Error;
		}
	}

	get isFull(): boolean {
		return this.#files.length >= windowFiles || this.#bytes >= windowBytes || this.#folders >= windowFolders;
	}

	add(file: QueuedFile): void {
		this.#folders += this.#files.at(-1)?.folder === file.folder ? 0 : 1;
		this.#bytes += file.entry.sizeBytes;
		this.#files.push(file);
		file.folder.hold();
	}

	/**
	Sends what was gathered, and waits until another window may gather.
	@throws what failed in a thread
	*/
	async drive(): Promise<void> {
		await this.#send();

		while (this.#running.size >= maxRunning) {
			await Promise.race(this.#running);
		}

		this.#check();
	}

	async settleAll(): Promise<void> {
		await this.#send();
		await Promise.all(this.#running);
		this.#check();
	}

	/** Lets go of everything after a failure. */
	async abandon(): Promise<void> {
		await Promise.all(this.#running);

		for (const {folder} of this.#files) {
			folder.release();
		}

		this.#files = [];
	}
}

const placeOf = ({pieces}: WriteJob): {readonly packId: string; readonly blockOffset: number} => {
	const [first] = pieces;

	if (first?.type === 'archived') {
		return {packId: '', blockOffset: first.offset};
	}

	return first?.type === 'segment' ? first.location : {packId: '', blockOffset: 0};
};

const byPlace = (left: WriteJob, right: WriteJob): number => {
	const a = placeOf(left);
	const b = placeOf(right);

	if (a.packId !== b.packId) {
		return a.packId < b.packId ? -1 : 1;
	}

	return a.blockOffset - b.blockOffset;
};

/** Cut between blocks where it can be, so that two threads seldom open the same one. */
const messagesOf = (jobs: readonly WriteJob[]): WriteJob[][] => {
	const messages: WriteJob[][] = [];
	let bytes = 0;

	for (const [index, job] of jobs.entries()) {
		const current = messages.at(-1);
		const isSameBlock = index > 0 && placeOf(jobs[index - 1]!).blockOffset === placeOf(job).blockOffset;
		const isFull = !current || ((current.length >= messageFiles || bytes >= messageBytes) && !(isSameBlock && current.length < messageFiles * 4));

		if (isFull) {
			messages.push([job]);
			bytes = job.sizeBytes;
		} else {
			current.push(job);
			bytes += job.sizeBytes;
		}
	}

	return messages;
};
