/** Finds out which blocks the backups of a vault need, reading each distinct page of their catalogs once. */
import {Buffer} from 'node:buffer';
import {setImmediate as breathe} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {AbortFlag} from '../base/abort-flag.ts';
import {BlockTable, several} from '../segments/block-table.ts';
import {Catalog} from '../catalog/catalog.ts';
import {contentDigests} from '../catalog/catalog-page.ts';
import {
	listManifests,
	type Manifest,
	readManifest,
	treesOf,
} from '../catalog/manifest.ts';
import type {BackupRef} from '../storage/archive-name.ts';
import {SegmentBatch} from '../segments/segment-batch.ts';
import type {SegmentIndex} from '../segments/segment-index.ts';
import {SegmentReader} from '../segments/segment-reader.ts';
import {isDamage} from '../storage/storage-failure.ts';
import type {OpenedVault} from '../vault/unlock-vault.ts';

export type MarkOptions = {
	readonly vault: OpenedVault;
	readonly index: SegmentIndex;
	readonly abortFlag: AbortFlag;
	/** From 1 to 65,534; 1 for all, where it does not matter who needs a block. */
	readonly ownerOf: (accountUuid: string) => number;
};

export type Marked = {
	readonly blocks: BlockTable;
	/** Segments that a backup names and no index knows. */
	readonly missing: number;
	/** Needed segments in blocks that came meanwhile: a writer is under way. */
	readonly unforeseen: number;
	/** Whether a segment belongs to a catalog of a backup. */
	readonly isOfCatalog: (digest: Buffer) => boolean;
	/** Losses that every backup knows of. */
	readonly settledLosses: ReadonlySet<string> | undefined;
};

/**
Marks the blocks that any backup in the vault needs.
@throws UserError `damaged` naming a backup of which it cannot be told what it needs: then nothing may be removed.
*/
export const markLive = async (options: MarkOptions): Promise<Marked> => new LiveMark(options).run();

class LiveMark {
	readonly #options: MarkOptions;
	readonly #blocks: BlockTable;
	readonly #batch: SegmentBatch;
	readonly #segments: SegmentReader;
	/** Who needs a page of a catalog, by digest. */
	readonly #pages = new Map<string, number>();
	readonly #tables = new Set<string>();
	#missing = 0;
	#unforeseen = 0;
	#settledLosses: Set<string> | undefined;

	constructor(options: MarkOptions) {
		const {vault, index} = options;
		this.#options = options;
		this.#blocks = new BlockTable(index);
		this.#segments = new SegmentReader(vault, index);
		this.#batch = new SegmentBatch(index, (location, owner) => {
			if (!location) {
				this.#missing++;
			} else if (!this.#blocks.need(location, owner)) {
				this.#unforeseen++;
			}
		});
	}

	async #mark(backup: BackupRef): Promise<void> {
		try {
			const manifest = tryReadManifest(this.#options.vault, backup);

			if (!manifest) {
				return;
			}

			this.#noteLosses(manifest);

			for (const {catalog} of treesOf(manifest)) {
				if (catalog) {
					await this.#markCatalog(catalog.table, this.#options.ownerOf(backup.accountUuid));
				}
			}
		} catch (error) {
			throw isDamage(error) ? cannotTell(backup, error) : error;
		}
	}

	#noteLosses({losses = []}: Manifest): void {
		const known = new Set(losses);
		this.#settledLosses = this.#settledLosses === undefined ? known : new Set(losses.filter(id => this.#settledLosses!.has(id)));
	}

	async #markCatalog(table: readonly string[], owner: number): Promise<void> {
		for (const digest of table) {
			this.#batch.add(Buffer.from(digest, 'hex'), owner);
			this.#tables.add(digest);
		}

		const catalog = Catalog.open({table, entryCount: 0}, digest => this.#segments.read(digest));

		for (const {shape, facts} of catalog.pages) {
			if (this.#isNews(shape, owner)) {
				this.#batch.add(shape, owner);
			}

			if (!this.#isNews(facts, owner)) {
				continue;
			}

			this.#markContent(facts, owner);
			this.#options.abortFlag.check();
			await breathe();
		}
	}

	#markContent(facts: Buffer, owner: number): void {
		this.#batch.add(facts, owner);

		for (const digest of contentDigests(this.#segments.read(facts))) {
			this.#batch.add(digest, owner);
		}
	}

	/** Whether this owner, or that there are several, is news for a page. */
	#isNews(page: Buffer, owner: number): boolean {
		const key = page.toString('latin1');
		const known = this.#pages.get(key);
		const now = known === undefined || known === owner ? owner : several;
		this.#pages.set(key, now);

		return now !== known;
	}

	async run(): Promise<Marked> {
		for (const backup of listManifests(this.#options.vault.storage)) {
			await this.#mark(backup);
		}

		this.#batch.flush();

		return {
			blocks: this.#blocks,
			missing: this.#missing,
			unforeseen: this.#unforeseen,
			isOfCatalog: digest => this.#tables.has(digest.toString('hex')) || this.#pages.has(digest.toString('latin1')),
			settledLosses: this.#settledLosses,
		};
	}
}

/** `undefined` for one that was deleted meanwhile. */
const tryReadManifest = ({storage, rootKey, id}: OpenedVault, backup: BackupRef): Manifest | undefined => {
	try {
		return readManifest(storage, rootKey, {...backup, vaultId: id});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

const cannotTell = ({backupId}: BackupRef, error: Error): UserError => new UserError(`What backup ${backupId} needs cannot be read, so nothing may be removed: ${error.message}.`, {
	code: 'damaged',
	hint: `Bring the vault back from another copy, or give this backup up with "holdfast backup delete ${backupId}".`,
	cause: error,
});
