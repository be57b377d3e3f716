/** Which backups damage reaches, and which of their files. */
import {Buffer} from 'node:buffer';
import type {RawPath} from '../../domain/raw-name.ts';
import {Catalog, type PageRef} from '../catalog/catalog.ts';
import {contentDigests} from '../catalog/catalog-page.ts';
import type {Damage} from '../segments/damage.ts';
import {type Manifest, readManifest, treesOf} from '../catalog/manifest.ts';
import type {BackupRef} from '../storage/archive-name.ts';
import {SegmentReader} from '../segments/segment-reader.ts';
import type {SegmentIndex} from '../segments/segment-index.ts';
import {isDamage} from '../storage/storage-failure.ts';
import type {OpenedVault} from '../vault/unlock-vault.ts';
import {pageKey} from './check-catalogs.ts';

const namedFiles = 50;

export type Affected = BackupRef & {
	/** Raw. */
	readonly account: string;
	/** Of the files at most fifty, and things without a path, each with what is wrong. */
	readonly problems: ReadonlyArray<{readonly path: RawPath; readonly message: string}>;
};

type FindOptions = {readonly vault: OpenedVault; readonly index: SegmentIndex; readonly damage: Damage};

export class AffectedFinder {
	readonly #options: FindOptions;
	readonly #segments: SegmentReader;
	/** Whether damage reaches a page. */
	readonly #pages = new Map<string, boolean>();

	constructor(options: FindOptions) {
		this.#options = options;
		this.#segments = new SegmentReader(options.vault, options.index);
	}

	#reasonOf(digest: Buffer): string | undefined {
		const {damage, index} = this.#options;

		return damage.reasonOf(index.find(digest));
	}

	#isReached(page: PageRef): boolean {
		const key = pageKey(page);
		const isReached = this.#pages.get(key) ?? this.#look(page);
		this.#pages.set(key, isReached);

		return isReached;
	}

	#look({shape, facts}: PageRef): boolean {
		return [shape, facts].some(digest => this.#reasonOf(digest) !== undefined) || contentDigests(this.#segments.read(facts)).some(digest => this.#reasonOf(digest) !== undefined);
	}

	#nameFiles(catalog: Catalog, number: number): Array<{path: RawPath; message: string}> {
		const {shape, facts} = catalog.pages[number]!;
		const reason = this.#reasonOf(shape) ?? this.#reasonOf(facts);

		if (reason !== undefined) {
			return [{path: catalog.pages[number]!.folder, message: `a part of its list of files, from here on, cannot be read: ${reason}`}];
		}

		return catalog.entriesOf(number).flatMap(({path, content}) => {
			const found = content?.extents.map(({digest}) => digest && this.#reasonOf(digest)).find(each => each !== undefined);

			return found === undefined ? [] : [{path, message: found}];
		});
	}

	#problemsOf(manifest: Manifest): Array<{path: RawPath; message: string}> {
		const problems: Array<{path: RawPath; message: string}> = [];

		for (const root of treesOf(manifest).flatMap(({catalog}) => catalog ?? [])) {
			const lost = root.table.map(digest => this.#reasonOf(Buffer.from(digest, 'hex'))).find(reason => reason !== undefined);

			if (lost !== undefined) {
				problems.push({path: '', message: `its list of files cannot be read: ${lost}`});
				continue;
			}

			const catalog = Catalog.open(root, digest => this.#segments.read(digest));

			for (const [number, page] of catalog.pages.entries()) {
				if (this.#isReached(page)) {
					problems.push(...this.#nameFiles(catalog, number).slice(0, namedFiles - problems.length));
				}

				if (problems.length >= namedFiles) {
					return problems;
				}
			}
		}

		return problems;
	}

	/** `undefined` when nothing of the backup is damaged, or it is gone. */
	find(backup: BackupRef): Affected | undefined {
		const {vault} = this.#options;

		try {
			const manifest = readManifest(vault.storage, vault.rootKey, {...backup, vaultId: vault.id});
			const problems = this.#problemsOf(manifest);

			return problems.length === 0 ? undefined : {...backup, account: manifest.account, problems};
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
				return undefined;
			}

			if (!isDamage(error)) {
				throw error;
			}

			return {...backup, account: '', problems: [{path: '', message: error.message}]};
		}
	}
}
