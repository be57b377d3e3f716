import type {RunOptions} from '../run-options.ts';
import type {RestoreTreeRequest} from '../engine.ts';
import type {PackThread} from '../pack-pool.ts';
import type {OpenedVault} from '../vault/unlock-vault.ts';
import type {StoredHome} from './stored-home.ts';

/** Tells the runs of restores from those of backups, which count from one. */
let lastRun = 1_000_000;

export type WriteThreadsOptions = {
	readonly request: RestoreTreeRequest;
	readonly vault: Pick<OpenedVault, 'rootKey' | 'openedKeys' | 'folder'>;
	readonly home: StoredHome;
	readonly options: RunOptions;
};

/** The pack threads of one restore. */
export class WriteThreads {
	readonly #options: WriteThreadsOptions;
	#threads: readonly PackThread[] = [];
	readonly run = ++lastRun;

	constructor(options: WriteThreadsOptions) {
		this.#options = options;
	}

	async start(): Promise<readonly PackThread[]> {
		const {request, vault, home, options: {pool, abortFlag}} = this.#options;
		const threads = pool.take(request.threads);
		await Promise.all(threads.map(async thread => thread.call({
			type: 'beginWrite', run: this.run, vaultFolder: vault.folder, rootKey: vault.rootKey, openedKeys: vault.openedKeys, dataKeys: home.dataKeys, archive: home.archive, abortFlag: abortFlag.buffer,
		}, 'begun')));
		this.#threads = threads;

		return threads;
	}

	async close(): Promise<void> {
		await Promise.all(this.#threads.map(async thread => thread.call({type: 'finishWrite', run: this.run}, 'finishedWrite')));
	}
}
