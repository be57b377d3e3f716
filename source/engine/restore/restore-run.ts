/**
One restore of one tree: the same walk over what is chosen plans (changing nothing) and does the work. Runs in the engine's thread. The target's owner may be hostile: only single names below
held folders are touched, links are never followed, and what exists is replaced beside-and-rename, never written into.
*/
import {Buffer} from 'node:buffer';
import type {Change} from '../../domain/change.ts';
import type {RestorePreview} from '../../domain/restore.ts';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {createSelector, type Selector} from '../../domain/selection.ts';
import {formatBytes} from '../../domain/units.ts';
import {UserError} from '../../errors.ts';
import type {Directory} from '../../system/directory.ts';
import {freeSpaceAt} from '../../system/free-space.ts';
import type {RunOptions} from '../run-options.ts';
import {FormatError} from '../base/bytes.ts';
import type {RestoreTreeRequest, RestoreTreeResult} from '../engine.ts';
import {nameOf} from '../catalog/catalog-order.ts';
import {isAbortion} from '../base/abort-flag.ts';
import {Findings} from '../base/findings.ts';
import {SealError} from '../base/keys.ts';
import {mendIndexUnlessBusy} from '../vault/vault-session.ts';
import {type OpenedVault, unlockVault} from '../vault/unlock-vault.ts';
import {EntryRestore} from './entry-restore.ts';
import {createMountTest, LiveReader, type MountTest} from './live-facts.ts';
import {LiveFolders} from './live-folders.ts';
import {
	decideDeletion,
	deleteLiveOnly,
	keepLiveOnly,
	passOver,
	type DeleteOptions,
	type MeetLiveOnly,
} from './live-only.ts';
import {RestoreTally} from './restore-tally.ts';
import {openTarget} from './restore-target.ts';
import {RestoreWalk, type RestoreWalkOptions} from './restore-walk.ts';
import {RestoreWriter} from './restore-writer.ts';
import {openStoredHome, type StoredHome, type StoredTree} from './stored-home.ts';

/** Changes nothing. */
export const previewRestore = async (request: RestoreTreeRequest, options: RunOptions): Promise<RestorePreview> => withRun(request, {options, isDryRun: true}, async run => run.preview());

export const runRestore = async (request: RestoreTreeRequest, options: RunOptions): Promise<RestoreTreeResult> => withRun(request, {options, isDryRun: false}, async run => run.restore());

/** How the live home differs from the backup. Changes nothing. */
export const diffLive = async (request: RestoreTreeRequest, options: RunOptions): Promise<readonly Change[]> => {
	const changes: Change[] = [];

	await withRun(request, {
		options,
		isDryRun: true,
		onChange(change) {
			changes.push(change);
		},
	}, async run => run.preview());

	return changes;
};

type RunSetting = {readonly options: RunOptions; readonly isDryRun: boolean; readonly onChange?: (change: Change) => void};

const withRun = async <Result>(request: RestoreTreeRequest, setting: RunSetting, work: (run: RestoreRun) => Promise<Result>): Promise<Result> => {
	const vault = unlockVault(request.vault);
	let run: RestoreRun | undefined;
	let broughtVault: OpenedVault | undefined;
	const homes: StoredHome[] = [];

	try {
		// A dry run holds no lock and mends nothing.
		if (!setting.isDryRun && request.isVaultLeftAlone !== true) {
			await mendIndexUnlessBusy(vault);
		}

		const home = await openStoredHome(request, vault, setting.isDryRun ? undefined : setting.options.abortFlag);
		homes.push(home);
		broughtVault = request.deletion?.type === 'broughtBy' ? unlockVault(request.deletion.vault) : undefined;
		const brought = broughtVault && await openBrought(request, broughtVault);
		homes.push(...brought ? [brought] : []);
		run = new RestoreRun({
			request, vault, home, brought: brought?.tree, ...setting,
		});
		return await work(run);
	} catch (error) {
		throw asDamaged(error, request.backupId);
	} finally {
		await run?.close();
		await Promise.all(homes.map(async home => home.close?.()));
		vault.storage.close();
		broughtVault?.storage.close();
	}
};

/** The backup whose restore is undone. */
const openBrought = async ({deletion, ...request}: RestoreTreeRequest, vault: OpenedVault): Promise<StoredHome | undefined> => deletion?.type === 'broughtBy' ? openStoredHome({...request, backupId: deletion.backupId, selection: deletion.selection}, vault, undefined) : undefined;

const asDamaged = (error: unknown, backupId: string): unknown => error instanceof FormatError || error instanceof SealError
	? new UserError(`Backup ${backupId} cannot be read: ${error.message}.`, {code: 'damaged', hint: 'Choose another backup; "holdfast backup list" shows them.', cause: error})
	: error;

/** What restores something that lies in no vault: `request.vault.folder` is where its archive lies. */
export type OpenedSource = {readonly request: RestoreTreeRequest; readonly home: StoredHome};

/** Restores what was opened before, into a folder. */
export const restoreOpened = async ({request, home}: OpenedSource, options: RunOptions): Promise<RestoreTreeResult> => {
	const run = new RestoreRun({
		request, vault: {rootKey: Buffer.alloc(0), openedKeys: [], folder: request.vault.folder}, home, brought: undefined, options, isDryRun: false,
	});

	try {
		return await run.restore();
	} finally {
		await run.close();
	}
};

type RestoreRunOptions = RunSetting & {readonly request: RestoreTreeRequest; readonly vault: Pick<OpenedVault, 'rootKey' | 'openedKeys' | 'folder'>; readonly home: StoredHome; readonly brought: StoredTree | undefined};

class RestoreRun {
	readonly #request: RestoreTreeRequest;
	readonly #options: RunOptions;
	readonly #home: StoredHome;
	readonly #selector: Selector;
	readonly #findings = new Findings();
	readonly #tally: RestoreTally;
	readonly #live: LiveFolders | undefined;
	/** `undefined` in a dry run. */
	readonly #writer: RestoreWriter | undefined;
	readonly #walk: RestoreWalk;
	/** Goes through the live side once more when all is restored, and deletes; `undefined` where nothing is deleted. */
	readonly #deletion: RestoreWalk | undefined;
	#isCutShort = false;

	constructor({request, vault, home, brought, options, isDryRun, onChange}: RestoreRunOptions) {
		this.#tally = new RestoreTally(onChange);
		this.#request = request;
		this.#options = options;
		this.#selector = createSelector(request.selection);
		this.#home = home;
		const root = openTarget(request, isDryRun);
		this.#live = root && new LiveFolders(root);
		const onProgress = (path: RawPath): void => {
			this.#report(path);
		};

		this.#writer = isDryRun
			? undefined
			: new RestoreWriter({
				request, vault, home, live: this.#live!, tally: this.#tally, findings: this.#findings, options, onProgress,
			});
		const place = {target: request.target, device: root?.stat().dev ?? 0n};
		const isMount = createMountTest(place);
		const walk: Omit<RestoreWalkOptions, 'entries' | 'meetLiveOnly' | 'writer'> = {
			request, catalog: home.tree, selector: this.#selector, live: this.#live, tally: this.#tally, abortFlag: options.abortFlag, onProgress,
		};
		const deletion: DeleteOptions | undefined = request.deletion && {tally: this.#tally, isMount, reasonToStay: decideDeletion(request.deletion, home.unheld, brought)};
		const meet = meetWhileRestoring(this.#tally, deletion, isDryRun);
		const foreignPaths = request.foreignPaths ?? [];
		const liveReader = new LiveReader({...place, isMerge: request.isMerge, scan: home.scan});
		this.#walk = new RestoreWalk({
			...walk,
			writer: this.#writer,
			entries: new EntryRestore({
				request, liveReader, tally: this.#tally, writer: this.#writer,
			}),
			meetLiveOnly: meet && passOver(foreignPaths, meet),
		});
		this.#deletion = deletion && !isDryRun
			? new RestoreWalk({
				...walk,
				writer: undefined,
				entries: {restore: (entry, folder) => isLiveFolder(entry.path, folder?.directory, isMount)},
				meetLiveOnly: passOver(foreignPaths, deleteLiveOnly({
					...deletion,
					touch: (path, folder) => {
						this.#writer!.touchParent(path, folder);
					},
					fail: (path, message) => {
						this.#findings.problem(path, message);
					},
				})),
			})
			: undefined;
	}

	/** What is chosen fits at most as new; where that is more than is free, an exact plan decides. */
	async #checkSpace(): Promise<void> {
		const {bytes: free} = freeSpaceAt(this.#request.target);

		if (this.#home.sizeBytes <= free) {
			return;
		}

		const plan = await previewRestore(this.#request, {
			...this.#options, onProgress() {
			// The plan's progress is not the restore's.
			},
		});

		if (plan.spaceNeededBytes > free) {
			throw new UserError(`The restore needs ${formatBytes(plan.spaceNeededBytes)}, and only ${formatBytes(free)} are free at ${toScreen(this.#request.target)}. Nothing was changed.`, {
				code: 'failed',
				hint: 'Free space there, choose fewer files, or restore to another folder with --to.',
			});
		}
	}

	async #deleteRest(): Promise<void> {
		this.#isCutShort ||= this.#writer!.isCutShort;

		if (this.#deletion === undefined || this.#isCutShort) {
			return;
		}

		if (this.#findings.problemCount > 0) {
			this.#findings.note('', 'what is live alone was not deleted, because not everything came back');
			return;
		}

		this.#live!.forgetMissing();
		await this.#unlessAborted(async () => this.#deletion!.run());
	}

	/** What was begun is brought to an end all the same, so that nothing half done is left under its name. */
	async #unlessAborted(work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			if (!isAbortion(error)) {
				throw error;
			}

			this.#isCutShort = true;
		}
	}

	#countWithheld(): void {
		const {withheld} = this.#request;
		const selector = withheld && createSelector(withheld);

		for (const root of selector?.roots ?? []) {
			for (const entry of this.#home.tree.walk(root)) {
				this.#options.abortFlag.check();

				if (selector!.isSelected(entry.path)) {
					this.#tally.withhold(entry);
				}
			}
		}
	}

	#report(currentPath: RawPath | null): void {
		const isWhole = this.#request.withheld === undefined && this.#selector.roots[0] === '' && this.#selector.isWhole('');

		this.#options.onProgress({
			...this.#tally.progress(),
			bytesTotal: isWhole ? this.#home.sizeBytes : null,
			filesTotal: isWhole ? this.#home.fileCount : null,
			currentPath,
		});
	}

	async preview(): Promise<RestorePreview> {
		await this.#walk.run();
		this.#countWithheld();

		return this.#tally.preview();
	}

	async restore(): Promise<RestoreTreeResult> {
		await this.#checkSpace();

		try {
			await this.#unlessAborted(async () => {
				await this.#walk.run();
				this.#countWithheld();
			});
			await this.#writer!.finish(async () => this.#deleteRest());
		} catch (error) {
			await this.#writer!.abandon();
			throw error;
		}

		const status = this.#findings.problemCount === 0 ? 'complete' : 'partial';

		return {
			status: this.#isCutShort || this.#writer!.isCutShort ? 'aborted' : status,
			summary: this.#tally.summary(),
			denied: this.#tally.denied,
			findings: this.#findings.list(),
			problemCount: this.#findings.problemCount,
			isDamageMet: this.#writer!.isDamageMet,
		};
	}

	async close(): Promise<void> {
		this.#live?.close();
		await this.#writer?.close();
	}
}

/** What is deleted goes when all else is done. */
const meetWhileRestoring = (tally: RestoreTally, deletion: DeleteOptions | undefined, isDryRun: boolean): MeetLiveOnly | undefined => {
	if (deletion === undefined) {
		return keepLiveOnly(tally);
	}

	return isDryRun ? deleteLiveOnly(deletion) : undefined;
};

const isLiveFolder = (path: RawPath, parent: Directory | undefined, isMount: MountTest): boolean => {
	const stats = path === '' ? undefined : parent?.tryLstat(nameOf(path));

	return path === '' || (stats?.isDirectory() === true && !isMount(path, stats));
};
