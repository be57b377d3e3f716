/** Goes through a home and decides what each thing in it needs: nothing where it is as the last scan saw it, a new entry, or its content read. */
import {type BigIntStats, constants} from 'node:fs';
import {joinRaw, type RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import type {AbortFlag} from '../base/abort-flag.ts';
import type {BackupTreeRequest} from '../engine.ts';
import type {Findings} from '../base/findings.ts';
import {LinkCounter} from '../catalog/link-counter.ts';
import type {PackPool} from '../pack-pool.ts';
import type {PackedSegment} from '../segments/segment-list.ts';
import type {BackupProgress} from './backup-progress.ts';
import {mountsBelow, wantedOf} from './backup-source.ts';
import type {CaptureOutcome} from './capture-outcome.ts';
import type {PendingFile, ScanQueue} from './capture-queue.ts';
import type {CatalogItem} from './catalog-writer.ts';
import {EntryMaker, typeOf} from './entry-maker.ts';
import {isBeginning} from './beginnings.ts';
import {wholeFileLimit} from './file-capture.ts';
import type {CountedFile} from './found-file.ts';
import {FolderLister} from './folder-lister.ts';
import {field, fieldCount, toMilliseconds} from './folder-listing.ts';
import {
	type ListedNames,
	type PreviousRun,
	type PreviousScan,
	storedGroupOf,
} from './previous-scan.ts';
import {walkTree, type WalkedFolder} from './tree-walk.ts';

const typeMask = constants.S_IFMT;
const folderType = constants.S_IFDIR;
const fileType = constants.S_IFREG;
const uncounted: CountedFile = {inode: 0n, changedNs: 0n};

/** What a file became; `undefined` leaves it out. */
type Settle = (file: PendingFile, outcome: CaptureOutcome) => CatalogItem | undefined;

export type TreeScanOptions = {
	readonly request: BackupTreeRequest;
	readonly root: Directory;
	/** Of the home: another file system is not entered. */
	readonly device: bigint;
	readonly previous: PreviousScan | undefined;
	readonly findings: Findings;
	readonly progress: BackupProgress;
	readonly pool: PackPool;
	readonly abortFlag: AbortFlag;
	/** Makes what takes entries in catalog order and has files read; `settle` says what became of a file. */
	readonly createQueue: (settle: Settle) => ScanQueue;
	/** Called between entries, where what was found so far can be made durable. */
	readonly checkpoint?: ((settleAll: () => Promise<void>) => Promise<void>) | undefined;
};

/** One name of a folder. */
type Met = Listed & {readonly folder: PendingFile['folder']};
type MetEntry = {readonly folder: PendingFile['folder']; readonly path: RawPath; readonly name: RawPath; readonly stats: BigIntStats};
/** Where the listed facts of a name lie. */
type Listed = {readonly folderPath: RawPath; readonly name: RawPath; readonly facts: Float64Array; readonly start: number};

export class TreeScan {
	readonly #options: TreeScanOptions;
	readonly #queue: ScanQueue;
	readonly #entries: EntryMaker;
	/** `undefined`: everything is wanted. */
	readonly #isWanted: ((path: RawPath) => boolean) | undefined;
	/** Mounts below the home, relative to it. */
	readonly #mounts: ReadonlySet<RawPath>;
	readonly #linkCounter: LinkCounter;

	constructor(options: TreeScanOptions) {
		const {request, root, findings, createQueue} = options;
		this.#options = options;
		this.#entries = new EntryMaker(findings);
		this.#isWanted = wantedOf(request);
		this.#mounts = mountsBelow(request.root);
		this.#linkCounter = new LinkCounter(root);
		this.#queue = createQueue((file, outcome) => this.#settle(file, outcome));
	}

	#addRoot(): void {
		const {root, previous} = this.#options;
		const stats = root.stat();
		const facts = Float64Array.of(Number(stats.mode), Number(stats.dev), Number(stats.ino), Number(stats.nlink), Number(stats.size), toMilliseconds(stats.mtimeNs), toMilliseconds(stats.ctimeNs));
		const unchanged = previous?.findUnchanged({
			folder: '', names: [''], facts, position: 0, limit: 1,
		});

		if (unchanged) {
			this.#queue.addItem(unchanged);
		} else {
			this.#addFolder(stats, {path: '', name: '', attributesPath: root.path()});
		}
	}

	/**
	Adds the entries of a folder.
	@returns the names to enter
	*/
	async #visit({path: folderPath, folder, listing}: WalkedFolder): Promise<RawPath[]> {
		const {abortFlag, checkpoint, progress} = this.#options;
		const {names, facts} = listing;
		const subfolders: RawPath[] = [];
		abortFlag.check();

		for (let position = 0; position < names.length;) {
			const name = names[position]!;

			if (this.#isWanted && !this.#isWanted(joinRaw(folderPath, name))) {
				position++;
				continue;
			}

			const taken = this.#addUnchanged({
				folder: folderPath, names, facts, position, limit: this.#isWanted ? 1 : names.length - position,
			}, subfolders);

			if (taken === 0) {
				this.#addChanged({
					folder, folderPath, name, facts, start: position * fieldCount,
				}, subfolders);
			}

			position += Math.max(taken, 1);

			if (!this.#queue.isFull) {
				continue;
			}

			await this.#queue.drive();
			await checkpoint?.(async () => this.#queue.settleAll());
			progress.report(joinRaw(folderPath, name));
		}

		return subfolders;
	}

	/**
	Takes over entries that are as the last scan saw them.
	@returns how many; 0 when the first is new, changed, or needs a closer look
	*/
	#addUnchanged(listed: ListedNames, subfolders: RawPath[]): number {
		const unchanged = this.#options.previous?.findUnchanged(listed);

		if (!unchanged) {
			return 0;
		}

		let count = 0;

		while (count < unchanged.count && this.#takeOver(listed, {run: unchanged, offset: count}, subfolders)) {
			count++;
		}

		if (count > 0) {
			this.#queue.addItem({...unchanged, count});
		}

		return count;
	}

	/**
	Takes over one of them.
	@returns false where it needs a closer look although its facts are the same
	*/
	#takeOver({folder, names, facts, position}: ListedNames, {run, offset}: {readonly run: PreviousRun; readonly offset: number}, subfolders: RawPath[]): boolean {
		const {device, progress} = this.#options;
		const start = (position + offset) * fieldCount;
		const name = names[position + offset]!;

		if (this.#mounts.size > 0 && this.#mounts.has(joinRaw(folder, name))) {
			return false;
		}

		if ((facts[start]! & typeMask) === folderType) {
			if (facts[start + field.device] !== Number(device)) {
				return false;
			}

			subfolders.push(name);
			return true;
		}

		if (facts[start + field.links] !== 1 && !this.#entries.isSameLink(storedGroupOf(run.page, run.index + offset), joinRaw(folder, name), facts[start + field.inode]!)) {
			return false;
		}

		progress.addFile();
		progress.addBytes(facts[start + field.size]!);
		return true;
	}

	#addChanged({
		folder, folderPath, name, facts, start,
	}: Met, subfolders: RawPath[]): void {
		const path = joinRaw(folderPath, name);

		// Whoever reads it looks at it again, after opening it.
		if ((facts[start]! & typeMask) === fileType && facts[start + field.links] === 1 && !this.#mounts.has(path)) {
			this.#queue.addFile({
				folder,
				path,
				name,
				sizeBytes: facts[start + field.size]!,
				linkedInode: 0n,
				linkedBirthNs: 0n,
				counted: uncounted,
				beginning: this.#beginningOf(folderPath, name, facts[start + field.size]!),
			});
			return;
		}

		const stats = folder.directory.tryLstat(name);

		if (!stats) {
			this.#options.findings.note(path, 'vanished while the folder was read');
		} else if (stats.isDirectory()) {
			this.#addSubfolder({
				folder, path, name, stats,
			}, subfolders);
		} else if (this.#mounts.has(path)) {
			this.#leaveOutMount(path);
		} else {
			this.#addLeaf({
				folder, path, name, stats,
			});
		}
	}

	#beginningOf(folder: RawPath, name: RawPath, size: number): PackedSegment | undefined {
		const first = size <= wholeFileLimit ? this.#options.previous?.firstSegmentOf(folder, name) : undefined;

		return first && isBeginning(first, size) ? first : undefined;
	}

	#addSubfolder({folder, path, name, stats}: MetEntry, subfolders: RawPath[]): void {
		if (stats.dev !== this.#options.device || this.#mounts.has(path)) {
			this.#leaveOutMount(path);
		} else {
			subfolders.push(name);
		}

		this.#addFolder(stats, {path, name, attributesPath: folder.directory.rawAt(name)});
	}

	#leaveOutMount(path: RawPath): void {
		const {findings} = this.#options;
		findings.incomplete(path);
		findings.note(path, 'another file system is mounted here; it is not part of the backup');
	}

	#addFolder(stats: BigIntStats, {path, name, attributesPath}: {readonly path: RawPath; readonly name: RawPath; readonly attributesPath: RawPath}): void {
		this.#queue.addItem(this.#entries.fromFound({
			path, name, type: 'directory', stats, attributesPath, linkTarget: null,
		}));
	}

	#addUnreadable(path: RawPath, error: NodeJS.ErrnoException): void {
		const {findings} = this.#options;

		if (error.code === 'ENOENT') {
			findings.note(path, 'the folder vanished while it was read');
		} else {
			findings.incomplete(path);
			findings.problem(path, `the folder cannot be read (${error.code ?? error.message}); what it holds is not in this backup`);
		}
	}

	#addLeaf({folder, path, name, stats}: MetEntry): void {
		const {findings} = this.#options;
		const type = typeOf(stats);

		if (type === 'socket') {
			findings.note(path, 'a socket; there is nothing in it to store');
			return;
		}

		if (type === 'file') {
			this.#queue.addFile({
				folder,
				path,
				name,
				sizeBytes: Number(stats.size),
				linkedInode: stats.nlink > 1n ? stats.ino : 0n,
				linkedBirthNs: stats.nlink > 1n ? stats.birthtimeNs : 0n,
				counted: this.#counted(stats),
				beginning: undefined,
			});
			return;
		}

		try {
			const linkTarget = type === 'symlink' ? folder.directory.readLink(name) : null;
			this.#queue.addItem(this.#entries.fromFound({
				path, name, type, stats, attributesPath: folder.directory.rawAt(name), linkTarget,
			}));
		} catch (error) {
			findings.note(path, `vanished while it was read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
		}
	}

	#settle(file: PendingFile, outcome: CaptureOutcome): CatalogItem | undefined {
		this.#options.progress.addFile();

		return this.#entries.fromCapture(file, outcome);
	}

	/** The inode of a file of another owner all of whose links lie in the home; else 0. */
	#counted(stats: BigIntStats): CountedFile {
		const isCounted = stats.nlink > 1n && Number(stats.uid) !== this.#options.request.uid && this.#linkCounter.areAllInside(stats);

		return isCounted ? {inode: stats.ino, changedNs: stats.ctimeNs} : uncounted;
	}

	/** Walks the whole tree; when it resolves, everything has been emitted. */
	async run(): Promise<void> {
		const {root, pool, request} = this.#options;
		this.#addRoot();
		await walkTree(root, {
			lister: new FolderLister(pool, request.threads),
			visit: async folder => this.#visit(folder),
			onUnreadable: (path, error) => {
				this.#addUnreadable(path, error);
			},
		});
		await this.#queue.settleAll();
	}

	/** Lets go of everything after a failure. */
	async abandon(): Promise<void> {
		await this.#queue.abandon();
	}
}
