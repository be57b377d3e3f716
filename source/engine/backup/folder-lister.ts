import type {HeldFolder} from '../base/held-folder.ts';
import {idlestOf, type PackPool, type PackThread} from '../pack-pool.ts';
import {listForeignFolder, type FolderListing} from './folder-listing.ts';
import {unpackListings} from './listed-trees.ts';

/** A tree with fewer folders is listed before a thread would have started. */
const threadsAfterFolders = 24;
const batchFolders = 12;

type Listed = FolderListing | NodeJS.ErrnoException;
type Waiting = {readonly folder: HeldFolder; readonly resolve: (listed: Listed) => void; readonly reject: (error: unknown) => void};

/** Lists folders: at once in this thread at first, and ahead of the walk in the pack threads when the tree turns out to be large. */
export class FolderLister {
	readonly #pool: PackPool;
	readonly #threadCount: number;
	#threads: readonly PackThread[] = [];
	#listed = 0;
	#batch: Waiting[] = [];

	constructor(pool: PackPool, threadCount: number) {
		this.#pool = pool;
		this.#threadCount = threadCount;
	}

	async #send(batch: readonly Waiting[]): Promise<void> {
		try {
			this.#threads = this.#threads.length === 0 ? this.#pool.take(this.#threadCount) : this.#threads;
			const folderFds = Int32Array.from(batch, ({folder}) => folder.directory.fd);
			const listings = await idlestOf(this.#threads, loadOf).list(folderFds);

			for (const [index, listing] of unpackListings(listings).entries()) {
				batch[index]!.resolve('code' in listing ? Object.assign(new Error(listing.message), {code: listing.code}) : listing);
			}
		} catch (error) {
			for (const {reject} of batch) {
				reject(error);
			}
		} finally {
			for (const {folder} of batch) {
				folder.release();
			}
		}
	}

	/** Whether listings can be asked for ahead. */
	get isAhead(): boolean {
		return this.#listed >= threadsAfterFolders;
	}

	/**
	Lists a folder in this thread.
	@throws the system's error
	*/
	listNow(folder: HeldFolder): FolderListing {
		this.#listed++;

		return listForeignFolder(folder.directory.fd);
	}

	/** Resolves with the listing or the system's error; holds the folder until then. Goes out with the next `flush`. */
	async listAhead(folder: HeldFolder): Promise<Listed> {
		const {promise, resolve, reject} = Promise.withResolvers<Listed>();
		this.#batch.push({folder: folder.hold(), resolve, reject});

		if (this.#batch.length >= batchFolders) {
			this.flush();
		}

		return promise;
	}

	flush(): void {
		const batch = this.#batch;

		if (batch.length === 0) {
			return;
		}

		this.#batch = [];
		void this.#send(batch);
	}
}

/** A thread at work answers between two stretches of it. */
const loadOf = ({listLoad, load}: PackThread): number => listLoad + (load > 0 ? 1 : 0);
