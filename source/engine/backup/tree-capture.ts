/** Stores one tree in packs: its content, and the catalog of its entries. */
import type {BackedUpTree} from '../catalog/backup-manifest.ts';
import type {TreeRun} from './backup-run.ts';
import {CaptureQueue} from './capture-queue.ts';
import {CatalogWriter} from './catalog-writer.ts';
import type {PreviousScan} from './previous-scan.ts';
import type {ScanCacheWriter} from './scan-cache.ts';
import {TreeScan} from './tree-scan.ts';

/** What makes a second look cheap. */
export type ScanMemory = {readonly previous: PreviousScan | undefined; readonly cache: ScanCacheWriter | undefined};

export const captureTree = async ({request, root, session, options, progress, findings}: TreeRun, {previous, cache}: ScanMemory): Promise<BackedUpTree> => {
	const catalog = new CatalogWriter({previous, cache, store: bytes => session.storeMetadata(bytes)});
	const scan = new TreeScan({
		request,
		root,
		device: session.device,
		previous,
		findings,
		progress,
		pool: options.pool,
		abortFlag: options.abortFlag,
		createQueue: settle => new CaptureQueue({
			run: session.run,
			start: async () => session.startThreads(),
			settle,
			emit(item) {
				catalog.add(item);
			},
			onBytes(bytes) {
				progress.addBytes(bytes);
				progress.report(null);
			},
		}),
		checkpoint: async settleAll => session.checkpointIfFull(settleAll),
	});

	try {
		await scan.run();
		const {table, entryCount, fileCount, sizeBytes} = catalog.finish();

		return {
			catalog: {table, entryCount}, archive: null, sizeBytes, fileCount, findings,
		};
	} catch (error) {
		await scan.abandon();
		throw error;
	}
};
