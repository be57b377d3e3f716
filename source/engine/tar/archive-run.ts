/** One backup of one tree into one plain archive. Its walk, and what it says of what it meets, are those of an incremental backup. */
import {archiveName} from '../archive-name.ts';
import {manifestOf} from '../backup-manifest.ts';
import {BackupProgress} from '../backup-progress.ts';
import type {BackupRunOptions} from '../backup-run.ts';
import type {BackupTreeResult} from '../engine.ts';
import {Findings} from '../findings.ts';
import {encodeManifest, manifestName} from '../manifest.ts';
import type {PackThread} from '../pack-pool.ts';
import {TreeScan} from '../tree-scan.ts';
import {ArchiveQueue} from './archive-queue.ts';
import {ArchiveWriter} from './archive-writer.ts';
import {makeMember} from './gzip-members.ts';
import type {ArchiveSlots} from './large-file.ts';
import {createSlots} from './slot.ts';
import {endOfArchive} from './tar-header.ts';

/** More threads than this only cost memory: one of them hashes. */
const maxThreads = 8;
/** Batches that are read ahead of their turn. */
const slotsPerThread = 3;

/** The archive becomes durable under its name first, then the manifest that makes it a backup. */
export const runArchive = async (run: BackupRunOptions): Promise<BackupTreeResult> => {
	const {request, session, options: {pool}} = run;
	const name = archiveName(request, 'homedir', request.structure!);
	const threads = pool.take(Math.min(request.threads, maxThreads));
	const isCompressed = request.structure === 'compressed';
	const slots = createSlots((threads.length * (slotsPerThread + 1)) + 1, isCompressed);
	const writer = await ArchiveWriter.open(session.storage.create(name));

	try {
		await Promise.all(threads.map(async thread => thread.call({
			type: 'beginArchive', run: session.run, isCompressed, device: session.device, uid: request.uid, slots: slots.map(({memory}) => memory),
		}, 'begun')));

		return await new ArchiveRun({
			...run, name, threads, slots: {batches: slots.slice(0, threads.length * slotsPerThread), ranges: slots.slice(threads.length * slotsPerThread)}, writer, isCompressed,
		}).run();
	} catch (error) {
		writer.abort();
		session.storage.delete(manifestName(request));
		session.storage.delete(name);
		throw error;
	} finally {
		await Promise.all(threads.map(async thread => thread.call({type: 'endArchive', run: session.run}, 'endedArchive')));
	}
};

type ArchiveRunOptions = BackupRunOptions & {
	readonly name: string;
	readonly threads: readonly PackThread[];
	readonly slots: ArchiveSlots;
	readonly writer: ArchiveWriter;
	readonly isCompressed: boolean;
};

class ArchiveRun {
	readonly #options: ArchiveRunOptions;
	readonly #findings = new Findings();
	readonly #progress: BackupProgress;
	#queue!: ArchiveQueue;
	readonly #scan: TreeScan;

	constructor(options: ArchiveRunOptions) {
		const {request, session, root, options: {pool, abortFlag, onProgress}, threads, slots, writer, isCompressed} = options;
		this.#options = options;
		this.#progress = new BackupProgress(undefined, onProgress);
		this.#scan = new TreeScan({
			request,
			root,
			device: session.device,
			previous: undefined,
			findings: this.#findings,
			progress: this.#progress,
			pool,
			abortFlag,
			createQueue: settle => {
				this.#queue = new ArchiveQueue({
					run: session.run,
					isCompressed,
					threads,
					slots,
					writer,
					bounds: {device: session.device, uid: request.uid},
					flag: abortFlag,
					settle,
					onFile: () => {
						this.#progress.addFile();
					},
					onBytes: bytes => {
						this.#progress.addBytes(bytes);
						this.#progress.report(null);
					},
				});

				return this.#queue;
			},
		});
	}

	async #commit(): Promise<BackupTreeResult> {
		const {request, session, writer, name, isCompressed, options: {abortFlag}} = this.#options;
		const {fileCount, sizeBytes} = this.#queue;
		await writer.append(isCompressed ? makeMember(endOfArchive) : endOfArchive);
		abortFlag.check();
		const archive = {name, ...await writer.finish()};
		const manifest = manifestOf(request, {
			catalog: null, archive, sizeBytes, fileCount, packs: await session.finish(), findings: this.#findings, losses: session.losses,
		});
		const sealed = encodeManifest(manifest, {rootKey: session.rootKey, vaultId: request.vault.id});
		const written = await session.commit(manifestName(request), sealed);
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
			throw error;
		}
	}
}
