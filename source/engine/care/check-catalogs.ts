/** The first part of a verification: every manifest and every page of its catalog is read, and for every segment it is looked up where it lies. */
import {Buffer} from 'node:buffer';
import {setImmediate as breathe} from 'node:timers/promises';
import type {AbortFlag} from '../base/abort-flag.ts';
import {BlockTable} from '../segments/block-table.ts';
import {Catalog, type PageRef} from '../catalog/catalog.ts';
import {contentDigests, decodePage} from '../catalog/catalog-page.ts';
import {decodeShape} from '../catalog/catalog-shape.ts';
import type {Damage} from '../segments/damage.ts';
import type {SegmentLocation} from '../segments/index-file.ts';
import {type Manifest, readManifest, treesOf} from '../catalog/manifest.ts';
import type {BackupRef} from '../storage/archive-name.ts';
import {SegmentBatch} from '../segments/segment-batch.ts';
import type {SegmentIndex} from '../segments/segment-index.ts';
import {SegmentReader} from '../segments/segment-reader.ts';
import {isDamage} from '../storage/storage-failure.ts';
import type {OpenedVault} from '../vault/unlock-vault.ts';

export type CheckCatalogsOptions = {
	readonly vault: OpenedVault;
	readonly index: SegmentIndex;
	readonly damage: Damage;
	readonly abortFlag: AbortFlag;
	/** A backup whose manifest or table of pages cannot be read. */
	readonly onUnreadable: (backup: BackupRef, reason: string) => void;
};

/** Marks in its table of blocks which of them the backups need. */
export class CatalogCheck {
	readonly #options: CheckCatalogsOptions;
	readonly #segments: SegmentReader;
	readonly #batch: SegmentBatch;
	readonly #seen = new Set<string>();
	readonly blocks: BlockTable;

	constructor(options: CheckCatalogsOptions) {
		this.#options = options;
		this.blocks = new BlockTable(options.index);
		this.#segments = new SegmentReader(options.vault, options.index);
		this.#batch = new SegmentBatch(options.index, location => {
			this.#note(location);
		});
	}

	#note(location: SegmentLocation | undefined): void {
		const {damage} = this.#options;

		if (location && damage.reasonOf(location) === undefined) {
			this.blocks.need(location, 1);
		} else {
			damage.addSegment(location);
		}
	}

	/** `undefined` where it cannot be read. */
	#read(digest: Buffer): Buffer | undefined {
		try {
			return this.#segments.read(digest);
		} catch (error) {
			if (!isDamage(error)) {
				throw error;
			}

			const {damage, index} = this.#options;
			damage.addSegment(index.find(digest));

			return undefined;
		}
	}

	#checkPage({shape, facts}: PageRef): void {
		const shapeBytes = this.#read(shape);
		const factsBytes = this.#read(facts);
		this.#batch.add(shape, 1);
		this.#batch.add(facts, 1);

		if (!factsBytes) {
			return;
		}

		for (const digest of contentDigests(factsBytes)) {
			this.#batch.add(digest, 1);
		}

		if (shapeBytes) {
			decodePage(decodeShape(shapeBytes), factsBytes);
		}
	}

	async #checkCatalog(table: readonly string[]): Promise<void> {
		for (const digest of table) {
			this.#batch.add(Buffer.from(digest, 'hex'), 1);
		}

		const catalog = Catalog.open({table, entryCount: 0}, digest => this.#segments.read(digest));

		for (const page of catalog.pages) {
			const key = pageKey(page);

			if (this.#seen.has(key)) {
				continue;
			}

			this.#seen.add(key);
			this.#checkPage(page);
			this.#options.abortFlag.check();
			await breathe();
		}
	}

	/** The manifest; `undefined` where it or its table of pages cannot be read. */
	async check(backup: BackupRef): Promise<Manifest | undefined> {
		const {vault, onUnreadable} = this.#options;

		try {
			const manifest = readManifest(vault.storage, vault.rootKey, {...backup, vaultId: vault.id});

			for (const {catalog} of treesOf(manifest)) {
				if (catalog) {
					await this.#checkCatalog(catalog.table);
				}
			}

			return manifest;
		} catch (error) {
			if (!isDamage(error)) {
				throw error;
			}

			onUnreadable(backup, (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'its manifest is missing' : error.message);

			return undefined;
		}
	}

	finish(): void {
		this.#batch.flush();
	}
}

/** What tells one page from another. */
export const pageKey = ({shape, facts}: Pick<PageRef, 'shape' | 'facts'>): string => shape.toString('latin1') + facts.toString('latin1');
