/** One tree into one plain archive. Its walk, and what it says of what it meets, are those of an incremental backup. */
import {join} from 'node:path';
import {openStaging} from '../../system/staging.ts';
import {archiveName} from '../storage/archive-name.ts';
import type {BackedUpTree} from '../catalog/backup-manifest.ts';
import {sealArchive, sealedName} from '../catalog/sealed-archive.ts';
import type {TreeRun} from '../backup/backup-run.ts';
import type {PackThread} from '../pack-pool.ts';
import {TreeScan} from '../backup/tree-scan.ts';
import {LocalStorage} from '../storage/local-storage.ts';
import {ArchiveQueue} from './archive-queue.ts';
import {ArchiveWriter} from './archive-writer.ts';
import {makeMember} from './gzip-members.ts';
import type {ArchiveSlots} from './large-file.ts';
import {RemoteHash} from './section-hash.ts';
import {createSlots} from './slot.ts';
import {endOfArchive} from './tar-header.ts';

/** More threads than this only cost memory: one of them hashes. */
const maxThreads = 8;
/** Batches of a thread that are read ahead of their turn: compressing takes longer than writing, and its slots are twice as large. */
const slotsPerThread = {plain: 3, compressed: 2};

/** The archive becomes durable under its name; the manifest that makes it part of a backup is written after it. */
export const runArchive = async (run: TreeRun): Promise<BackedUpTree> => {
	const {item, request, session, options: {pool}} = run;
	const name = archiveName(request, item, request.structure!);
	const threads = pool.take(Math.min(request.threads, maxThreads));
	const isCompressed = request.structure === 'compressed';
	const batchSlots = threads.length * slotsPerThread[isCompressed ? 'compressed' : 'plain'];
	const slots = createSlots(batchSlots + threads.length + 1, isCompressed);
	const staging = session.archiveSeal && await openStaging(request.cacheFolder);
	const plainName = name.slice(name.lastIndexOf('/') + 1);
	const hash = new RemoteHash(threads.at(-1)!, session.run, slots);
	const writer = await ArchiveWriter.open(staging ? new LocalStorage(staging.folder).create(plainName) : session.storage.create(name), hash);

	try {
		await Promise.all(threads.map(async thread => thread.call({
			type: 'beginArchive', run: session.run, isCompressed, device: session.device, uid: request.uid, slots: slots.map(({memory}) => memory),
		}, 'begun')));

		const tree = await new ArchiveRun({
			...run, name, threads, slots: {batches: slots.slice(0, batchSlots), ranges: slots.slice(batchSlots)}, writer, isCompressed,
		}).run();

		return staging ? await seal(run, tree, join(staging.folder, plainName)) : tree;
	} catch (error) {
		writer.abort();
		throw error;
	} finally {
		await staging?.remove();
		await Promise.all(threads.map(async thread => thread.call({type: 'endArchive', run: session.run}, 'endedArchive')));
	}
};

/** Puts the plain archive at `path` where it belongs, sealed. */
const seal = async ({session, options: {abortFlag}}: TreeRun, tree: BackedUpTree, path: string): Promise<BackedUpTree> => {
	const {name, sizeBytes, sha256} = tree.archive!;
	const sealed = await sealArchive(path, {
		seal: session.archiveSeal!, storage: session.storage, name: sealedName(name), flag: abortFlag,
	});

	return {...tree, archive: {...sealed, plain: {sizeBytes, sha256}}};
};

type ArchiveRunOptions = TreeRun & {
	readonly name: string;
	readonly threads: readonly PackThread[];
	readonly slots: ArchiveSlots;
	readonly writer: ArchiveWriter;
	readonly isCompressed: boolean;
};

class ArchiveRun {
	readonly #options: ArchiveRunOptions;
	#queue!: ArchiveQueue;
	readonly #scan: TreeScan;

	constructor(options: ArchiveRunOptions) {
		const {request, session, root, findings, progress, options: {pool, abortFlag}, threads, slots, writer, isCompressed} = options;
		this.#options = options;
		this.#scan = new TreeScan({
			request,
			root,
			device: session.device,
			previous: undefined,
			findings,
			progress,
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
					onFile() {
						progress.addFile();
					},
					onBytes(bytes) {
						progress.addBytes(bytes);
						progress.report(null);
					},
				});

				return this.#queue;
			},
		});
	}

	async #finish(): Promise<BackedUpTree> {
		const {writer, name, isCompressed, findings, options: {abortFlag}} = this.#options;
		const {fileCount, sizeBytes} = this.#queue;
		await writer.append(isCompressed ? makeMember(endOfArchive) : endOfArchive);
		abortFlag.check();

		return {
			catalog: null, archive: {name, ...await writer.finish()}, sizeBytes, fileCount, findings,
		};
	}

	async run(): Promise<BackedUpTree> {
		try {
			await this.#scan.run();

			return await this.#finish();
		} catch (error) {
			await this.#scan.abandon();
			throw error;
		}
	}
}
