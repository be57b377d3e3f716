import type {DataShare} from '../domain/data-share.ts';
import type {BackupStatus, Structure} from '../domain/backup.ts';
import type {Change} from '../domain/change.ts';
import type {Finding, ItemName, ItemResult} from '../domain/item.ts';
import type {RawPath} from '../domain/raw-name.ts';
import type {
	RestorePreview,
	RestoreSummary,
	Selection,
	StepTotal,
} from '../domain/restore.ts';
import type {OpenedDataKey} from './base/keys.ts';
import type {BackupRef} from './storage/archive-name.ts';

/** Where a vault lies and the key that opens it. */
export type VaultLocation = {
	/** Absolute path of the folder. */
	readonly folder: string;
	/** The id stored in the vault and known to the state. */
	readonly id: string;
	/** The server's master key, 32 bytes. */
	readonly masterKey: Uint8Array;
	/** With it the recovery key opens the vault, which is another server's and only read. */
	readonly recoveryKey?: Uint8Array | undefined;
	/** The vault of an account's key inside that one. */
	readonly account?: AccountVaultLocation | undefined;
};

/** A vault inside another: what is stored under an account's own key. */
export type AccountVaultLocation = {
	/** 32 hexadecimal digits. */
	readonly keyId: string;
	/** The owner's armoured OpenPGP public key, which what is stored is sealed to; `null`: the key is the server's. */
	readonly publicKey: string | null;
	/** Absolute path of the folder for copies of catalogs, which spare whoever writes the owner's private key; readers of content go without. */
	readonly catalogCopies?: string | undefined;
	/** What the owner's private key opened (`openDataKeys`). */
	readonly dataKeys?: readonly OpenedDataKey[] | undefined;
};

export type TreeProgress = {
	readonly bytesDone: number;
	readonly bytesTotal: number | null;
	readonly filesDone: number;
	readonly filesTotal: number | null;
	readonly currentPath: RawPath | null;
};

export type BackupTreeRequest = {
	readonly vault: VaultLocation;
	readonly accountUuid: string;
	readonly backupId: string;
	/** Incremental unless said otherwise. */
	readonly structure?: Structure | undefined;
	/** The newest backup of the same account at the same vault, to skip what did not change; `null` for a first one. */
	readonly previousBackupId: string | null;
	/** Folder for the disposable caches (inode and change times), beside the state. */
	readonly cacheFolder: string;
	/** Absolute raw path of the home. */
	readonly root: RawPath;
	/** The account's ids: a file with outside links that is not owned by this uid is named and not read. */
	readonly uid: number;
	readonly excludes: readonly string[];
	/** With it only these paths are read (a safety backup). */
	readonly onlyPaths?: readonly RawPath[] | undefined;
	/** The memory of the last scan stays that of the previous backup, with which the next one compares. */
	readonly isCacheKept?: boolean | undefined;
	/** What is missing in the home, though it is not seen in it (an import). */
	readonly homeGaps?: HomeGaps | undefined;
	/** False: the home is left out. */
	readonly isHomeTaken?: boolean | undefined;
	/** The other items, gathered beside. */
	readonly items?: readonly GatheredItem[] | undefined;
	readonly threads: number;
	/** Kept in the manifest, which must tell everything when the state is lost. */
	readonly manifest: ManifestFacts;
};

export type HomeGaps = {
	/** Why the home is partial; `null`: it is not. */
	readonly problem: string | null;
	/** Raw paths below which not all is there; the empty path stands for all. */
	readonly incompleteFolders: readonly RawPath[];
};

/** What there is of an item other than the home: a folder of ours with one folder for each part. */
export type GatheredItem = Pick<ItemResult, 'name' | 'status' | 'parts' | 'error'> & {
	/** Absolute raw path; `null` where there is nothing to store. */
	readonly folder: RawPath | null;
	/** Absolute raw paths that it was taken from: what of them lies in the home is not the home's. */
	readonly places: readonly RawPath[];
	/** The tree holds files of the account, which count among its files; else what was written down about it. */
	readonly isOfFiles: boolean;
	readonly findings: readonly Finding[];
};

/** What the manifest says beside what the engine measured itself. */
export type ManifestFacts = {
	readonly account: string;
	readonly machine: string;
	readonly createdAt: string;
	readonly kind: string;
	readonly job: string | null;
	readonly schedules: readonly string[];
	/** Where the home belongs, if it is read elsewhere. */
	readonly home?: RawPath | undefined;
};

export type BackupTreeResult = {
	readonly status: 'complete' | 'partial';
	readonly sizeBytes: number;
	readonly storedBytes: number;
	readonly fileCount: number;
	readonly items: readonly ItemResult[];
	/** At most 1,000, problems first. */
	readonly findings: readonly Finding[];
	readonly problemCount: number;
};

export type RestoreTreeRequest = {
	readonly vault: VaultLocation;
	readonly accountUuid: string;
	readonly backupId: string;
	/** The home unless said otherwise. Another item's tree has a folder for each part. */
	readonly item?: ItemName | undefined;
	readonly selection: Selection;
	/** What was chosen and is left out for want of rights: it is counted. A chosen path that the backup does not hold is passed over then. */
	readonly withheld?: Selection | undefined;
	/** Absolute raw path of the folder that receives the tree's content. */
	readonly target: RawPath;
	/** `true`: the folder is the account's own and its owner may be hostile; ids other than the account's need `mayRestoreOwners`. */
	readonly isOriginal: boolean;
	readonly account: {readonly uid: number; readonly gid: number};
	readonly isMerge: boolean;
	/** What is live alone is deleted at the end, if all of the rest came back; it stays unless given. Never with `isMerge`. */
	readonly deletion?: LiveOnlyDeletion | undefined;
	/** Paths of the tree that other items hold: never deleted, and not counted as live alone. */
	readonly foreignPaths?: readonly RawPath[] | undefined;
	/** True in any process but the runner's: nothing at the vault is mended, where the runner may be writing. */
	readonly isVaultLeftAlone?: boolean | undefined;
	readonly cacheFolder: string;
	readonly threads: number;
};

/** What of the live-only things goes: never what the restored backup could not hold. */
export type LiveOnlyDeletion =
	| {readonly type: 'all'}
	/** What the restore of another backup of the account brought. */
	| {readonly type: 'broughtBy'; readonly vault: VaultLocation; readonly backupId: string; readonly selection: Selection};

export type RestoreTreeResult = {
	/** `aborted`: what the summary does not count as done is as it was before. */
	readonly status: 'complete' | 'partial' | 'aborted';
	readonly summary: RestoreSummary;
	/** What `withheld` left out. */
	readonly denied: StepTotal;
	readonly findings: readonly Finding[];
	readonly problemCount: number;
	/** Damaged data was met: the task ends with exit code 7 even if the rest came back. */
	readonly isDamageMet: boolean;
};

export type VerifyRequest = {
	readonly vault: VaultLocation;
	readonly backups: readonly BackupRef[];
	/** Reads every stored byte the backups need, not only what says where it lies. */
	readonly isDataRead: boolean;
	/** Of the data, only this share. */
	readonly share?: DataShare | undefined;
	readonly threads: number;
};

export type VerifyResult = {
	/** Those asked for and any other that the damage reaches. */
	readonly damaged: readonly BackupRef[];
	/** Those asked for that can be restored as they were made. */
	readonly intact: ReadonlyArray<BackupRef & {readonly status: BackupStatus}>;
	readonly bytesRead: number;
	/** At most 1,000. */
	readonly findings: readonly Finding[];
	readonly problemCount: number;
};

export type CleanupRequest = {readonly vault: VaultLocation};

export type CleanupResult = {
	readonly droppedPacks: number;
	readonly rewrittenPacks: number;
	/** In a preview: an estimate. */
	readonly freedBytes: number;
	readonly findings: readonly Finding[];
	readonly isDamageMet: boolean;
};

export type ReclaimableRequest = {
	readonly vault: VaultLocation;
	/** UUIDs of those that are deleted together, by any name; an account is in one group at most. */
	readonly groups: ReadonlyMap<string, readonly string[]>;
};

/** What of an item goes into a package. */
export type PackedTree = {
	readonly item: ItemName;
	readonly selection: Selection;
	/** Raw names of the parts that are chosen; of the home none. */
	readonly parts: readonly string[];
	/** What was chosen and is left out for want of rights: it is counted. */
	readonly withheld?: Selection | undefined;
};

export type PackageRequest = {
	readonly vault: VaultLocation;
	readonly accountUuid: string;
	readonly backupId: string;
	readonly trees: readonly PackedTree[];
	/** Ids of the account, as far as they are known: by them a file is told to be the account's own. */
	readonly account: {readonly uid: number; readonly gid: number} | null;
	readonly createdAt: string;
	/** Absolute path of the package; nothing is there yet. */
	readonly file: string;
	/** An armoured OpenPGP public key: the package is encrypted to it. */
	readonly recipient: string | null;
	readonly cacheFolder: string;
	readonly threads: number;
};

export type PackedItem = {
	readonly name: ItemName;
	readonly status: 'complete' | 'partial' | 'failed';
	readonly sizeBytes: number;
	readonly fileCount: number;
	/** What `withheld` left out. */
	readonly denied: StepTotal;
	readonly isDamageMet: boolean;
};

export type PackageResult = {
	readonly items: readonly PackedItem[];
	readonly findings: readonly Finding[];
	readonly problemCount: number;
	/** Of the package. */
	readonly sizeBytes: number;
	readonly sha256: string;
};

export type UnpackRequest = {
	/** Absolute path of the package, no link. */
	readonly file: string;
	/** Absolute raw path of a private folder, which receives a folder for each item. */
	readonly target: RawPath;
	/** Ids of the account where it was packed: what is theirs becomes `account`'s, and keeps its privileges. */
	readonly from: {readonly uid: number; readonly gid: number} | null;
	readonly account: {readonly uid: number; readonly gid: number};
	readonly threads: number;
};

export type EngineOptions = {
	readonly signal?: AbortSignal | undefined;
	readonly onProgress?: ((progress: TreeProgress) => void) | undefined;
};

/**
The archive engine: worker threads behind promises. Errors are `UserError` (`damaged`, `key`, `failed`, `notFound`, `interrupted` after an abort); an
aborted or failed backup leaves no backup behind.
*/
export type Engine = {
	backupTree(request: BackupTreeRequest, options?: EngineOptions): Promise<BackupTreeResult>;
	/** Changes nothing. */
	planRestore(request: RestoreTreeRequest, options?: EngineOptions): Promise<RestorePreview>;
	/** How the target differs from the backup. Changes nothing. */
	diffLive(request: RestoreTreeRequest, options?: EngineOptions): Promise<readonly Change[]>;
	restoreTree(request: RestoreTreeRequest, options?: EngineOptions): Promise<RestoreTreeResult>;
	/** Writes chosen parts of a backup into one portable archive. What cannot be read is named and left out. */
	packBackup(request: PackageRequest, options?: EngineOptions): Promise<PackageResult>;
	/** Unpacks a package, which may be anybody's making, into a private folder: all of it, or a `UserError` says why not. What must not be in one is named and left out. */
	unpackPackage(request: UnpackRequest, options?: EngineOptions): Promise<RestoreTreeResult>;
	/** What is damaged leaves the index, so that the next backup stores it anew. */
	verify(request: VerifyRequest, options?: EngineOptions): Promise<VerifyResult>;
	/** Changes nothing. */
	planCleanup(request: CleanupRequest, options?: EngineOptions): Promise<CleanupResult>;
	/** Frees what no backup needs. Nothing else may read or write the vault meanwhile but browsers. */
	cleanUp(request: CleanupRequest, options?: EngineOptions): Promise<CleanupResult>;
	/** Bytes that deleting all backups of a group of accounts, each group by itself, and a cleanup would free, by its name. Changes nothing. */
	measureReclaimable(request: ReclaimableRequest, options?: EngineOptions): Promise<ReadonlyMap<string, number>>;
	close(): Promise<void>;
};
