/** Carries out what a restore decided: makes and replaces, queues file contents, links, and sets metadata last, deepest folder first. */
import {randomBytes} from 'node:crypto';
import {type BigIntStats, closeSync, constants} from 'node:fs';
import type {RawPath} from '../domain/raw-name.ts';
import type {Directory} from '../system/directory.ts';
import {native} from '../system/native.ts';
import type {RunOptions} from './backup-run.ts';
import {folderOf, nameOf} from './catalog-order.ts';
import type {StoredEntry} from './catalog-page.ts';
import type {RestoreTreeRequest} from './engine.ts';
import {
	applyMetadata,
	type Metadata,
	setTimes,
	temporaryPrefix,
	type WriteException,
} from './file-restore.ts';
import type {Findings} from './findings.ts';
import type {HeldFolder} from './held-folder.ts';
import type {LiveFolders} from './live-folders.ts';
import type {PackThread} from './pack-pool.ts';
import type {Decision, LiveFacts} from './restore-decision.ts';
import type {RestoreTally} from './restore-tally.ts';
import {
	nodeTypes,
	removeForeignAttributes,
	removeIfThere,
	statOf,
} from './restore-target.ts';
import type {SegmentIndex} from './segment-index.ts';
import type {OpenedVault} from './vault.ts';
import {type QueuedFile, WriteQueue} from './write-queue.ts';

/** Tells the runs of restores from those of backups, which count from one. */
let lastRun = 1_000_000;

export type RestoreWriterOptions = {
	readonly request: RestoreTreeRequest;
	readonly vault: OpenedVault;
	readonly index: SegmentIndex;
	readonly live: LiveFolders;
	readonly tally: RestoreTally;
	readonly findings: Findings;
	readonly options: RunOptions;
	readonly onProgress: (path: RawPath) => void;
};

/** One entry to carry out, with what was found and decided. */
export type EntryWork = {
	readonly entry: StoredEntry;
	readonly folder: HeldFolder;
	readonly metadata: Metadata;
	readonly facts: LiveFacts | undefined;
	readonly decision: Decision;
	/** Where the group of hard links it belongs to begins in the target. */
	readonly firstPath: RawPath | undefined;
};

type Link = {readonly entry: StoredEntry; readonly firstPath: RawPath; readonly isReplacing: boolean};

export class RestoreWriter {
	readonly #options: RestoreWriterOptions;
	readonly #queue: WriteQueue;
	readonly #run = ++lastRun;
	#threads: readonly PackThread[] = [];
	/** Folders whose metadata is set when all else is done, in catalog order. */
	readonly #folders: Array<{readonly path: RawPath; readonly metadata: Metadata}> = [];
	/** Folders that are not part of what is chosen: their times are put back. */
	readonly #touchedParents = new Map<RawPath, bigint>();
	readonly #links: Link[] = [];
	/** Folders that were made here and not visited yet: nothing is in them. */
	readonly #newFolders = new Set<RawPath>();
	#isFull = false;
	#isDamageMet = false;

	constructor(options: RestoreWriterOptions) {
		this.#options = options;
		this.#queue = new WriteQueue({
			run: this.#run,
			index: options.index,
			start: async () => this.#startThreads(),
			onWritten: (file, exception) => {
				this.#written(file, exception);
			},
		});
	}

	#carryOut({
		entry, folder, metadata, facts, decision, firstPath,
	}: EntryWork): void {
		const isReplacing = facts !== undefined;

		if (firstPath !== undefined && firstPath !== entry.path) {
			this.#links.push({entry, firstPath, isReplacing});
			return;
		}

		if (decision.action === 'overwrite' && decision.how === 'metadata' && entry.type !== 'directory') {
			this.#setInPlace({
				entry, folder: folder.directory, metadata, facts: facts!,
			});
			return;
		}

		if (facts?.stats.isDirectory() && entry.type !== 'directory') {
			folder.directory.removeFolder(entry.name);
		}

		switch (entry.type) {
			case 'directory': {
				this.makeFolder({
					entry, folder: folder.directory, metadata, facts,
				});
				break;
			}

			case 'file': {
				this.#queue.add({
					entry, path: entry.path, folder, isReplacing: isReplacing && !facts.stats.isDirectory(), metadata,
				});
				break;
			}

			case 'symlink':
			case 'fifo':
			case 'characterDevice':
			case 'blockDevice':
			case 'socket': {
				this.#makeSpecial({
					entry, folder: folder.directory, metadata, isReplacing: isReplacing && !facts.stats.isDirectory(),
				});
				this.#options.tally.done(entry, isReplacing ? 'overwritten' : 'created');
			}
		}
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
			this.#options.findings.problem(entry.path, 'its times were not kept (needs the koffi module)');
			return;
		}

		for (const attribute of metadata.attributes) {
			try {
				native.setAttribute(folder.rawAt(name), attribute.name, attribute.value);
			} catch (error) {
				this.#options.findings.problem(entry.path, `extended attribute ${attribute.name} was not kept (${(error as Error).message})`);
			}
		}

		native.setTimes(folder.rawAt(name), metadata.modifiedNs);
	}

	/** Content is equal and nobody else has a link to it: only its metadata is set, through its descriptor. */
	#setInPlace({entry, folder, metadata, facts}: {readonly entry: StoredEntry; readonly folder: Directory; readonly metadata: Metadata; readonly facts: LiveFacts}): void {
		if (entry.type !== 'file') {
			this.#makeSpecial({
				entry, folder, metadata, isReplacing: true,
			});
			this.#options.tally.done(entry, 'overwritten');
			return;
		}

		const fd = folder.openFile(entry.name, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);

		try {
			this.#applyTo(fd, {path: entry.path, metadata, expected: facts.stats});
		} finally {
			closeSync(fd);
		}

		this.#options.tally.done(entry, 'overwritten');
	}

	#applyTo(fd: number, {path, metadata, expected}: {readonly path: RawPath; readonly metadata: Metadata; readonly expected: BigIntStats | undefined}): void {
		const stats = statOf(fd);

		if (expected && (stats.ino !== expected.ino || stats.nlink !== expected.nlink)) {
			throw new Error('it was replaced meanwhile');
		}

		removeForeignAttributes(fd, metadata);

		for (const what of applyMetadata(fd, metadata)) {
			this.#options.findings.problem(path, `${what} was not kept`);
		}
	}

	#written(file: QueuedFile, exception: WriteException | undefined): void {
		if (exception?.error !== undefined) {
			this.#isFull ||= exception.reason === 'full';
			this.#isDamageMet ||= exception.reason === 'damaged';
			this.fail(file.entry, exception.reason === 'full' ? 'the disk is full' : exception.error);
			return;
		}

		this.#options.tally.done(file.entry, file.isReplacing ? 'overwritten' : 'created');

		for (const what of exception?.notKept ?? []) {
			this.#options.findings.problem(file.path, `${what} was not kept`);
		}

		this.#options.onProgress(file.path);
	}

	#makeLinks(): void {
		for (const {entry, firstPath, isReplacing} of this.#links) {
			try {
				this.#makeLink({entry, firstPath, isReplacing});
				this.#options.tally.done(entry, isReplacing ? 'overwritten' : 'created');
			} catch (error) {
				this.#failWith(entry, error);
			}
		}
	}

	#makeLink({entry, firstPath, isReplacing}: Link): void {
		const source = this.#options.live.open(folderOf(firstPath))?.hold();

		try {
			const folder = this.#options.live.open(folderOf(entry.path));

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
		for (const {path, metadata} of this.#folders.toReversed()) {
			this.#finishFolder(path, metadata);
		}

		for (const [path, modifiedNs] of [...this.#touchedParents].toReversed()) {
			const folder = this.#options.live.open(path);

			if (folder) {
				setTimes(folder.directory.fd, modifiedNs);
			}
		}
	}

	#finishFolder(path: RawPath, metadata: Metadata): void {
		const folder = this.#options.live.open(path);

		if (!folder) {
			this.#options.findings.problem(path, 'its owner, mode and times were not set: the folder is gone');
			return;
		}

		try {
			this.#applyTo(folder.directory.fd, {path, metadata, expected: undefined});
		} catch (error) {
			this.#options.findings.problem(path, `its owner, mode and times were not set (${(error as Error).message})`);
		}
	}

	#failWith(entry: StoredEntry, error: unknown): void {
		const {code, message} = error as NodeJS.ErrnoException;

		if (error instanceof TypeError || error instanceof RangeError) {
			throw error;
		}

		this.#isFull ||= code === 'ENOSPC' || code === 'EDQUOT';
		this.fail(entry, code === 'ENOSPC' ? 'the disk is full' : message);
	}

	async #startThreads(): Promise<readonly PackThread[]> {
		const {request, vault, index, options: {pool, abortFlag}} = this.#options;
		const threads = pool.take(request.threads);
		await Promise.all(threads.map(async thread => thread.call({
			type: 'beginWrite', run: this.#run, vaultFolder: request.vault.folder, rootKey: vault.rootKey, dataKeys: index.keyRing.all(), abortFlag: abortFlag.buffer,
		}, 'begun')));
		this.#threads = threads;

		return threads;
	}

	/** Data that could not be read from the vault was met. */
	get isDamageMet(): boolean {
		return this.#isDamageMet;
	}

	/** Whether `drive` must be awaited before more is added. */
	get isBusy(): boolean {
		return this.#queue.isFull;
	}

	async drive(): Promise<void> {
		await this.#queue.drive();
	}

	/** Does the entry's part now, or queues its content. What fails is named and counted, not thrown. */
	carryOut(work: EntryWork): void {
		if (this.#isFull) {
			this.fail(work.entry, 'the disk is full');
			return;
		}

		try {
			this.#carryOut(work);
		} catch (error) {
			this.#failWith(work.entry, error);
		}
	}

	/** Whether this restore made the folder, so that nothing needs to be looked for in it; answered once. */
	isNewFolder(path: RawPath): boolean {
		return this.#newFolders.delete(path);
	}

	/** A folder above what is chosen exists: it keeps its times. */
	touchParent(path: RawPath, folder: Directory): void {
		if (!this.#touchedParents.has(path)) {
			this.#touchedParents.set(path, folder.stat().mtimeNs);
		}
	}

	/** Waits for all content, then links, then folders; at the end all of it is on disk. */
	async finish(): Promise<void> {
		await this.#queue.settleAll();
		this.#makeLinks();
		this.#finishFolders();
		const root = this.#options.live.open('');

		if (native && root) {
			native.syncFileSystem(root.directory.fd);
		}
	}

	/** Lets go of everything after a failure. */
	async abandon(): Promise<void> {
		await this.#queue.abandon();
	}

	async close(): Promise<void> {
		await Promise.all(this.#threads.map(async thread => thread.call({type: 'finishWrite', run: this.#run}, 'finishedWrite')));
	}

	/** Makes a folder, or takes over the one that is there; its metadata comes last. */
	makeFolder({entry, folder, metadata, facts}: {readonly entry: StoredEntry; readonly folder: Directory; readonly metadata: Metadata; readonly facts: LiveFacts | undefined}): void {
		if (facts && !facts.stats.isDirectory()) {
			folder.remove(entry.name);
		}

		if (!facts?.stats.isDirectory()) {
			folder.makeFolder(entry.name, 0o700);
			this.#options.live.forgetMissing();
			this.#newFolders.add(entry.path);
		}

		this.#folders.push({path: entry.path, metadata});
		this.#options.tally.done(entry, facts ? 'overwritten' : 'created');
	}

	/** Counts and names an entry that is not restored. */
	fail(entry: StoredEntry, message: string): void {
		this.#options.tally.done(entry, 'failed');
		this.#options.findings.problem(entry.path, message);
	}
}
