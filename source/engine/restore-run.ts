/**
One restore of one tree: the same walk over what is chosen plans (changing nothing) and does the work. Runs in the engine's thread. The target's owner may be hostile: only single names below
held folders are touched, links are never followed, and what exists is replaced beside-and-rename, never written into.
*/
import {type BigIntStats, closeSync, constants} from 'node:fs';
import {randomBytes} from 'node:crypto';
import process from 'node:process';
import type {RestorePreview} from '../domain/restore.ts';
import {joinRaw, type RawPath} from '../domain/raw-name.ts';
import {createSelector, type Selector} from '../domain/selection.ts';
import {UserError} from '../errors.ts';
import type {Directory} from '../system/directory.ts';
import {readMountPoints} from '../system/mounts.ts';
import {native} from '../system/native.ts';
import type {RunOptions} from './backup-run.ts';
import {FormatError} from './bytes.ts';
import {Catalog} from './catalog.ts';
import {compareNames, folderOf, nameOf} from './catalog-order.ts';
import type {StoredEntry} from './catalog-page.ts';
import type {RestoreTreeRequest, RestoreTreeResult} from './engine.ts';
import {
	applyMetadata, type Metadata, setTimes, temporaryPrefix, type WriteOutcome,
} from './file-restore.ts';
import {Findings} from './findings.ts';
import type {HeldFolder} from './held-folder.ts';
import {SealError} from './keys.ts';
import {isSameContent, isSameMetadata, isSameType} from './live-compare.ts';
import {LiveFolders} from './live-folders.ts';
import {type Manifest, type ManifestPart, readManifest} from './manifest.ts';
import type {PackThread} from './pack-pool.ts';
import {PreviousScan} from './previous-scan.ts';
import {decideEntry, type Decision, type LiveFacts} from './restore-decision.ts';
import {RestoreTally} from './restore-tally.ts';
import {
	freeBytesAt, isEmptyFolder, isLeftover, measure, nodeTypes, openTarget, removeForeignAttributes, removeIfThere, statOf,
} from './restore-target.ts';
import {ScanCache} from './scan-cache.ts';
import {SegmentIndex} from './segment-index.ts';
import {SegmentReader} from './segment-reader.ts';
import {type OpenedVault, unlockVault} from './vault.ts';
import {type QueuedFile, WriteQueue} from './write-queue.ts';

const setIdBits = 0o6000;
const clockMarginNs = 20_000_000n;
let lastRun = 1_000_000;

/** Changes nothing. */
export const previewRestore = async (request: RestoreTreeRequest, options: RunOptions): Promise<RestorePreview> => withRun(request, {options, isDryRun: true}, async run => {
	await run.walk();
	return run.tally.preview();
});

export const runRestore = async (request: RestoreTreeRequest, options: RunOptions): Promise<RestoreTreeResult> => withRun(request, {options, isDryRun: false}, async run => run.restore());

type RunSetting = {readonly options: RunOptions; readonly isDryRun: boolean};

const withRun = async <Result>(request: RestoreTreeRequest, setting: RunSetting, work: (run: RestoreRun) => Promise<Result>): Promise<Result> => {
	const vault = unlockVault(request.vault);
	let run: RestoreRun | undefined;

	try {
		run = new RestoreRun({request, vault, ...setting});
		return await work(run);
	} catch (error) {
		throw asDamaged(error, request.backupId);
	} finally {
		await run?.close();
		vault.storage.close();
	}
};

const asDamaged = (error: unknown, backupId: string): unknown => error instanceof FormatError || error instanceof SealError
	? new UserError(`Backup ${backupId} cannot be read: ${error.message}.`, {code: 'damaged', hint: 'See what is affected with "holdfast backup verify", and choose another backup.', cause: error})
	: error;

type RestoreRunOptions = RunSetting & {readonly request: RestoreTreeRequest; readonly vault: OpenedVault};
type Finisher = {readonly path: RawPath; readonly metadata: Metadata};
type Link = {readonly entry: StoredEntry; readonly firstPath: RawPath; readonly isReplacing: boolean};

class RestoreRun {
	readonly tally = new RestoreTally();
	readonly #request: RestoreTreeRequest;
	readonly #options: RunOptions;
	readonly #isDryRun: boolean;
	readonly #vault: OpenedVault;
	readonly #catalog: Catalog;
	readonly #part: ManifestPart;
	readonly #selector: Selector;
	readonly #findings = new Findings();
	/** Proof for what has not changed since this very backup was made. */
	readonly #scan: PreviousScan | undefined;
	readonly #live: LiveFolders | undefined;
	readonly #mounts = readMountPoints();
	readonly #device: bigint;
	readonly #queue: WriteQueue;
	readonly #run = ++lastRun;
	#threads: readonly PackThread[] = [];
	/** Folders whose metadata is set when all else is done, in catalog order. */
	readonly #finishers: Finisher[] = [];
	/** Parents that are not part of what is chosen: their times are put back. */
	readonly #touchedParents = new Map<RawPath, bigint>();
	readonly #links: Link[] = [];
	/** Folders that exist live and whose stored entries have not come yet; what is left at the end is empty in the backup. */
	readonly #unvisited = new Set<RawPath>();
	/** Where a group of hard links begins in the target, by group; the inode where the first was kept as it is. */
	readonly #linkFirsts = new Map<string, {readonly path: RawPath; readonly keptInode: bigint | undefined}>();
	#isFull = false;
	#isDamageMet = false;

	constructor({request, vault, options, isDryRun}: RestoreRunOptions) {
		this.#request = request;
		this.#options = options;
		this.#isDryRun = isDryRun;
		this.#vault = vault;
		this.#selector = createSelector(request.selection);
		const index = SegmentIndex.open(vault.storage, vault.rootKey);
		const segments = new SegmentReader(vault.storage, index);
		const manifest = openManifest(request, vault);
		const part = manifest.items.find(item => item.name === 'homedir')?.parts[0];

		if (!part?.catalog) {
			throw new UserError(`Backup ${request.backupId} holds no home directory.`, {code: 'notFound', hint: 'See what it holds with "holdfast backup show".'});
		}

		this.#part = part;
		this.#catalog = Catalog.open(part.catalog, digest => segments.read(digest));
		const cache = request.isOriginal ? ScanCache.open(request.cacheFolder, `${vault.id}-${request.accountUuid}`, request.backupId) : undefined;
		this.#scan = cache && new PreviousScan(this.#catalog, cache);
		const root = openTarget(request, isDryRun);
		this.#device = root?.stat().dev ?? 0n;
		this.#live = root && new LiveFolders(root);
		this.#queue = new WriteQueue({
			run: this.#run,
			index,
			start: async () => this.#startThreads(index),
			onWritten: (file, outcome) => {
				this.#written(file, outcome);
			},
		});
	}

	async restore(): Promise<RestoreTreeResult> {
		await this.#checkSpace();

		try {
			await this.walk();
			await this.#queue.settleAll();
			this.#makeLinks();
			this.#finishFolders();
		} catch (error) {
			await this.#queue.abandon();
			throw error;
		}

		this.#flush();

		return {
			status: this.#findings.problemCount === 0 ? 'complete' : 'partial',
			summary: this.tally.summary(),
			findings: this.#findings.list(),
			problemCount: this.#findings.problemCount,
			isDamageMet: this.#isDamageMet,
		};
	}

	/** Decides for every chosen entry, folder by folder, and does what was decided unless this is a dry run. */
	async walk(): Promise<void> {
		for (const root of this.#selector.roots) {
			if (!this.#prepareParents(root)) {
				continue;
			}

			await this.#walkRoot(root);
		}
	}

	async close(): Promise<void> {
		this.#live?.close();
		await Promise.all(this.#threads.map(async thread => thread.call({type: 'finishWrite', run: this.#run}, 'finishedWrite')));
	}

	async #walkRoot(root: RawPath): Promise<void> {
		let folder: RawPath | undefined;
		let children: StoredEntry[] = [];

		for (const entry of this.#catalog.walk(root)) {
			if (entry.path === root) {
				await this.#restoreFolder(folderOf(root), [entry], false);
				continue;
			}

			const entryFolder = folderOf(entry.path);

			if (folder !== undefined && entryFolder !== folder) {
				await this.#restoreFolder(folder, children, true);
				children = [];
			}

			folder = entryFolder;
			children.push(entry);
		}

		if (folder !== undefined) {
			await this.#restoreFolder(folder, children, true);
		}

		await this.#visitEmptyFolders();
	}

	/** The entries of one folder, in order. `isListed`: they are all that the backup holds there. */
	async #restoreFolder(path: RawPath, entries: readonly StoredEntry[], isListed: boolean): Promise<void> {
		this.#options.abortFlag.check();
		const live = this.#live?.open(path);

		if (isListed) {
			this.#unvisited.delete(path);
			this.#visitLiveOnly(path, live, entries);
		}

		for (const entry of entries) {
			if (!this.#selector.isSelected(entry.path)) {
				continue;
			}

			await this.#restoreEntry(entry, live);

			if (this.#queue.isFull) {
				await this.#queue.drive();
				this.#report(entry.path);
			}
		}
	}

	async #restoreEntry(entry: StoredEntry, folder: HeldFolder | undefined): Promise<void> {
		if (!folder && !this.#isDryRun) {
			this.#fail(entry, 'its folder could not be made or entered');
			return;
		}

		const metadata = this.#metadataOf(entry);
		const facts = folder && this.#liveFacts(entry, folder.directory, metadata);
		const decision = this.#decide(entry, facts);

		this.tally.decide(entry, decision);

		if (entry.type === 'directory' && facts?.stats.isDirectory() && !facts.isMount) {
			this.#unvisited.add(entry.path);
		}

		if (decision.action === 'refuse') {
			this.#fail(entry, decision.reason);
			return;
		}

		if (entry.linkGroup !== undefined) {
			this.#rememberLink(entry, decision, facts);
		}

		if (this.#isDryRun || decision.action === 'keep') {
			if (!this.#isDryRun) {
				this.tally.done(entry, 'kept');
			}

			return;
		}

		if (this.#isFull) {
			this.#fail(entry, 'the disk is full');
			return;
		}

		try {
			this.#carryOut({entry, folder: folder!, metadata, facts, decision});
		} catch (error) {
			this.#failWith(entry, error);
		}
	}

	#decide(entry: StoredEntry, facts: LiveFacts | undefined): Decision {
		const decision = decideEntry(entry, facts, this.#request.isMerge);
		const first = entry.linkGroup === undefined ? undefined : this.#linkFirsts.get(entry.linkGroup);

		// Equal content under a link of its own is not equal: it must become a link of the first again.
		return decision.action === 'keep' && !this.#request.isMerge && first && first.keptInode !== facts?.stats.ino
			? {action: 'overwrite', how: 'replace', reason: `is no longer a link of ${first.path}`}
			: decision;
	}

	#rememberLink(entry: StoredEntry, decision: Decision, facts: LiveFacts | undefined): void {
		if (!this.#linkFirsts.has(entry.linkGroup!)) {
			this.#linkFirsts.set(entry.linkGroup!, {path: entry.path, keptInode: decision.action === 'keep' ? facts?.stats.ino : undefined});
		}
	}

	#carryOut({entry, folder, metadata, facts, decision}: {readonly entry: StoredEntry; readonly folder: HeldFolder; readonly metadata: Metadata; readonly facts: LiveFacts | undefined; readonly decision: Decision}): void {
		const isReplacing = facts !== undefined;
		const first = entry.linkGroup === undefined ? undefined : this.#linkFirsts.get(entry.linkGroup);

		if (first && first.path !== entry.path) {
			this.#links.push({entry, firstPath: first.path, isReplacing});
			return;
		}

		if (decision.action === 'overwrite' && decision.how === 'metadata' && entry.type !== 'directory') {
			this.#setInPlace({entry, folder: folder.directory, metadata, facts: facts!});
			return;
		}

		if (facts?.stats.isDirectory() && entry.type !== 'directory') {
			folder.directory.removeFolder(entry.name);
		}

		switch (entry.type) {
			case 'directory': {
				this.#makeFolder({entry, folder: folder.directory, metadata, facts});
				break;
			}

			case 'file': {
				this.#queue.add({
					entry, path: entry.path, folder, isReplacing: isReplacing && !facts.stats.isDirectory(), metadata,
				});
				break;
			}

			default: {
				this.#makeSpecial({entry, folder: folder.directory, metadata, isReplacing: isReplacing && !facts.stats.isDirectory()});
				this.tally.done(entry, isReplacing ? 'overwritten' : 'created');
			}
		}
	}

	#makeFolder({entry, folder, metadata, facts}: {readonly entry: StoredEntry; readonly folder: Directory; readonly metadata: Metadata; readonly facts: LiveFacts | undefined}): void {
		if (facts && !facts.stats.isDirectory()) {
			folder.remove(entry.name);
		}

		if (!facts?.stats.isDirectory()) {
			folder.makeFolder(entry.name, 0o700);
			this.#live!.forgetMissing();
		}

		this.#finishers.push({path: entry.path, metadata});
		this.tally.done(entry, facts ? 'overwritten' : 'created');
	}

	/** Symbolic links, FIFOs and devices: made beside and renamed where something is replaced. */
	#makeSpecial({entry, folder, metadata, isReplacing}: {readonly entry: StoredEntry; readonly folder: Directory; readonly metadata: Metadata; readonly isReplacing: boolean}): void {
		const name = isReplacing ? `${temporaryPrefix}${randomBytes(8).toString('hex')}` : entry.name;

		if (entry.type === 'symlink') {
			folder.makeLink(entry.linkTarget!, name);
		} else if (native) {
			native.makeNode(folder.rawAt(name), nodeTypes[entry.type]! | 0o600, entry.device);
		} else {
			throw new Error(`a ${entry.type} cannot be made without the koffi module`);
		}

		try {
			this.#setSpecialMetadata(entry, {folder, name, metadata});

			if (isReplacing) {
				folder.rename(name, entry.name);
			}
		} catch (error) {
			folder.remove(name);
			throw error;
		}
	}

	#setSpecialMetadata(entry: StoredEntry, {folder, name, metadata}: {readonly folder: Directory; readonly name: RawPath; readonly metadata: Metadata}): void {
		if (metadata.owner) {
			folder.changeOwner(name, metadata.owner.uid, metadata.owner.gid);
		}

		if (entry.type !== 'symlink') {
			folder.changeMode(name, metadata.mode);
		}

		if (!native) {
			this.#findings.problem(entry.path, 'its times were not kept (needs the koffi module)');
			return;
		}

		for (const attribute of metadata.attributes) {
			try {
				native.setAttribute(folder.rawAt(name), attribute.name, attribute.value);
			} catch (error) {
				this.#findings.problem(entry.path, `extended attribute ${attribute.name} was not kept (${(error as Error).message})`);
			}
		}

		native.setTimes(folder.rawAt(name), metadata.modifiedNs);
	}

	/** Content is equal and nobody else has a link to it: only its metadata is set, through its descriptor. */
	#setInPlace({entry, folder, metadata, facts}: {readonly entry: StoredEntry; readonly folder: Directory; readonly metadata: Metadata; readonly facts: LiveFacts}): void {
		if (entry.type !== 'file') {
			this.#makeSpecial({entry, folder, metadata, isReplacing: true});
			this.tally.done(entry, 'overwritten');
			return;
		}

		const fd = folder.openFile(entry.name, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);

		try {
			this.#applyTo(fd, {path: entry.path, metadata, expected: facts.stats});
		} finally {
			closeSync(fd);
		}

		this.tally.done(entry, 'overwritten');
	}

	#applyTo(fd: number, {path, metadata, expected}: {readonly path: RawPath; readonly metadata: Metadata; readonly expected: BigIntStats | undefined}): void {
		const stats = statOf(fd);

		if (expected && (stats.ino !== expected.ino || stats.nlink !== expected.nlink)) {
			throw new Error('it was replaced meanwhile');
		}

		removeForeignAttributes(fd, metadata);

		for (const what of applyMetadata(fd, metadata)) {
			this.#findings.problem(path, `${what} was not kept`);
		}
	}

	#written(file: QueuedFile, outcome: WriteOutcome): void {
		if (outcome.error === undefined) {
			this.tally.done(file.entry, file.isReplacing ? 'overwritten' : 'created');

			for (const what of outcome.notKept) {
				this.#findings.problem(file.path, `${what} was not kept`);
			}

			this.#report(file.path);
			return;
		}

		this.#isFull ||= outcome.reason === 'full';
		this.#isDamageMet ||= outcome.reason === 'damaged';
		this.#fail(file.entry, outcome.reason === 'full' ? 'the disk is full' : outcome.error);
	}

	#makeLinks(): void {
		for (const {entry, firstPath, isReplacing} of this.#links) {
			try {
				this.#makeLink({entry, firstPath, isReplacing});
				this.tally.done(entry, isReplacing ? 'overwritten' : 'created');
			} catch (error) {
				this.#failWith(entry, error);
			}
		}
	}

	#makeLink({entry, firstPath, isReplacing}: Link): void {
		const source = this.#live!.open(folderOf(firstPath))?.hold();

		try {
			const folder = this.#live!.open(folderOf(entry.path));

			if (!source || !folder) {
				throw new Error('a folder is gone');
			}

			const name = isReplacing ? `${temporaryPrefix}${randomBytes(8).toString('hex')}` : entry.name;
			folder.directory.linkFrom(source.directory, nameOf(firstPath), name);

			if (isReplacing) {
				folder.directory.rename(name, entry.name);
				// A rename onto a link of the same file leaves both names.
				removeIfThere(folder.directory, name);
			}
		} finally {
			source?.release();
		}
	}

	/** Deepest first: what is done in a folder changes its times. */
	#finishFolders(): void {
		for (const {path, metadata} of this.#finishers.toReversed()) {
			this.#finishFolder(path, metadata);
		}

		for (const [path, modifiedNs] of [...this.#touchedParents].toReversed()) {
			const folder = this.#live!.open(path);

			if (folder) {
				setTimes(folder.directory.fd, modifiedNs);
			}
		}
	}

	#finishFolder(path: RawPath, metadata: Metadata): void {
		const folder = this.#live!.open(path);

		if (!folder) {
			this.#findings.problem(path, 'its owner, mode and times were not set: the folder is gone');
			return;
		}

		try {
			this.#applyTo(folder.directory.fd, {path, metadata, expected: undefined});
		} catch (error) {
			this.#findings.problem(path, `its owner, mode and times were not set (${(error as Error).message})`);
		}
	}

	/** Makes sure that the folders above a chosen path exist. @returns false when that is not possible */
	#prepareParents(root: RawPath): boolean {
		const parents = ancestorsOf(root);

		for (const parent of parents) {
			if (!this.#prepareParent(parent)) {
				return false;
			}
		}

		return true;
	}

	#prepareParent(path: RawPath): boolean {
		const live = this.#live?.open(path);

		if (live) {
			if (!this.#isDryRun && !this.#touchedParents.has(path)) {
				this.#touchedParents.set(path, live.directory.stat().mtimeNs);
			}

			return true;
		}

		const folder = path === '' ? undefined : this.#live?.open(folderOf(path));
		const name = nameOf(path);
		const entry = this.#catalog.find(path);

		if (!entry) {
			throw new UserError(`The backup holds nothing at ${path}.`, {code: 'notFound', hint: 'Browse it with "holdfast backup files".'});
		}

		if (folder?.directory.tryLstat(name)) {
			this.#fail(entry, 'something else than a folder stands here now; what was below it was not restored');
			return false;
		}

		this.tally.decide(entry, {action: 'create', reason: 'missing'});

		if (!this.#isDryRun) {
			this.#makeFolder({entry, folder: folder!.directory, metadata: this.#metadataOf(entry), facts: undefined});
		}

		return true;
	}

	#liveFacts(entry: StoredEntry, folder: Directory, metadata: Metadata): LiveFacts | undefined {
		const stats = entry.path === '' ? this.#live!.open('')!.directory.stat() : folder.tryLstat(entry.name);

		if (!stats) {
			return undefined;
		}

		const isMount = stats.isDirectory() && entry.path !== '' && (stats.dev !== this.#device || this.#mounts.has(`${this.#request.target}/${entry.path}`));

		if (this.#request.isMerge || isMount) {
			return {
				stats, isContentEqual: false, isMetadataEqual: false, isEmptyFolder: false, isMount,
			};
		}

		if (this.#isProven(entry, stats)) {
			return {
				stats, isContentEqual: true, isMetadataEqual: true, isEmptyFolder: false, isMount,
			};
		}

		const isTypeSame = isSameType(entry, stats);

		return {
			stats,
			isContentEqual: isTypeSame && isSameContent(entry, folder, stats),
			isMetadataEqual: isTypeSame && isSameMetadata(metadata, entry.path === '' ? {folder, name: '.', stats} : {folder, name: entry.name, stats}),
			isEmptyFolder: !isTypeSame && stats.isDirectory() && isEmptyFolder(folder, entry.name),
			isMount,
		};
	}

	/** Inode, size and all times are those that the scan of this very backup saw, so nothing about it has changed since. */
	#isProven(entry: StoredEntry, stats: BigIntStats): boolean {
		const found = this.#scan?.find(folderOf(entry.path), entry.name);
		const row = found && this.#scan!.rowOf(found);

		return row !== undefined
			&& row[0] === BigInt.asIntN(64, stats.ino)
			&& row[1] === stats.size
			&& row[2] === BigInt.asIntN(64, stats.mtimeNs)
			&& row[3] === BigInt.asIntN(64, stats.ctimeNs)
			&& stats.ctimeNs < this.#scan!.startedNs - clockMarginNs;
	}

	/** Names that are live and not in the backup; leftovers of a killed restore are removed. */
	#visitLiveOnly(path: RawPath, live: HeldFolder | undefined, entries: readonly StoredEntry[]): void {
		if (!live || !this.#selector.isSelected(path)) {
			return;
		}

		const names = live.directory.names().sort();
		let next = 0;

		for (const name of names) {
			while (next < entries.length && compareNames(entries[next]!.name, name) < 0) {
				next++;
			}

			if (entries[next]?.name === name) {
				continue;
			}

			if (isLeftover(name)) {
				if (!this.#isDryRun) {
					removeIfThere(live.directory, name);
				}
			} else if (this.#selector.isSelected(joinRaw(path, name))) {
				this.tally.liveOnly(joinRaw(path, name), measure(live.directory, name));
			}
		}
	}

	/** Folders that the backup holds empty may have live-only content too. */
	async #visitEmptyFolders(): Promise<void> {
		for (const path of this.#unvisited) {
			await this.#restoreFolder(path, [], true);
		}

		this.#unvisited.clear();
	}

	#metadataOf(entry: StoredEntry): Metadata {
		const isRoot = process.geteuid?.() === 0;
		const isAccounts = entry.uid === this.#request.account.uid;
		const mayKeepSetId = isAccounts || entry.type === 'directory';

		return {
			mode: mayKeepSetId ? entry.mode : entry.mode & ~setIdBits,
			owner: isRoot ? {uid: entry.uid, gid: entry.gid} : undefined,
			modifiedNs: entry.modifiedNs,
			attributes: isAccounts ? entry.attributes : entry.attributes.filter(({name}) => name !== 'security.capability'),
		};
	}

	async #startThreads(index: SegmentIndex): Promise<readonly PackThread[]> {
		const {pool, abortFlag} = this.#options;
		const threads = pool.take(this.#request.threads);
		await Promise.all(threads.map(async thread => thread.call({
			type: 'beginWrite', run: this.#run, vaultFolder: this.#request.vault.folder, rootKey: this.#vault.rootKey, dataKeys: index.keyRing.all(), abortFlag: abortFlag.buffer,
		}, 'begun')));
		this.#threads = threads;

		return threads;
	}

	/** What is chosen fits at most as new; where that is more than is free, an exact plan decides. */
	async #checkSpace(): Promise<void> {
		const free = freeBytesAt(this.#request.target);
		const all = this.#catalog.pages.reduce((sum, page) => sum + page.sizeBytes, 0);

		if (all <= free) {
			return;
		}

		const plan = await previewRestore(this.#request, {...this.#options, onProgress() {
			// The plan's progress is not the restore's.
		}});

		if (plan.spaceNeededBytes > free) {
			throw new UserError(`The restore needs ${plan.spaceNeededBytes} bytes, and only ${free} are free at ${this.#request.target}. Nothing was changed.`, {code: 'failed', hint: 'Free space there, choose fewer files, or restore to another folder with --to.'});
		}
	}

	#flush(): void {
		const root = this.#live?.open('');

		if (native && root) {
			native.syncFileSystem(root.directory.fd);
		}
	}

	#fail(entry: StoredEntry, message: string): void {
		this.tally.done(entry, 'failed');
		this.#findings.problem(entry.path, message);
	}

	#failWith(entry: StoredEntry, error: unknown): void {
		const {code, message} = error as NodeJS.ErrnoException;

		if (error instanceof TypeError || error instanceof RangeError) {
			throw error;
		}

		this.#isFull ||= code === 'ENOSPC' || code === 'EDQUOT';
		this.#fail(entry, code === 'ENOSPC' ? 'the disk is full' : message);
	}

	#report(currentPath: RawPath | null): void {
		this.#options.onProgress({...this.tally.progress(), bytesTotal: this.#totalBytes, filesTotal: this.#totalFiles, currentPath});
	}

	get #totalBytes(): number | null {
		return this.#selector.roots[0] === '' && this.#selector.isWhole('') ? this.#part.sizeBytes : null;
	}

	get #totalFiles(): number | null {
		return this.#totalBytes === null ? null : this.#catalog.pages.reduce((sum, page) => sum + page.fileCount, 0);
	}
}

const openManifest = ({accountUuid, backupId}: RestoreTreeRequest, {storage, rootKey, id}: OpenedVault): Manifest => {
	try {
		return readManifest(storage, rootKey, {vaultId: id, accountUuid, backupId});
	} catch (error) {
		throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new FormatError('its manifest is missing') : error;
	}
};

/** The folders above a path, the root first. */
const ancestorsOf = (path: RawPath): RawPath[] => {
	if (path === '') {
		return [];
	}

	const parents: RawPath[] = [''];

	for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
		parents.push(path.slice(0, end));
	}

	return parents;
};
