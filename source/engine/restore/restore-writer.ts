/** Carries out what a restore decided: makes and replaces, queues file contents, links, and sets the metadata of folders last. */
import {closeSync, constants} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import {native} from '../../system/native.ts';
import {folderOf} from '../catalog/catalog-order.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import type {Findings} from '../base/findings.ts';
import type {HeldFolder} from '../base/held-folder.ts';
import {inShort} from '../base/thread-error.ts';
import type {Metadata, WriteException} from './file-restore.ts';
import type {LiveFolders} from './live-folders.ts';
import type {Decision, LiveFacts} from './restore-decision.ts';
import type {RestoreTally} from './restore-tally.ts';
import {makeHardLink, setMetadata} from './restore-target.ts';
import {RestoredFolders} from './restored-folders.ts';
import {makeSpecialFile, type SpecialFile} from './special-file.ts';
import {type QueuedFile, WriteQueue} from './write-queue.ts';
import {WriteThreads, type WriteThreadsOptions} from './write-threads.ts';

export type RestoreWriterOptions = WriteThreadsOptions & {
	readonly live: LiveFolders;
	readonly tally: RestoreTally;
	readonly findings: Findings;
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
	readonly #threads: WriteThreads;
	readonly #folders: RestoredFolders;
	readonly #links: Link[] = [];
	/** Folders that were made here and not visited yet: nothing is in them. */
	readonly #newFolders = new Set<RawPath>();
	#isFull = false;
	#isDamageMet = false;
	#isCutShort = false;

	constructor(options: RestoreWriterOptions) {
		this.#options = options;
		this.#threads = new WriteThreads(options);
		this.#folders = new RestoredFolders(options.live, options.findings);
		this.#queue = new WriteQueue({
			run: this.#threads.run,
			piecesOf: options.home.piecesOf,
			start: async () => this.#threads.start(),
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

	#nameLost(path: RawPath, notKept: readonly string[]): void {
		for (const what of notKept) {
			this.#options.findings.problem(path, `${what} was not kept`);
		}
	}

	#makeSpecial(special: SpecialFile): void {
		this.#nameLost(special.entry.path, makeSpecialFile(special));
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
			this.#nameLost(entry.path, setMetadata(fd, metadata, facts.stats));
		} finally {
			closeSync(fd);
		}

		this.#options.tally.done(entry, 'overwritten');
	}

	#written(file: QueuedFile, exception: WriteException | undefined): void {
		if (exception?.reason === 'aborted') {
			this.#isCutShort = true;
			return;
		}

		if (exception?.error !== undefined) {
			this.#isFull ||= exception.reason === 'full';
			this.#isDamageMet ||= exception.reason === 'damaged';
			this.fail(file.entry, exception.reason === 'full' ? 'the disk is full' : exception.error);
			return;
		}

		this.#options.tally.done(file.entry, file.isReplacing ? 'overwritten' : 'created');
		this.#nameLost(file.path, exception?.notKept ?? []);
		this.#options.onProgress(file.path);
	}

	#makeLinks(): void {
		if (this.#options.options.abortFlag.isRaised) {
			this.#isCutShort ||= this.#links.length > 0;
			return;
		}

		for (const {entry, firstPath, isReplacing} of this.#links) {
			try {
				makeHardLink(this.#options.live, {path: entry.path, firstPath, isReplacing});
				this.#options.tally.done(entry, isReplacing ? 'overwritten' : 'created');
			} catch (error) {
				this.#failWith(entry, error);
			}
		}
	}

	#failWith(entry: StoredEntry, error: unknown): void {
		const {code} = error as NodeJS.ErrnoException;

		if (error instanceof TypeError || error instanceof RangeError) {
			throw error;
		}

		this.#isFull ||= code === 'ENOSPC' || code === 'EDQUOT';
		this.fail(entry, code === 'ENOSPC' ? 'the disk is full' : inShort(error));
	}

	/** Data that could not be read from the vault was met. */
	get isDamageMet(): boolean {
		return this.#isDamageMet;
	}

	/** It was aborted before all that was handed in was done. */
	get isCutShort(): boolean {
		return this.#isCutShort;
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
			if (work.entry.path !== '') {
				this.#folders.touch(folderOf(work.entry.path), work.folder.directory);
			}

			this.#carryOut(work);
		} catch (error) {
			this.#failWith(work.entry, error);
		}
	}

	/** Whether this restore made the folder, so that nothing needs to be looked for in it; answered once. */
	isNewFolder(path: RawPath): boolean {
		return this.#newFolders.delete(path);
	}

	/** A folder that stays, though something in it changes, keeps its times. */
	touchParent(path: RawPath, folder: Directory): void {
		this.#folders.touch(path, folder);
	}

	/** Waits for all content, then links, then what `deleteRest` does, then folders; at the end all of it is on disk. */
	async finish(deleteRest: () => Promise<void>): Promise<void> {
		await this.#queue.settleAll();
		this.#makeLinks();
		await deleteRest();
		this.#folders.finish();
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
		await this.#threads.close();
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

		this.#folders.add(entry.path, metadata);
		this.#options.tally.done(entry, facts ? 'overwritten' : 'created');
	}

	/** Counts and names an entry that is not restored. */
	fail(entry: StoredEntry, message: string): void {
		this.#options.tally.done(entry, 'failed');
		this.#options.findings.problem(entry.path, message);
	}
}
