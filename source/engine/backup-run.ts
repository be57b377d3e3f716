/** One backup of one tree, from the first look to the manifest that makes it a backup. Runs in the engine's thread. */
import type {Directory} from '../system/directory.ts';
import type {AbortFlag} from './abort-flag.ts';
import {manifestOf} from './backup-manifest.ts';
import {BlockError} from './block-reader.ts';
import {BackupProgress} from './backup-progress.ts';
import {openHome} from './backup-source.ts';
import {CaptureQueue} from './capture-queue.ts';
import {CatalogWriter} from './catalog-writer.ts';
import type {
	BackupTreeRequest,
	BackupTreeResult,
	TreeProgress,
	VaultLocation,
} from './engine.ts';
import {Findings} from './findings.ts';
import {forgetBlocks} from './forget-blocks.ts';
import type {LostBlock} from './losses.ts';
import {encodeManifest, manifestName} from './manifest.ts';
import {openPrevious} from './open-previous.ts';
import type {PackPool} from './pack-pool.ts';
import {ScanCacheWriter} from './scan-cache.ts';
import {TreeScan} from './tree-scan.ts';
import {VaultSession} from './vault-session.ts';
import {runArchive} from './tar/archive-run.ts';
import {workAlone} from './vault-turns.ts';
import {unlockVault} from './vault.ts';

export type RunOptions = {
	readonly pool: PackPool;
	readonly abortFlag: AbortFlag;
	readonly onProgress: (progress: TreeProgress) => void;
};

/** Each finds one more damaged block of the previous backup's catalog. */
const mostAttempts = 5;

/** Where the previous backup turns out to be damaged, the damaged block leaves the index and the run begins anew: what it held must not be taken for stored. */
export const runBackup = async (request: BackupTreeRequest, options: RunOptions): Promise<BackupTreeResult> => {
	for (let attempt = 1; ; attempt++) {
		try {
			return await runOnce(request, options);
		} catch (error) {
			if (attempt === mostAttempts || !(error instanceof BlockError)) {
				throw error;
			}

			await loseBlock(request.vault, error.block);
		}
	}
};

const loseBlock = async (location: VaultLocation, block: LostBlock): Promise<void> => {
	const vault = unlockVault(location);

	try {
		await workAlone(vault.id, async () => forgetBlocks(vault, [block]));
	} finally {
		vault.storage.close();
	}
};

const runOnce = async (request: BackupTreeRequest, options: RunOptions): Promise<BackupTreeResult> => {
	const vault = unlockVault(request.vault);
	const root = openHome(request.root);
	const session = await VaultSession.begin(vault, {
		...options, threads: request.threads, device: root.stat().dev, uid: request.uid, folder: request.vault.folder,
	});

	try {
		const isArchive = request.structure !== undefined && request.structure !== 'incremental';
		const run = {
			request, session, root, options,
		};

		return await (isArchive ? runArchive(run) : new BackupRun(run).run());
	} catch (error) {
		await session.abort();
		throw error;
	} finally {
		vault.storage.close();
	}
};

export type BackupRunOptions = {readonly request: BackupTreeRequest; readonly session: VaultSession; readonly root: Directory; readonly options: RunOptions};

class BackupRun {
	readonly #request: BackupTreeRequest;
	readonly #session: VaultSession;
	readonly #abortFlag: AbortFlag;
	readonly #findings = new Findings();
	readonly #progress: BackupProgress;
	readonly #cache: ScanCacheWriter;
	readonly #catalog: CatalogWriter;
	readonly #scan: TreeScan;

	constructor({request, session, root, options}: BackupRunOptions) {
		const startedNs = BigInt(Date.now()) * 1_000_000n;
		this.#request = request;
		this.#session = session;
		this.#abortFlag = options.abortFlag;
		const {scan: previous, manifest} = openPrevious({request, session, findings: this.#findings});
		this.#progress = new BackupProgress(manifest, options.onProgress);
		this.#cache = new ScanCacheWriter(request.cacheFolder, `${request.vault.id}-${request.accountUuid}`, {backupId: request.backupId, startedNs});
		this.#catalog = new CatalogWriter({previous, cache: this.#cache, store: bytes => session.storeMetadata(bytes)});
		this.#scan = new TreeScan({
			request,
			root,
			device: session.device,
			previous,
			findings: this.#findings,
			progress: this.#progress,
			pool: options.pool,
			abortFlag: options.abortFlag,
			createQueue: settle => new CaptureQueue({
				run: session.run,
				start: async () => session.startThreads(),
				settle,
				emit: item => {
					this.#catalog.add(item);
				},
				onBytes: bytes => {
					this.#progress.addBytes(bytes);
					this.#progress.report(null);
				},
			}),
			checkpoint: async settleAll => session.checkpointIfFull(settleAll),
		});
	}

	async #commit(): Promise<BackupTreeResult> {
		const {accountUuid, backupId, vault} = this.#request;
		const {table, entryCount, fileCount, sizeBytes} = this.#catalog.finish();
		this.#abortFlag.check();
		const packs = await this.#session.finish();
		const manifest = manifestOf(this.#request, {
			catalog: {table, entryCount}, archive: null, sizeBytes, fileCount, packs, findings: this.#findings, losses: this.#session.losses,
		});
		const sealed = encodeManifest(manifest, {rootKey: this.#session.rootKey, vaultId: vault.id});
		const written = await this.#session.commit(manifestName({accountUuid, backupId}), sealed);
		this.#cache.commit();
		this.#progress.report(null);

		return {
			status: this.#findings.problemCount === 0 ? 'complete' : 'partial',
			sizeBytes,
			storedBytes: manifest.storedBytes + written,
			fileCount,
			findings: this.#findings.list(),
			problemCount: this.#findings.problemCount,
		};
	}

	async run(): Promise<BackupTreeResult> {
		try {
			await this.#scan.run();
			return await this.#commit();
		} catch (error) {
			await this.#scan.abandon();
			this.#cache.abort();
			throw error;
		}
	}
}
