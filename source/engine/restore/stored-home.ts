/** What a backup holds of a home, as a restore needs it: the same whether it lies in packs or in an archive. */
import type {RawPath} from '../../domain/raw-name.ts';
import {isEverything} from '../../domain/restore.ts';
import {UserError} from '../../errors.ts';
import {openStaging} from '../../system/staging.ts';
import type {AbortFlag} from '../base/abort-flag.ts';
import {FormatError} from '../base/bytes.ts';
import {Catalog} from '../catalog/catalog.ts';
import type {Content, StoredEntry} from '../catalog/catalog-page.ts';
import type {RestoreTreeRequest} from '../engine.ts';
import {
	type CatalogRoot,
	type Manifest,
	readManifest,
	type StoredArchive,
	treeOf,
} from '../catalog/manifest.ts';
import {openSealedArchive} from '../catalog/sealed-archive.ts';
import type {BackupRef} from '../storage/archive-name.ts';
import {LocalStorage} from '../storage/local-storage.ts';
import type {Storage} from '../storage/storage.ts';
import {PreviousScan} from '../backup/previous-scan.ts';
import {ScanCache} from '../backup/scan-cache.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {SegmentReader} from '../segments/segment-reader.ts';
import {
	ArchiveBlocks,
	type ArchiveTable,
	checkArchiveLength,
	readArchiveTable,
	verifyArchive,
} from '../tar/archive-blocks.ts';
import {ArchivedContent, ArchivedHome} from '../tar/archived-home.ts';
import type {OpenedVault} from '../vault/unlock-vault.ts';
import type {ContentPiece} from '../segments/content-piece.ts';
import {unheldOf, type Unheld} from './unheld.ts';

/** Entries in catalog order. */
export type StoredTree = {
	/** Goes through the entry at `path` and all below it. */
	walk(path: RawPath): Iterable<StoredEntry>;
	find(path: RawPath): StoredEntry | undefined;
};

export type StoredHome = {
	readonly sizeBytes: number;
	readonly fileCount: number;
	readonly tree: StoredTree;
	/** The scan of this very backup, where this host still has it. */
	readonly scan: PreviousScan | undefined;
	readonly piecesOf: (content: Content) => readonly ContentPiece[];
	readonly dataKeys: ReadonlyArray<{readonly id: Uint8Array; readonly wrapped: Uint8Array}>;
	readonly archive: ArchiveTable | undefined;
	readonly unheld: Unheld;
	/** Removes what was made to read it. */
	readonly close?: (() => Promise<void>) | undefined;
};

type Totals = Pick<StoredHome, 'sizeBytes' | 'fileCount' | 'unheld'>;

/**
Opens a backup's home. An archive is checked as a whole, before anything live is touched, where `flag` is given; a preview goes without.
@throws FormatError, SealError, UserError `notFound`, `refused` where files are chosen inside an archive, `interrupted`
*/
export const openStoredHome = async (request: RestoreTreeRequest, vault: OpenedVault, flag: AbortFlag | undefined): Promise<StoredHome> => {
	const {backupId} = request;
	const {item: name = 'homedir'} = request;
	const manifest = readBackup(request, vault);
	const item = manifest.items.find(each => each.name === name);
	const part = treeOf(manifest, name);
	const totals: Totals = {sizeBytes: item?.sizeBytes ?? 0, fileCount: item?.fileCount ?? 0, unheld: unheldOf(manifest, request.foreignPaths ?? [])};

	if (part?.archive) {
		if (name === 'homedir') {
			checkWhole(request);
		}

		return part.archive.plain
			? openSealed(part.archive, {
				vault, flag, totals, cacheFolder: request.cacheFolder,
			})
			: openArchive(part.archive, {storage: vault.storage, flag, totals});
	}

	if (!part?.catalog) {
		throw new UserError(`Backup ${backupId} holds ${name === 'homedir' ? 'no home directory' : `nothing of the item ${name}`}.`, {code: 'notFound', hint: 'See what it holds with "holdfast backup show".'});
	}

	return openCatalog(part.catalog, {vault, request, totals});
};

const readBackup = ({accountUuid, backupId}: BackupRef, {storage, rootKey, id}: OpenedVault): Manifest => {
	try {
		return readManifest(storage, rootKey, {vaultId: id, accountUuid, backupId});
	} catch (error) {
		throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new FormatError('its manifest is missing') : error;
	}
};

const checkWhole = ({backupId, selection}: RestoreTreeRequest): void => {
	if (!isEverything(selection)) {
		throw new UserError(`Backup ${backupId} is an archive: files cannot be chosen inside it.`, {
			code: 'refused',
			hint: `Restore the whole home into a folder with "holdfast restore ${backupId} --to DIR", and take from there what you need.`,
		});
	}
};

type ArchiveSetting = {
	readonly storage: Storage;
	/** Absolute path of its folder; `undefined`: the vault's. */
	readonly folder?: string;
	readonly flag: AbortFlag | undefined;
	readonly totals: Totals;
};
type SealedSetting = Pick<ArchiveSetting, 'flag' | 'totals'> & {readonly vault: OpenedVault; readonly cacheFolder: string};

/** In the clear it lies in a private folder until the home is closed. */
const openSealed = async (archive: StoredArchive, {vault, flag, totals, cacheFolder}: SealedSetting): Promise<StoredHome> => {
	checkArchiveLength(vault.storage, archive);
	const staging = await openStaging(cacheFolder);
	const storage = new LocalStorage(staging.folder);

	try {
		const name = await openSealedArchive(archive, staging.folder, {
			seal: vault.archiveSeal!, storage: vault.storage, openedKeys: vault.openedKeys, flag,
		});
		const home = await openArchive({name, ...archive.plain!}, {
			storage, folder: staging.folder, flag, totals,
		});

		return {
			...home,
			async close() {
				storage.close();
				await staging.remove();
			},
		};
	} catch (error) {
		storage.close();
		await staging.remove();
		throw error;
	}
};

const openArchive = async (archive: StoredArchive, {storage, folder, flag, totals}: ArchiveSetting): Promise<StoredHome> => {
	const checksums = flag ? await verifyArchive(storage, archive, flag) : new Uint32Array(0);
	const table: ArchiveTable = {...readArchiveTable(storage, archive, checksums), folder};

	return {
		...totals,
		tree: new ArchivedHome(new ArchiveBlocks(storage, table)),
		scan: undefined,
		piecesOf: content => content instanceof ArchivedContent ? content.pieces() : [],
		dataKeys: [],
		archive: table,
	};
};

const openCatalog = (root: CatalogRoot, {vault, request, totals}: {readonly vault: OpenedVault; readonly request: RestoreTreeRequest; readonly totals: Totals}): StoredHome => {
	const index = SegmentIndex.open(vault);
	const segments = new SegmentReader(vault, index);
	const catalog = Catalog.open(root, digest => segments.read(digest));
	const cache = request.isOriginal && (request.item ?? 'homedir') === 'homedir' ? ScanCache.open(request.cacheFolder, `${vault.id}-${request.accountUuid}`, request.backupId) : undefined;

	return {
		...totals,
		tree: catalog,
		scan: cache && new PreviousScan(catalog, cache),
		piecesOf: ({extents}) => extents.map(({length, digest}): ContentPiece => {
			if (!digest) {
				return {type: 'hole', length};
			}

			const location = index.find(digest);

			return location ? {type: 'segment', location, digest} : {type: 'missing', digest};
		}),
		dataKeys: index.keyRing.all(),
		archive: undefined,
	};
};
