/**
One restore of one tree: the same walk over what is chosen plans (changing nothing) and does the work. Runs in the engine's thread. The target's owner may be hostile: only single names below
held folders are touched, links are never followed, and what exists is replaced beside-and-rename, never written into.
*/
import process from 'node:process';
import type {RestorePreview} from '../domain/restore.ts';
import {joinRaw, toScreen, type RawPath} from '../domain/raw-name.ts';
import {createSelector, type Selector} from '../domain/selection.ts';
import {UserError} from '../errors.ts';
import type {RunOptions} from './backup-run.ts';
import {FormatError} from './bytes.ts';
import {Catalog} from './catalog.ts';
import {compareNames, folderOf, nameOf} from './catalog-order.ts';
import type {StoredEntry} from './catalog-page.ts';
import type {RestoreTreeRequest, RestoreTreeResult} from './engine.ts';
import type {Metadata} from './file-restore.ts';
import {Findings} from './findings.ts';
import type {HeldFolder} from './held-folder.ts';
import {SealError} from './keys.ts';
import {LiveReader} from './live-facts.ts';
import {LiveFolders} from './live-folders.ts';
import {type Manifest, type ManifestPart, readManifest} from './manifest.ts';
import {PreviousScan} from './previous-scan.ts';
import {decideEntry, type Decision, type LiveFacts} from './restore-decision.ts';
import {RestoreTally} from './restore-tally.ts';
import {
	freeBytesAt,
	isLeftover,
	measure,
	openTarget,
	removeIfThere,
} from './restore-target.ts';
import {mendIndexUnlessBusy} from './vault-session.ts';
import {type EntryWork, RestoreWriter} from './restore-writer.ts';
import {ScanCache} from './scan-cache.ts';
import {SegmentIndex} from './segment-index.ts';
import {SegmentReader} from './segment-reader.ts';
import {type OpenedVault, unlockVault} from './vault.ts';

/** Setuid and setgid. */
const privilegeBits = 0o6000;
/** Only root may make files of others. */
const canGiveAway = process.geteuid?.() === 0;

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
		// A dry run holds no lock and mends nothing.
		if (!setting.isDryRun) {
			await mendIndexUnlessBusy(vault);
		}

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
	? new UserError(`Backup ${backupId} cannot be read: ${error.message}.`, {code: 'damaged', hint: 'Choose another backup; "holdfast backup list" shows them.', cause: error})
	: error;

type RestoreRunOptions = RunSetting & {readonly request: RestoreTreeRequest; readonly vault: OpenedVault};

class RestoreRun {
	readonly #request: RestoreTreeRequest;
	readonly #options: RunOptions;
	readonly #catalog: Catalog;
	readonly #part: ManifestPart;
	readonly #selector: Selector;
	readonly #findings = new Findings();
	readonly #live: LiveFolders | undefined;
	readonly #liveReader: LiveReader;
	/** `undefined` in a dry run. */
	readonly #writer: RestoreWriter | undefined;
	/** Folders that exist live and whose stored entries have not come yet; what is left at the end is empty in the backup. */
	readonly #unvisited = new Set<RawPath>();
	/** Where a group of hard links begins in the target, by group; the inode where the first was kept as it is. */
	readonly #linkFirsts = new Map<string, {readonly path: RawPath; readonly keptInode: bigint | undefined}>();
	readonly tally = new RestoreTally();

	constructor({request, vault, options, isDryRun}: RestoreRunOptions) {
		this.#request = request;
		this.#options = options;
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
		const root = openTarget(request, isDryRun);
		this.#live = root && new LiveFolders(root);
		this.#liveReader = new LiveReader({
			target: request.target, device: root?.stat().dev ?? 0n, isMerge: request.isMerge, scan: cache && new PreviousScan(this.#catalog, cache),
		});
		this.#writer = isDryRun
			? undefined
			: new RestoreWriter({
				request,
				vault,
				index,
				live: this.#live!,
				tally: this.tally,
				findings: this.#findings,
				options,
				onProgress: path => {
					this.#report(path);
				},
			});
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

		const isNew = isListed && this.#writer?.isNewFolder(path) === true;

		if (isListed && !isNew) {
			this.#unvisited.delete(path);
			this.#visitLiveOnly(path, live, entries);
		}

		for (const entry of entries) {
			if (!this.#selector.isSelected(entry.path)) {
				continue;
			}

			this.#restoreEntry(entry, live, isNew);

			if (!this.#writer?.isBusy) {
				continue;
			}

			await this.#writer.drive();
			this.#report(entry.path);
		}
	}

	/** `isNew`: the folder was just made, so nothing is there. */
	#restoreEntry(entry: StoredEntry, folder: HeldFolder | undefined, isNew: boolean): void {
		if (!folder && this.#writer) {
			this.#writer.fail(entry, 'its folder could not be made or entered');
			return;
		}

		const metadata = this.#metadataOf(entry);
		const {facts, decision} = this.#look(entry, isNew ? undefined : folder, metadata);

		this.tally.decide(entry, decision);

		if (entry.type === 'directory' && facts?.stats.isDirectory() && !facts.isMount) {
			this.#unvisited.add(entry.path);
		}

		if (entry.linkGroup !== undefined && decision.action !== 'refuse') {
			this.#rememberLink(entry, decision, facts);
		}

		this.#carryOut({
			entry, folder, metadata, facts, decision,
		});
	}

	#carryOut({entry, folder, metadata, facts, decision}: Omit<EntryWork, 'folder' | 'firstPath'> & {readonly folder: HeldFolder | undefined}): void {
		if (!this.#writer) {
			return;
		}

		if (decision.action === 'refuse') {
			this.#writer.fail(entry, decision.reason);
		} else if (decision.action === 'keep') {
			this.tally.done(entry, 'kept');
		} else {
			const firstPath = entry.linkGroup === undefined ? undefined : this.#linkFirsts.get(entry.linkGroup)?.path;
			this.#writer.carryOut({
				entry, folder: folder!, metadata, facts, decision, firstPath,
			});
		}
	}

	/** What is there now, and what follows from it. What changes while it is looked at is left as it is, and named. */
	#look(entry: StoredEntry, folder: HeldFolder | undefined, metadata: Metadata): {readonly facts: LiveFacts | undefined; readonly decision: Decision} {
		try {
			const facts = folder && this.#liveReader.read(entry, folder.directory, metadata);

			return {facts, decision: this.#decide(entry, facts)};
		} catch (error) {
			const {code} = error as NodeJS.ErrnoException;

			if (code === undefined) {
				throw error;
			}

			return {facts: undefined, decision: {action: 'refuse', reason: `what is there now cannot be looked at (${code})`}};
		}
	}

	#decide(entry: StoredEntry, facts: LiveFacts | undefined): Decision {
		const decision = decideEntry(entry, facts, this.#request.isMerge);
		const first = entry.linkGroup === undefined ? undefined : this.#linkFirsts.get(entry.linkGroup);

		// Equal content under a link of its own is not equal: it must become a link of the first again.
		return first && !this.#request.isMerge && decision.action === 'keep' && first.keptInode !== facts?.stats.ino
			? {action: 'overwrite', how: 'replace', reason: `is no longer a link of ${first.path}`}
			: decision;
	}

	#rememberLink(entry: StoredEntry, decision: Decision, facts: LiveFacts | undefined): void {
		if (!this.#linkFirsts.has(entry.linkGroup!)) {
			this.#linkFirsts.set(entry.linkGroup!, {path: entry.path, keptInode: decision.action === 'keep' ? facts?.stats.ino : undefined});
		}
	}

	/**
	Makes sure that the folders above a chosen path exist.
	@returns false when that is not possible
	*/
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
			this.#writer?.touchParent(path, live.directory);
			return true;
		}

		const folder = path === '' ? undefined : this.#live?.open(folderOf(path));
		const name = nameOf(path);
		const entry = this.#catalog.find(path);

		if (!entry) {
			throw new UserError(`The backup holds nothing at ${toScreen(path)}.`, {code: 'notFound', hint: 'Browse it with "holdfast backup files".'});
		}

		if (folder?.directory.tryLstat(name)) {
			this.#writer?.fail(entry, 'something else than a folder stands here now; what was below it was not restored');
			return false;
		}

		this.tally.decide(entry, {action: 'create', reason: 'missing'});

		this.#writer?.makeFolder({
			entry, folder: folder!.directory, metadata: this.#metadataOf(entry), facts: undefined,
		});

		return true;
	}

	/** Names that are live and not in the backup; leftovers of a killed restore are removed. */
	#visitLiveOnly(path: RawPath, live: HeldFolder | undefined, entries: readonly StoredEntry[]): void {
		if (!live || !this.#selector.isSelected(path)) {
			return;
		}

		const names = live.directory.names().toSorted();
		let next = 0;

		for (const name of names) {
			while (next < entries.length && compareNames(entries[next]!.name, name) < 0) {
				next++;
			}

			if (entries[next]?.name === name) {
				continue;
			}

			if (isLeftover(name)) {
				if (this.#writer) {
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
		const isAccounts = entry.uid === this.#request.account.uid;
		const canKeepPrivileges = isAccounts || entry.type === 'directory';

		return {
			mode: canKeepPrivileges ? entry.mode : entry.mode & ~privilegeBits,
			owner: canGiveAway ? {uid: entry.uid, gid: entry.gid} : undefined,
			modifiedNs: entry.modifiedNs,
			attributes: isAccounts ? entry.attributes : entry.attributes.filter(({name}) => name !== 'security.capability'),
		};
	}

	/** What is chosen fits at most as new; where that is more than is free, an exact plan decides. */
	async #checkSpace(): Promise<void> {
		const free = freeBytesAt(this.#request.target);
		const all = this.#catalog.pages.reduce((sum, page) => sum + page.sizeBytes, 0);

		if (all <= free) {
			return;
		}

		const plan = await previewRestore(this.#request, {
			...this.#options, onProgress() {
			// The plan's progress is not the restore's.
			},
		});

		if (plan.spaceNeededBytes > free) {
			throw new UserError(`The restore needs ${plan.spaceNeededBytes} bytes, and only ${free} are free at ${toScreen(this.#request.target)}. Nothing was changed.`, {
				code: 'failed',
				hint: 'Free space there, choose fewer files, or restore to another folder with --to.',
			});
		}
	}

	#report(currentPath: RawPath | null): void {
		this.#options.onProgress({
			...this.tally.progress(), bytesTotal: this.#totalBytes, filesTotal: this.#totalFiles, currentPath,
		});
	}

	get #totalBytes(): number | null {
		return this.#selector.roots[0] === '' && this.#selector.isWhole('') ? this.#part.sizeBytes : null;
	}

	get #totalFiles(): number | null {
		return this.#totalBytes === null ? null : this.#catalog.pages.reduce((sum, page) => sum + page.fileCount, 0);
	}

	async restore(): Promise<RestoreTreeResult> {
		await this.#checkSpace();

		try {
			await this.walk();
			await this.#writer!.finish();
		} catch (error) {
			await this.#writer!.abandon();
			throw error;
		}

		return {
			status: this.#findings.problemCount === 0 ? 'complete' : 'partial',
			summary: this.tally.summary(),
			findings: this.#findings.list(),
			problemCount: this.#findings.problemCount,
			isDamageMet: this.#writer!.isDamageMet,
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
		await this.#writer?.close();
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
