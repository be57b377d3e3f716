/** One backup of one tree, from the first look to the manifest that makes it a backup. Runs in the engine's thread. */
import {type BigIntStats, constants} from 'node:fs';
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
	type PreviousEntry, type PreviousScan, rowOf, shortGroup, unknownRow,
} from './previous-scan.ts';
import {FolderLister} from './folder-lister.ts';
import {field, fieldCount, toMilliseconds} from './folder-listing.ts';
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
	/** `undefined`: everything is wanted. */
	readonly #isWanted: ((path: RawPath) => boolean) | undefined;
	/** Mounts below the home, relative to it. */
	readonly #mounts: ReadonlySet<RawPath>;
	readonly #lister: FolderLister;
	/** Group of each file with several links that was met, by inode. */
	readonly #linkGroups = new Map<bigint, string>();
	readonly #linkCounter: LinkCounter;
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
		this.#cache = new ScanCacheWriter(request.cacheFolder, `${request.vault.id}-${request.accountUuid}`, {backupId: request.backupId, startedNs});
		this.#catalog = new CatalogWriter({previous: scan, cache: this.#cache, store: bytes => session.storeMetadata(bytes)});
		this.#isWanted = wantedOf(request);
		this.#mounts = mountsBelow(request.root);
		this.#lister = new FolderLister(options.pool, request.threads);
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
			this.#addRoot();
			await walkTree(this.#root, {
				lister: this.#lister,
				visit: async folder => this.#visit(folder),
				onUnreadable: (path, error) => {
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

	#addRoot(): void {
		const stats = this.#root.stat();
		const facts = Float64Array.of(Number(stats.mode), Number(stats.dev), Number(stats.ino), Number(stats.nlink), Number(stats.size), toMilliseconds(stats.mtimeNs), toMilliseconds(stats.ctimeNs));
		const unchanged = this.#previous?.findUnchanged({
			folder: '', name: '', facts, start: 0,
		});

		if (unchanged) {
			this.#queue.addItem({...unchanged, folder: '', name: ''});
		} else {
			this.#addFolder(stats, {path: '', name: '', attributesPath: this.#root.path()});
		}
	}

	/** Adds the entries of a folder. @returns the names to enter. */
	async #visit({path: folderPath, folder, listing}: WalkedFolder): Promise<RawPath[]> {
		this.#options.abortFlag.check();
		const {names, facts} = listing;
		const subfolders: RawPath[] = [];

		for (let index = 0; index < names.length; index++) {
			const name = names[index]!;

			if (this.#isWanted && !this.#isWanted(joinRaw(folderPath, name))) {
				continue;
			}

			if (!this.#addUnchanged({folderPath, name, facts, start: index * fieldCount}, subfolders)) {
				this.#addChanged({folder, folderPath, name}, subfolders);
			}

			if (!this.#queue.isFull) {
				continue;
			}

			await this.#queue.drive();
			await this.#session.checkpointIfFull(async () => this.#queue.settleAll());
			this.#report(joinRaw(folderPath, name));
		}

		return subfolders;
	}

	/** @returns false when the entry is new, changed, or needs a closer look */
	#addUnchanged({folderPath: folder, name, facts, start}: {readonly folderPath: RawPath; readonly name: RawPath; readonly facts: Float64Array; readonly start: number}, subfolders: RawPath[]): boolean {
		const unchanged = this.#previous?.findUnchanged({
			folder, name, facts, start,
		});

		if (!unchanged) {
			return false;
		}

		if ((facts[start]! & typeMask) === folderType) {
			if (facts[start + field.device] !== Number(this.#session.device) || this.#mounts.has(joinRaw(folder, name))) {
				return false;
			}

			subfolders.push(name);
		} else {
			if (facts[start + field.links] !== 1 && !this.#isSameLink(unchanged, joinRaw(folder, name), facts[start + field.inode]!)) {
				return false;
			}

			this.#filesDone++;
			this.#bytesDone += facts[start + field.size]!;
		}

		this.#queue.addItem({
			page: unchanged.page, index: unchanged.index, folder, name,
		});
		return true;
	}

	/** Whether an unchanged file with several links still belongs to the group it was stored with: the path that named the group may have been moved away. */
	#isSameLink(previous: PreviousEntry, path: RawPath, inode: number): boolean {
		if (!Number.isSafeInteger(inode)) {
			return false;
		}

		const stored = this.#previous!.groupOf(previous);
		const known = this.#linkGroups.get(BigInt(inode));

		if (known !== undefined) {
			return shortGroup(known) === stored;
		}

		const own = linkGroupOf(path);

		if (shortGroup(own) !== stored) {
			return false;
		}

		this.#linkGroups.set(BigInt(inode), own);
		return true;
	}

	#addChanged({folder, folderPath, name}: {readonly folder: PendingFile['folder']; readonly folderPath: RawPath; readonly name: RawPath}, subfolders: RawPath[]): void {
		const path = joinRaw(folderPath, name);
		const stats = folder.directory.tryLstat(name);

		if (!stats) {
			this.#findings.note(path, 'vanished while the folder was read');
		} else if (stats.isDirectory()) {
			this.#addSubfolder({
				folder: folder.directory, path, name, stats,
			}, subfolders);
		} else {
			this.#addLeaf({
				folder, path, name, stats,
			});
		}
	}

	#addSubfolder({folder, path, name, stats}: {readonly folder: Directory; readonly path: RawPath; readonly name: RawPath; readonly stats: BigIntStats}, subfolders: RawPath[]): void {
		const isMount = stats.dev !== this.#session.device || this.#mounts.has(path);

		if (isMount) {
			this.#findings.incomplete(path);
			this.#findings.note(path, 'another file system is mounted here; it is not part of the backup');
		} else {
			subfolders.push(name);
		}

		this.#addFolder(stats, {path, name, attributesPath: folder.rawAt(name)});
	}

	#addFolder(stats: BigIntStats, {path, name, attributesPath}: {readonly path: RawPath; readonly name: RawPath; readonly attributesPath: RawPath}): void {
		this.#queue.addItem({
			entry: this.#entry({
				path, name, type: 'directory', stats, attributesPath,
			}),
			row: rowOf(stats),
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

	#addLeaf({folder, path, name, stats}: {readonly folder: PendingFile['folder']; readonly path: RawPath; readonly name: RawPath; readonly stats: BigIntStats}): void {
		const type = typeOf(stats);

		if (type === 'socket') {
			this.#findings.note(path, 'a socket; there is nothing in it to store');
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
			this.#queue.addItem({entry, row: rowOf(stats, entry.linkGroup)});
		} catch (error) {
			this.#findings.note(path, `vanished while it was read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
		}
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

		const linkGroup = walked.nlink > 1n ? this.#linkGroup(path, walked) : undefined;
		// A file that changed meanwhile must be read again next time.
		const row = note === undefined
			? rowOf({
				ino: stats.inode, size: BigInt(stats.sizeBytes), mtimeNs: stats.modifiedNs, ctimeNs: stats.changedNs,
			}, linkGroup)
			: unknownRow();

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
				linkGroup,
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

const typeMask = constants.S_IFMT;
const folderType = constants.S_IFDIR;

/** @returns `undefined` when nothing is left out */
const wantedOf = ({excludes, onlyPaths}: BackupTreeRequest): ((path: RawPath) => boolean) | undefined => {
	if (excludes.length === 0 && onlyPaths === undefined) {
		return undefined;
	}

	const isExcluded = compilePruning(excludes);

	return path => !isExcluded(path) && (onlyPaths === undefined || onlyPaths.some(wanted => isWithin(path, wanted) || isWithin(wanted, path)));
};

const mountsBelow = (root: RawPath): ReadonlySet<RawPath> => new Set([...readMountPoints()].filter(point => point.startsWith(`${root}/`)).map(point => point.slice(root.length + 1)));

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
