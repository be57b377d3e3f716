/** One backup of one tree, from the first look to the manifest that makes it a backup. Runs in the engine's thread. */
import type {BigIntStats} from 'node:fs';
import {compilePruning} from '../domain/glob.ts';
import type {EntryType} from '../domain/entry.ts';
import {joinRaw, type RawPath} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {Directory} from '../system/directory.ts';
import {readMountPoints} from '../system/mounts.ts';
import {native} from '../system/native.ts';
import type {AbortFlag} from './abort-flag.ts';
import type {BackupTreeRequest, BackupTreeResult, TreeProgress} from './engine.ts';
import {isWithin} from './catalog-order.ts';
import type {StoredEntry} from './catalog-page.ts';
import {type CatalogItem, CatalogWriter, linkGroupOf} from './catalog-writer.ts';
import {CaptureQueue, type PendingFile} from './capture-queue.ts';
import {attributesOf, type CaptureOutcome} from './file-capture.ts';
import {Findings} from './findings.ts';
import {LinkCounter} from './link-counter.ts';
import {encodeManifest, type Manifest, manifestName} from './manifest.ts';
import type {PackPool} from './pack-pool.ts';
import {
	clockMarginNs,
	isUnchangedSince,
	type PreviousEntry,
	type PreviousScan,
} from './previous-scan.ts';
import {openPrevious} from './open-previous.ts';
import {ScanCacheWriter} from './scan-cache.ts';
import {walkTree, type WalkedFolder} from './tree-walk.ts';
import {VaultSession} from './vault-session.ts';
import {unlockVault} from './vault.ts';

export type RunOptions = {
	readonly pool: PackPool;
	readonly abortFlag: AbortFlag;
	readonly onProgress: (progress: TreeProgress) => void;
};

export const runBackup = async (request: BackupTreeRequest, options: RunOptions): Promise<BackupTreeResult> => {
	const vault = unlockVault(request.vault);
	const root = openRoot(request.root);
	const session = await VaultSession.begin(vault, {
		...options, threads: request.threads, device: root.stat().dev, uid: request.uid, folder: request.vault.folder,
	});

	try {
		return await new BackupRun({
			request, session, root, options,
		}).run();
	} catch (error) {
		await session.abort();
		throw error;
	} finally {
		vault.storage.close();
	}
};

const openRoot = (path: RawPath): Directory => {
	try {
		return Directory.open(path);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;

		if (code === 'ENOENT') {
			throw new UserError(`The home ${path} is missing: not mounted?`, {code: 'failed', hint: 'Mount it, or make it again; the backups that exist are untouched.', cause: error});
		}

		if (code === 'ENOTDIR' || code === 'ELOOP') {
			throw new UserError(`The home ${path} is not a folder but something else, or a symbolic link.`, {code: 'refused', hint: 'Give the account its real home in the user database.', cause: error});
		}

		throw new UserError(`The home ${path} cannot be opened (${code}).`, {code: 'failed', hint: 'Look at its owner and mode.', cause: error});
	}
};

type BackupRunOptions = {readonly request: BackupTreeRequest; readonly session: VaultSession; readonly root: Directory; readonly options: RunOptions};

class BackupRun {
	readonly #request: BackupTreeRequest;
	readonly #session: VaultSession;
	readonly #root: Directory;
	readonly #options: RunOptions;
	readonly #findings = new Findings();
	readonly #previous: PreviousScan | undefined;
	readonly #cache: ScanCacheWriter;
	readonly #catalog: CatalogWriter;
	readonly #queue: CaptureQueue;
	readonly #isExcluded: (path: RawPath) => boolean;
	readonly #mounts: ReadonlySet<RawPath>;
	/** Group of each file with several links that was met, by inode. */
	readonly #linkGroups = new Map<bigint, string>();
	readonly #linkCounter: LinkCounter;
	readonly #unchangedBefore: bigint;
	#bytesDone = 0;
	#filesDone = 0;
	readonly #totals: {readonly bytes: number | null; readonly files: number | null};

	constructor({request, session, root, options}: BackupRunOptions) {
		const startedNs = BigInt(Date.now()) * 1_000_000n;
		this.#request = request;
		this.#session = session;
		this.#root = root;
		this.#options = options;
		const {scan, manifest} = openPrevious({request, session, findings: this.#findings});
		this.#previous = scan;
		this.#totals = {bytes: manifest?.sizeBytes ?? null, files: manifest?.fileCount ?? null};
		this.#unchangedBefore = (scan?.startedNs ?? 0n) - clockMarginNs;
		this.#cache = new ScanCacheWriter(request.cacheFolder, `${request.vault.id}-${request.accountUuid}`, {backupId: request.backupId, startedNs});
		this.#catalog = new CatalogWriter({previous: scan, cache: this.#cache, store: bytes => session.storeMetadata(bytes)});
		this.#isExcluded = compilePruning(request.excludes);
		this.#mounts = readMountPoints();
		this.#linkCounter = new LinkCounter(root);
		this.#queue = new CaptureQueue({
			run: session.run,
			start: async () => session.startThreads(),
			settle: (file, outcome) => this.#settle(file, outcome),
			emit: item => {
				this.#catalog.add(item);
			},
			onBytes: bytes => {
				this.#bytesDone += bytes;
				this.#report(null);
			},
		});
	}

	async run(): Promise<BackupTreeResult> {
		try {
			this.#addFolder(this.#root.stat(), {path: '', name: '', attributesPath: this.#root.path()});
			await walkTree(this.#root, {
				visit: async folder => this.#visit(folder), onUnreadable: (path, error) => {
					this.#addUnreadable(path, error);
				},
			});
			await this.#queue.settleAll();
			return await this.#commit();
		} catch (error) {
			await this.#queue.abandon();
			this.#cache.abort();
			throw error;
		}
	}

	/** Adds the entries of a folder. @returns the names to enter. */
	async #visit({path: folderPath, folder, names}: WalkedFolder): Promise<RawPath[]> {
		this.#options.abortFlag.check();
		const subfolders: RawPath[] = [];

		for (const name of names) {
			const path = joinRaw(folderPath, name);

			if (!this.#isWanted(path)) {
				continue;
			}

			const stats = folder.directory.tryLstat(name);

			if (!stats) {
				this.#findings.note(path, 'vanished while the folder was read');
			} else if (stats.isDirectory()) {
				this.#addSubfolder({
					folder: folder.directory, path, name, stats,
				}, subfolders);
			} else {
				this.#addLeaf({
					folder, folderPath, path, name, stats,
				});
			}

			if (!this.#queue.isFull) {
				continue;
			}

			await this.#queue.drive();
			await this.#session.checkpointIfFull(async () => this.#queue.settleAll());
			this.#report(path);
		}

		return subfolders;
	}

	#addSubfolder({folder, path, name, stats}: {readonly folder: Directory; readonly path: RawPath; readonly name: RawPath; readonly stats: BigIntStats}, subfolders: RawPath[]): void {
		const isMount = stats.dev !== this.#session.device || this.#mounts.has(`${this.#request.root}/${path}`);

		if (isMount) {
			this.#findings.incomplete(path);
			this.#findings.note(path, 'another file system is mounted here; it is not part of the backup');
		} else {
			subfolders.push(name);
		}

		this.#addFolder(stats, {path, name, attributesPath: folder.rawAt(name)});
	}

	#addFolder(stats: BigIntStats, {path, name, attributesPath}: {readonly path: RawPath; readonly name: RawPath; readonly attributesPath: RawPath}): void {
		const folder = folderPathOf(path, name);
		const unchanged = this.#unchanged(folder, name, stats);

		this.#queue.addItem(unchanged
			? {previous: unchanged, folder, name}
			: {
				entry: this.#entry({
					path, name, type: 'directory', stats, attributesPath,
				}), row: rowOf(stats),
			});
	}

	#addUnreadable(path: RawPath, error: NodeJS.ErrnoException): void {
		if (error.code === 'ENOENT') {
			this.#findings.note(path, 'the folder vanished while it was read');
		} else {
			this.#findings.incomplete(path);
			this.#findings.problem(path, `the folder cannot be read (${error.code ?? error.message}); what it holds is not in this backup`);
		}
	}

	#addLeaf({folder, folderPath, path, name, stats}: {readonly folder: PendingFile['folder']; readonly folderPath: RawPath; readonly path: RawPath; readonly name: RawPath; readonly stats: BigIntStats}): void {
		const type = typeOf(stats);

		if (type === 'socket') {
			this.#findings.note(path, 'a socket; there is nothing in it to store');
			return;
		}

		const unchanged = this.#unchanged(folderPath, name, stats);

		if (unchanged) {
			this.#addUnchanged(unchanged, {
				folderPath, path, name, stats,
			});
			return;
		}

		if (type === 'file') {
			const countedInode = stats.nlink > 1n && Number(stats.uid) !== this.#request.uid && this.#linkCounter.areAllInside(stats) ? stats.ino : 0n;
			this.#queue.addFile({
				folder, path, name, stats, countedInode,
			});
			return;
		}

		try {
			const entry = this.#entry({
				path, name, type, stats, attributesPath: folder.directory.rawAt(name), linkTarget: type === 'symlink' ? folder.directory.readLink(name) : null,
			});
			this.#queue.addItem({entry, row: rowOf(stats)});
		} catch (error) {
			this.#findings.note(path, `vanished while it was read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
		}
	}

	#addUnchanged(previous: PreviousEntry, {folderPath, path, name, stats}: {readonly folderPath: RawPath; readonly path: RawPath; readonly name: RawPath; readonly stats: BigIntStats}): void {
		this.#filesDone++;
		this.#bytesDone += Number(stats.size);

		if (stats.nlink === 1n) {
			this.#queue.addItem({previous, folder: folderPath, name});
			return;
		}

		// The path that gave a group its name may have been moved away with its folder: the group is then named anew.
		const entry = this.#previous!.entryOf(previous);
		const group = this.#linkGroup(path, stats);
		this.#queue.addItem(entry.linkGroup === group ? {previous, folder: folderPath, name} : {entry: {...entry, linkGroup: group}, row: rowOf(stats)});
	}

	/** The entry of the last backup, when the inode and all times say that it is still the same. */
	#unchanged(folder: RawPath, name: RawPath, stats: BigIntStats): PreviousEntry | undefined {
		const found = this.#previous?.find(folder, name);

		return found && found.type === typeOf(stats) && isUnchangedSince(this.#previous!.rowOf(found), stats, this.#unchangedBefore) ? found : undefined;
	}

	#settle(file: PendingFile, outcome: CaptureOutcome): CatalogItem | undefined {
		this.#filesDone++;

		switch (outcome.type) {
			case 'vanished': {
				this.#findings.note(file.path, 'vanished before it was read');
				return undefined;
			}

			case 'foreign': {
				this.#findings.problem(file.path, 'has links outside the home and another owner; it was not read');
				return undefined;
			}

			case 'unreadable': {
				this.#findings.problem(file.path, `cannot be read (${outcome.message})`);
				return undefined;
			}

			case 'stored': {
				return this.#stored(file, outcome);
			}
		}
	}

	#stored({path, name, stats: walked}: PendingFile, {stats, sha256, extents, attributes, note, attributesError}: CaptureOutcome & {type: 'stored'}): CatalogItem {
		if (note === 'changing') {
			this.#findings.problem(path, 'changed while it was read, three times; what was read last is stored');
		} else if (note === 'grown') {
			this.#findings.note(path, 'grew while it was read; stored up to its size when it was opened');
		}

		if (attributesError !== undefined) {
			this.#findings.problem(path, `its extended attributes cannot be read (${attributesError})`);
		}

		// A file that changed meanwhile must be read again next time: a row that no state of it can equal.
		const row = note === undefined
			? BigInt64Array.of(stats.inode, BigInt(stats.sizeBytes), BigInt.asIntN(64, stats.modifiedNs), BigInt.asIntN(64, stats.changedNs))
			: new BigInt64Array(4);

		return {
			entry: {
				path,
				name,
				type: 'file',
				sizeBytes: stats.sizeBytes,
				mode: stats.mode,
				uid: stats.uid,
				gid: stats.gid,
				modifiedNs: stats.modifiedNs,
				linkTarget: null,
				content: extents.length === 0 ? undefined : {sha256: Buffer.from(sha256), extents},
				linkGroup: walked.nlink > 1n ? this.#linkGroup(path, walked) : undefined,
				device: 0n,
				attributes,
			},
			row,
		};
	}

	#entry({path, name, type, stats, attributesPath, linkTarget = null}: {
		readonly path: RawPath; readonly name: RawPath; readonly type: EntryType; readonly stats: BigIntStats; readonly attributesPath: RawPath; readonly linkTarget?: RawPath | null;
	}): StoredEntry {
		return {
			path,
			name,
			type,
			sizeBytes: 0,
			mode: Number(stats.mode & 0o7777n),
			uid: Number(stats.uid),
			gid: Number(stats.gid),
			modifiedNs: stats.mtimeNs,
			linkTarget,
			content: undefined,
			linkGroup: stats.nlink > 1n && type !== 'directory' ? this.#linkGroup(path, stats) : undefined,
			device: type === 'characterDevice' || type === 'blockDevice' ? stats.rdev : 0n,
			attributes: this.#attributes(path, attributesPath),
		};
	}

	#attributes(path: RawPath, attributesPath: RawPath): StoredEntry['attributes'] {
		if (!native) {
			return [];
		}

		try {
			return attributesOf(native.listAttributes(attributesPath), name => native!.getAttribute(attributesPath, name));
		} catch (error) {
			this.#findings.problem(path, `its extended attributes cannot be read (${(error as Error).message})`);
			return [];
		}
	}

	#linkGroup(path: RawPath, stats: BigIntStats): string {
		const known = this.#linkGroups.get(stats.ino);

		if (known !== undefined) {
			return known;
		}

		const group = linkGroupOf(path);
		this.#linkGroups.set(stats.ino, group);
		return group;
	}

	#isWanted(path: RawPath): boolean {
		const {onlyPaths} = this.#request;

		return !this.#isExcluded(path) && (onlyPaths === undefined || onlyPaths.some(wanted => isWithin(path, wanted) || isWithin(wanted, path)));
	}

	async #commit(): Promise<BackupTreeResult> {
		const {request} = this;
		const {table, entryCount, fileCount, sizeBytes} = this.#catalog.finish();
		this.#options.abortFlag.check();
		const packs = await this.#session.finish();
		const status = this.#findings.problemCount === 0 ? 'complete' : 'partial';
		const storedBytes = packs.reduce((sum, pack) => sum + pack.size, 0);
		const findings = this.#findings.list();
		const manifest: Manifest = {
			version: 1,
			id: request.backupId,
			accountUuid: request.accountUuid,
			account: request.manifest.account,
			machine: request.manifest.machine,
			createdAt: request.manifest.createdAt,
			kind: request.manifest.kind as Manifest['kind'],
			structure: 'incremental',
			job: request.manifest.job,
			schedules: request.manifest.schedules,
			excludes: request.excludes,
			status,
			sizeBytes,
			storedBytes,
			fileCount,
			items: [{
				name: 'homedir', status, sizeBytes, fileCount, error: null, findings, parts: [{
					name: 'homedir', status, sizeBytes, error: null, catalog: {table, entryCount}, incompleteFolders: this.#findings.incompleteFolders(),
				}],
			}],
			packs,
		};
		const written = await this.#session.commit(manifestName({accountUuid: request.accountUuid, backupId: request.backupId}), encodeManifest(manifest, {rootKey: this.#session.rootKey, vaultId: request.vault.id}));
		this.#cache.commit();
		this.#report(null);

		return {
			status, sizeBytes, storedBytes: storedBytes + written, fileCount, findings, problemCount: this.#findings.problemCount,
		};
	}

	get request(): BackupTreeRequest {
		return this.#request;
	}

	#report(currentPath: RawPath | null): void {
		const {bytes, files} = this.#totals;

		this.#options.onProgress({
			bytesDone: this.#bytesDone,
			bytesTotal: bytes === null ? null : Math.max(bytes, this.#bytesDone),
			filesDone: this.#filesDone,
			filesTotal: files === null ? null : Math.max(files, this.#filesDone),
			currentPath,
		});
	}
}

const folderPathOf = (path: RawPath, name: RawPath): RawPath => path.slice(0, Math.max(0, path.length - name.length - 1));

const rowOf = (stats: BigIntStats): BigInt64Array => BigInt64Array.of(BigInt.asIntN(64, stats.ino), stats.size, BigInt.asIntN(64, stats.mtimeNs), BigInt.asIntN(64, stats.ctimeNs));

const typeOf = (stats: BigIntStats): EntryType => {
	if (stats.isFile()) {
		return 'file';
	}

	if (stats.isDirectory()) {
		return 'directory';
	}

	if (stats.isSymbolicLink()) {
		return 'symlink';
	}

	if (stats.isFIFO()) {
		return 'fifo';
	}

	if (stats.isSocket()) {
		return 'socket';
	}

	return stats.isCharacterDevice() ? 'characterDevice' : 'blockDevice';
};
