/** One backup, from the first look to the manifest that makes it one: the home, then what was gathered of the other items, each tree by itself. Runs in the engine's thread. */
import type {ItemName} from '../../domain/item.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {Directory} from '../../system/directory.ts';
import {archiveFolder} from '../storage/archive-name.ts';
import {
	type BackedUpTree,
	findingsOf,
	itemOfGathered,
	itemOfHome,
	manifestOf,
} from '../catalog/backup-manifest.ts';
import {BlockError} from '../segments/block-reader.ts';
import type {
	BackupTreeRequest,
	BackupTreeResult,
	VaultLocation,
} from '../engine.ts';
import {Findings} from '../base/findings.ts';
import {forgetBlocks} from '../vault/forget-blocks.ts';
import type {LostBlock} from '../segments/losses.ts';
import {
	encodeManifest,
	itemResultsOf,
	type Manifest,
	type ManifestItem,
	manifestName,
} from '../catalog/manifest.ts';
import {runArchive} from '../tar/archive-run.ts';
import {VaultSession} from '../vault/vault-session.ts';
import type {RunOptions} from '../run-options.ts';
import {workAlone} from '../vault/vault-turns.ts';
import {unlockVault} from '../vault/unlock-vault.ts';
import {captureTree} from './tree-capture.ts';
import {ScanCacheWriter} from './scan-cache.ts';
import {openPrevious, type OpenedPrevious} from './open-previous.ts';
import {openHome} from './backup-source.ts';
import {BackupProgress} from './backup-progress.ts';

/** One tree that is to be stored. */
export type TreeRun = {
	readonly item: ItemName;
	readonly request: BackupTreeRequest;
	readonly root: Directory;
	readonly session: VaultSession;
	readonly options: RunOptions;
	readonly progress: BackupProgress;
	readonly findings: Findings;
};

/** Each finds one more damaged block of the previous backup's catalog. */
const mostAttempts = 5;

/** Where the previous backup turns out to be damaged, the damaged block leaves the index and the run begins anew: what it held must not be taken for stored. */
export const runBackup = async (request: BackupTreeRequest, options: RunOptions): Promise<BackupTreeResult> => {
	for (let attempt = 1; ; attempt++) {
		try {
			return await runOnce(request, options);
		} catch (error) {
			if (attempt === mostAttempts || !(error instanceof BlockError)) {
				throw error;
			}

			await loseBlock(request.vault, error.block);
		}
	}
};

const loseBlock = async (location: VaultLocation, block: LostBlock): Promise<void> => {
	const vault = unlockVault(location);

	try {
		await workAlone(vault.id, async () => forgetBlocks(vault, [block]));
	} finally {
		vault.storage.close();
	}
};

const runOnce = async (request: BackupTreeRequest, options: RunOptions): Promise<BackupTreeResult> => {
	const vault = unlockVault(request.vault);
	const home = request.isHomeTaken === false ? undefined : openHome(request.root);
	const session = await VaultSession.begin(vault, {
		...options, threads: request.threads, device: home?.stat().dev ?? 0n, uid: request.uid,
	});

	try {
		return await new BackupRun({request, session, options}).run(home);
	} catch (error) {
		removeArchives(request, session);
		await session.abort();
		throw error;
	} finally {
		vault.storage.close();
	}
};

/** An archive without a manifest is a leftover, and a manifest must never be without its archives. */
const removeArchives = (request: BackupTreeRequest, {storage}: VaultSession): void => {
	if (!isArchived(request)) {
		return;
	}

	storage.delete(manifestName(request));

	for (const {name} of storage.list(archiveFolder(request))) {
		storage.delete(name);
	}
};

const isArchived = ({structure}: BackupTreeRequest): boolean => structure !== undefined && structure !== 'incremental';

type BackupRunOptions = {readonly request: BackupTreeRequest; readonly session: VaultSession; readonly options: RunOptions};

class BackupRun {
	readonly #request: BackupTreeRequest;
	readonly #session: VaultSession;
	readonly #options: RunOptions;
	readonly #isArchived: boolean;
	readonly #homeFindings = new Findings();
	readonly #previous: OpenedPrevious;
	readonly #progress: BackupProgress;
	/** Of the home's scan; made with the first entry. */
	#cache: ScanCacheWriter | undefined;
	#problemCount = 0;

	constructor({request, session, options}: BackupRunOptions) {
		this.#request = request;
		this.#session = session;
		this.#options = options;
		this.#isArchived = isArchived(request);
		this.#previous = this.#isArchived ? {scan: undefined, manifest: undefined} : openPrevious({request, session, findings: this.#homeFindings});

		for (const folder of request.homeGaps?.incompleteFolders ?? []) {
			this.#homeFindings.incomplete(folder);
		}

		if (typeof request.homeGaps?.problem === 'string') {
			this.#homeFindings.problem('', request.homeGaps.problem);
		}

		this.#progress = new BackupProgress(this.#previous.manifest, options.onProgress);
	}

	async #storeTree(tree: Pick<TreeRun, 'item' | 'request' | 'root' | 'findings' | 'progress'>): Promise<BackedUpTree> {
		const run: TreeRun = {...tree, session: this.#session, options: this.#options};

		const isHome = tree.item === 'homedir';
		const memory = isHome ? {previous: this.#previous.scan, cache: this.#cache} : {previous: undefined, cache: undefined};
		const stored = await (this.#isArchived ? runArchive(run) : captureTree(run, memory));
		this.#problemCount += stored.findings.problemCount;

		return stored;
	}

	async #storeHome(root: Directory): Promise<ManifestItem> {
		const {cacheFolder, accountUuid, backupId} = this.#request;

		if (!this.#isArchived && this.#request.isCacheKept !== true) {
			this.#cache = new ScanCacheWriter(cacheFolder, `${this.#session.vaultId}-${accountUuid}`, {backupId, startedNs: BigInt(Date.now()) * 1_000_000n});
		}

		return itemOfHome(await this.#storeTree({
			item: 'homedir', request: this.#request, root, findings: this.#homeFindings, progress: this.#progress,
		}));
	}

	/** The walk closes it. */
	async #openGathered(folder: RawPath): Promise<Directory> {
		const root = Directory.open(folder);

		try {
			await this.#session.enter(root.stat().dev);

			return root;
		} catch (error) {
			root.close();
			throw error;
		}
	}

	/** One after the other, in the order they came in. */
	async #storeGathered(): Promise<readonly ManifestItem[]> {
		const stored: ManifestItem[] = [];

		for (const gathered of this.#request.items ?? []) {
			this.#problemCount += gathered.findings.filter(({level}) => level === 'problem').length;

			if (gathered.folder === null) {
				stored.push(itemOfGathered(gathered, undefined));
				continue;
			}

			const root = await this.#openGathered(gathered.folder);
			const tree = await this.#storeTree({
				item: gathered.name,
				request: {
					...this.#request, root: gathered.folder, excludes: [], onlyPaths: undefined, items: undefined,
				},
				root,
				findings: new Findings(),
				progress: gathered.isOfFiles ? this.#progress : new BackupProgress(undefined, () => undefined),
			});
			stored.push(itemOfGathered(gathered, tree));
		}

		return stored;
	}

	async #commit(items: readonly ManifestItem[]): Promise<BackupTreeResult> {
		this.#options.abortFlag.check();
		const manifest = manifestOf(this.#request, {items, packs: await this.#session.finish(), losses: this.#session.losses});
		const sealed = encodeManifest(manifest, this.#session);
		const written = await this.#session.commit(manifestName(this.#request), sealed);
		this.#cache?.commit();
		this.#progress.report(null);

		return {...resultOf(manifest, written), problemCount: this.#problemCount};
	}

	async run(home: Directory | undefined): Promise<BackupTreeResult> {
		try {
			const items = home ? [await this.#storeHome(home)] : [];

			return await this.#commit([...items, ...await this.#storeGathered()]);
		} catch (error) {
			this.#cache?.abort();
			throw error;
		}
	}
}

const resultOf = (manifest: Manifest, manifestBytes: number): Omit<BackupTreeResult, 'problemCount'> => ({
	status: manifest.status === 'complete' ? 'complete' : 'partial',
	sizeBytes: manifest.sizeBytes,
	storedBytes: manifest.storedBytes + manifestBytes,
	fileCount: manifest.fileCount,
	items: itemResultsOf(manifest),
	findings: findingsOf(manifest),
});
