/** A backup's manifest: the object whose creation makes the backup, and all that is known of it when the state is lost. */
import {Buffer} from 'node:buffer';
import {zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import type {BackupKind, BackupStatus, Structure} from '../../domain/backup.ts';
import type {
	Finding,
	ItemName,
	ItemResult,
	ItemStatus,
	PartResult,
} from '../../domain/item.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {FormatError} from '../base/bytes.ts';
import {deriveKey, open, seal} from '../base/keys.ts';
import type {IndexedPack} from '../segments/index-file.ts';
import type {Storage} from '../storage/storage.ts';
import {archiveFolder, type BackupRef} from '../storage/archive-name.ts';

/** Where a part's catalog begins: the segments that hold its table of pages, as hexadecimal digests. */
export type CatalogRoot = {readonly table: readonly string[]; readonly entryCount: number};

/** An archive beside the packs that holds a part. */
export type StoredArchive = {
	/** Name of the object. */
	readonly name: string;
	readonly sizeBytes: number;
	/** Of the object, hexadecimal. */
	readonly sha256: string;
	/** Of what a sealed one holds. */
	readonly plain?: {readonly sizeBytes: number; readonly sha256: string} | undefined;
};

export type ManifestPart = {
	readonly name: string;
	/** Of a database: which server it is of. */
	readonly kind?: PartResult['kind'];
	readonly status: ItemStatus;
	readonly sizeBytes: number;
	readonly error: string | null;
	/** Of incremental backups. */
	readonly catalog: CatalogRoot | null;
	/** Of archived and compressed backups. */
	readonly archive?: StoredArchive | null | undefined;
	/** Folders (raw paths) of which not all was read: mounts, and those that could not be listed. What is absent there proves nothing; the empty path stands for all. */
	readonly incompleteFolders: readonly RawPath[];
};

/** Where the tree of an item lies that has one for all its parts, with a folder for each. */
export type ItemTree = Pick<ManifestPart, 'catalog' | 'archive' | 'incompleteFolders'>;

export type ManifestItem = {
	readonly name: ItemName;
	readonly status: ItemStatus;
	readonly sizeBytes: number;
	readonly fileCount: number;
	readonly error: string | null;
	readonly parts: readonly ManifestPart[];
	/** Of items other than the home; absent where nothing was stored. */
	readonly tree?: ItemTree | undefined;
	/** At most 1,000, problems first. */
	readonly findings: readonly Finding[];
};

export type Manifest = {
	readonly version: 1;
	readonly id: string;
	readonly accountUuid: string;
	readonly account: string;
	readonly machine: string;
	/** Raw path of the home then; absent in manifests of before rights. */
	readonly home?: RawPath | undefined;
	readonly createdAt: string;
	readonly kind: BackupKind;
	readonly structure: Structure;
	readonly job: string | null;
	readonly schedules: readonly string[];
	readonly excludes: readonly string[];
	/** Raw paths below the home that other items of the backup hold; absent where there are none. */
	readonly heldElsewhere?: readonly RawPath[];
	readonly status: BackupStatus;
	readonly sizeBytes: number;
	readonly storedBytes: number;
	readonly fileCount: number;
	readonly items: readonly ManifestItem[];
	/** The packs that making this backup added. */
	readonly packs: readonly IndexedPack[];
	/** Ids of the losses that were known when it began; absent in manifests of before there were any. */
	readonly losses?: readonly string[];
};

/** Everything in a backup that has a catalog or an archive. */
export const treesOf = ({items}: Manifest): readonly ItemTree[] => items.flatMap(({parts, tree}): readonly ItemTree[] => tree ? [tree] : parts);

/** Where an item lies; `undefined` where the backup holds nothing of it. */
export const treeOf = ({items}: Manifest, name: ItemName): ItemTree | undefined => {
	const item = items.find(each => each.name === name);

	return item?.tree ?? item?.parts[0];
};

/** What the state remembers of the items. The home's one part is the home. */
export const itemResultsOf = ({items}: Manifest): readonly ItemResult[] => items.map(({name, status, parts, sizeBytes, fileCount, error}) => ({
	name,
	status,
	parts: name === 'homedir'
		? []
		: parts.map(part => ({
			name: part.name, ...part.kind !== undefined && {kind: part.kind}, status: part.status, sizeBytes: part.sizeBytes, error: part.error,
		})),
	sizeBytes,
	fileCount,
	error,
}));

type Place = BackupRef & {readonly vaultId: string};

const version = 1;

export const manifestName = ({accountUuid, backupId}: BackupRef): string => `backups/${accountUuid}/${backupId}`;

/** Which backups are stored, of one account or of all. */
export const listManifests = (storage: Storage, accountUuid?: string): BackupRef[] => storage.list(accountUuid === undefined ? 'backups' : `backups/${accountUuid}`).map(({name}) => {
	const [, account, backup] = name.split('/', 3);

	return {accountUuid: account!, backupId: backup!};
});

/** Sealed so that it opens under this vault, account and backup id only. */
export const encodeManifest = (manifest: Manifest, {rootKey, vaultId}: {readonly rootKey: Uint8Array; readonly vaultId: string}): Buffer => {
	const plain = Buffer.from(JSON.stringify(manifest));

	return seal(manifestKey(rootKey), zstdCompressSync(plain), contextOf({vaultId, accountUuid: manifest.accountUuid, backupId: manifest.id}));
};

/**
Reads the manifest of a backup.
@throws ENOENT, SealError, FormatError
*/
export const readManifest = (storage: Storage, rootKey: Uint8Array, place: Place): Manifest => {
	const sealed = storage.read(manifestName(place));
	const plain = zstdDecompressSync(open(manifestKey(rootKey), sealed, contextOf(place)));
	const manifest = JSON.parse(plain.toString()) as Manifest;
	const found: number = manifest.version;

	// The seal vouches for the rest: only Holdfast writes under this key.
	if (found !== version) {
		throw new FormatError(`the manifest has version ${found}; this Holdfast reads version ${version}`);
	}

	return manifest;
};

/** The manifest of the same backup as another account's, with its archives in that one's folder. */
export const withOwner = (manifest: Manifest, accountUuid: string): Manifest => {
	const from = archiveFolder({accountUuid: manifest.accountUuid, backupId: manifest.id});
	const to = archiveFolder({accountUuid, backupId: manifest.id});

	const moved = <Tree extends ItemTree>(tree: Tree): Tree => tree.archive ? {...tree, archive: {...tree.archive, name: `${to}${tree.archive.name.slice(from.length)}`}} : tree;

	return {
		...manifest,
		accountUuid,
		items: manifest.items.map(item => ({
			...item,
			parts: item.parts.map(part => moved(part)),
			...item.tree && {tree: moved(item.tree)},
		})),
	};
};

const manifestKey = (rootKey: Uint8Array): Buffer => deriveKey(rootKey, 'manifests');

const contextOf = ({vaultId, accountUuid, backupId}: Place): Buffer => Buffer.from(`${vaultId}/${accountUuid}/${backupId}`);
