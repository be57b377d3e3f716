/** What crosses the thread boundaries: plain data, one union a direction. */
import type {Change} from '../domain/change.ts';
import type {RestorePreview} from '../domain/restore.ts';
import type {
	BackupTreeRequest,
	BackupTreeResult,
	CleanupRequest,
	CleanupResult,
	PackageRequest,
	PackageResult,
	ReclaimableRequest,
	RestoreTreeRequest,
	RestoreTreeResult,
	TreeProgress,
	UnpackRequest,
	VerifyRequest,
	VerifyResult,
} from './engine.ts';
import type {OpenedDataKey} from './base/keys.ts';
import type {CheckedPack, PackCheck} from './care/check-pack.ts';
import type {Beginnings} from './backup/beginnings.ts';
import type {PackedListings} from './backup/listed-trees.ts';
import type {WrittenPack} from './segments/segment-writer.ts';
import type {ArchiveTable} from './tar/archive-blocks.ts';
import type {PackedOutcomes} from './tar/packed-outcomes.ts';
import type {SectionToHash} from './tar/section-hash.ts';
import type {WriteException} from './restore/file-restore.ts';

/** An error as data; `UserError`s come out as they went in. */
export type ThreadError = {
	readonly name: string;
	readonly message: string;
	readonly stack: string | undefined;
	readonly code: string | undefined;
	readonly hint: string | undefined;
};

/** What the engine's thread is started with. */
export type EngineThreadData = {readonly isWarm: boolean};

/** From the runner to the engine's thread. */
export type EngineRequest =
	| {readonly type: 'backup'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: BackupTreeRequest}
	| {readonly type: 'plan'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: RestoreTreeRequest}
	| {readonly type: 'restore'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: RestoreTreeRequest}
	| {readonly type: 'diff'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: RestoreTreeRequest}
	| {readonly type: 'pack'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: PackageRequest}
	| {readonly type: 'unpack'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: UnpackRequest}
	| {readonly type: 'verify'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: VerifyRequest}
	| {readonly type: 'measure'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: ReclaimableRequest}
	| {readonly type: 'planCleanup'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: CleanupRequest}
	| {readonly type: 'cleanUp'; readonly id: number; readonly abortFlag: SharedArrayBuffer; readonly request: CleanupRequest};

export type EngineReply =
	| {readonly type: 'progress'; readonly id: number; readonly progress: TreeProgress}
	| {readonly type: 'backedUp'; readonly id: number; readonly result: BackupTreeResult}
	| {readonly type: 'planned'; readonly id: number; readonly preview: RestorePreview}
	| {readonly type: 'restored'; readonly id: number; readonly result: RestoreTreeResult}
	| {readonly type: 'packed'; readonly id: number; readonly result: PackageResult}
	| {readonly type: 'compared'; readonly id: number; readonly changes: readonly Change[]}
	| {readonly type: 'verified'; readonly id: number; readonly result: VerifyResult}
	| {readonly type: 'measured'; readonly id: number; readonly reclaimable: ReadonlyMap<string, number>}
	| {readonly type: 'cleaned'; readonly id: number; readonly result: CleanupResult}
	| {readonly type: 'failed'; readonly id: number; readonly error: ThreadError};

/** What opens blocks: data keys as they are stored, and those of them that an owner's private key opened. */
export type ContentKeys = {
	readonly rootKey: Uint8Array;
	readonly dataKeys: ReadonlyArray<{readonly id: Uint8Array; readonly wrapped: Uint8Array}>;
	readonly openedKeys: readonly OpenedDataKey[];
};

/** From the engine's thread to its pack threads. `run` tells backups and restores apart that go on side by side. */
export type PackRequest =
	| {
		readonly type: 'beginCapture'; readonly run: number; readonly vaultFolder: string; readonly rootKey: Uint8Array;
		readonly dataKey: {readonly id: Uint8Array; readonly key: Uint8Array; readonly wrapped: Uint8Array};
		readonly table: SharedArrayBuffer; readonly abortFlag: SharedArrayBuffer; readonly device: bigint; readonly uid: number;
	}
	| {readonly type: 'capture'; readonly run: number; readonly folderFds: Int32Array; readonly names: string; readonly countedInodes: BigUint64Array; readonly countedChanges: BigInt64Array; readonly beginnings: Beginnings}
	| {readonly type: 'finishCapture'; readonly run: number}
	| {readonly type: 'endCapture'; readonly run: number}
	| {readonly type: 'abortCapture'; readonly run: number}
	| {readonly type: 'beginArchive'; readonly run: number; readonly isCompressed: boolean; readonly device: bigint; readonly uid: number; readonly slots: readonly SharedArrayBuffer[]}
	/** Paths are joined by NUL; slots are named by their numbers. */
	| {
		readonly type: 'packBatch'; readonly run: number; readonly slot: number; readonly folderFds: Int32Array; readonly paths: string; readonly linked: Uint8Array;
		readonly countedInodes: BigUint64Array; readonly countedChanges: BigInt64Array; readonly ready: Uint8Array; readonly readyEnds: Uint32Array;
	}
	| {readonly type: 'packRange'; readonly run: number; readonly slot: number; readonly fd: number; readonly start: number; readonly length: number; readonly padding: number}
	/** Of an archive's sections, one after the other. */
	| {readonly type: 'hashSection'; readonly run: number; readonly section: SectionToHash}
	| {readonly type: 'finishHash'; readonly run: number}
	| {readonly type: 'endArchive'; readonly run: number}
	| {
		readonly type: 'beginWrite'; readonly run: number; readonly vaultFolder: string;
		/** Of an archived backup. */
		readonly archive: ArchiveTable | undefined; readonly abortFlag: SharedArrayBuffer;
	} & ContentKeys
	| {readonly type: 'write'; readonly run: number; readonly jobs: Uint8Array}
	| {readonly type: 'checkPack'; readonly vaultFolder: string; readonly check: PackCheck; readonly abortFlag: SharedArrayBuffer} & ContentKeys
	| {readonly type: 'finishWrite'; readonly run: number};

export type PackReply =
	| {readonly type: 'begun'}
	| {readonly type: 'captured'; readonly outcomes: Uint8Array; readonly bytesRead: number}
	| {readonly type: 'finishedCapture'; readonly packs: readonly WrittenPack[]}
	| {readonly type: 'endedCapture'}
	| {readonly type: 'abortedCapture'; readonly packIds: readonly string[]}
	| {readonly type: 'packedBatch'; readonly outcomes: PackedOutcomes; readonly length: number}
	/** No length: the file ended early. */
	| {readonly type: 'packedRange'; readonly length: number | undefined; readonly failure: {readonly code: string; readonly message: string} | undefined}
	| {readonly type: 'hashedSection'}
	| {readonly type: 'finishedHash'; readonly sha256: string}
	| {readonly type: 'endedArchive'}
	/** Files that are not named were restored whole. */
	| {readonly type: 'written'; readonly exceptions: readonly WriteException[]}
	| {readonly type: 'checkedPack'; readonly result: CheckedPack}
	| {readonly type: 'finishedWrite'};

/** Listing goes past what a pack thread does otherwise, by a channel of its own: the walk waits for it, also while a large file is read. */
export type ListRequest = {readonly id: number; readonly folderFds: Int32Array};
export type ListReply = {readonly id: number; readonly listings: PackedListings} | {readonly id: number; readonly error: ThreadError};
