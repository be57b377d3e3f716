/** One package: chosen parts of a backup in one archive that any tar opens. Runs in the engine's thread; every byte is checked before it is written. */
import {dirname} from 'node:path';
import type {RawPath} from '../../domain/raw-name.ts';
import {createSelector, type Selector} from '../../domain/selection.ts';
import {UserError} from '../../errors.ts';
import {Findings} from '../base/findings.ts';
import {compareNames} from '../catalog/catalog-order.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import {readManifest} from '../catalog/manifest.ts';
import type {
	PackedItem,
	PackageRequest,
	PackageResult,
	PackedTree,
} from '../engine.ts';
import {openStoredHome, type StoredHome} from '../restore/stored-home.ts';
import type {RunOptions} from '../run-options.ts';
import {StorageError} from '../storage/storage.ts';
import {isDamage} from '../storage/storage-failure.ts';
import {FolderOrder} from '../tar/folder-order.ts';
import type {TarEntry} from '../tar/tar-entry.ts';
import {mendIndexUnlessBusy} from '../vault/vault-session.ts';
import {unlockVault, type OpenedVault} from '../vault/unlock-vault.ts';
import {isAncestorOfAny, prefixed} from './package-paths.ts';
import {encodeFacts, factsName} from './package-facts.ts';
import {openSink, type PackageSink} from './package-sink.ts';
import {PackageWriter} from './package-writer.ts';
import {StoredContent} from './stored-content.ts';

/** Files up to this size are read whole before anything of them is written; larger ones are read twice. */
const largeFile = 8 << 20;

/** Throws as the engine does; then nothing of the package is left. */
export const runPackage = async (request: PackageRequest, options: RunOptions): Promise<PackageResult> => {
	const vault = unlockVault(request.vault);
	let sink: PackageSink | undefined;
	let run: PackageRun | undefined;

	try {
		await mendIndexUnlessBusy(vault);
		sink = await openSink(request.file, request.recipient);

		run = new PackageRun({
			request, vault, options, writer: new PackageWriter(sink),
		});

		return await run.run();
	} catch (error) {
		sink?.abort();
		throw asFull(error, request);
	} finally {
		await run?.close();
		vault.storage.close();
	}
};

const asFull = (error: unknown, {file}: PackageRequest): unknown => error instanceof StorageError
	? new UserError(`The package cannot be written into ${dirname(file)}: ${error.systemCode === 'ENOSPC' || error.systemCode === 'EDQUOT' ? 'no space is left there' : error.message}. Nothing of it was kept.`, {
		code: 'failed', hint: 'Make room there, or have downloads lie elsewhere with "holdfast setting set downloads.dir".', cause: error,
	})
	: error;

type PackageRunOptions = {readonly request: PackageRequest; readonly vault: OpenedVault; readonly options: RunOptions; readonly writer: PackageWriter};

type OpenedTree = {
	readonly tree: PackedTree;
	readonly walk: () => Iterable<StoredEntry>;
	readonly root: StoredEntry;
	readonly content: StoredContent;
};

type Counts = {sizeBytes: number; fileCount: number; problemCount: number; isDamageMet: boolean; readonly denied: {count: number; bytes: number}};

class PackageRun {
	readonly #options: PackageRunOptions;
	readonly #findings = new Findings();
	readonly #items: PackedItem[] = [];
	readonly #homes: StoredHome[] = [];
	#bytesDone = 0;
	#filesDone = 0;

	constructor(options: PackageRunOptions) {
		this.#options = options;
	}

	/** One that cannot be opened keeps none of the others from the package. */
	async #open(tree: PackedTree): Promise<OpenedTree | undefined> {
		const {request, vault, options: {abortFlag}} = this.#options;

		try {
			const home = await openStoredHome({
				...request, item: tree.item, selection: tree.selection, target: '/', isOriginal: false, account: {uid: 0, gid: 0}, isMerge: false,
			}, vault, abortFlag);
			this.#homes.push(home);

			return {
				tree, walk: () => home.tree.walk(''), root: home.tree.find('')!, content: new StoredContent(home, vault),
			};
		} catch (error) {
			if (!isDamage(error)) {
				throw error;
			}

			this.#findings.problem('', `${tree.item}: ${error.message}`);
			this.#items.push({
				name: tree.item, status: 'failed', sizeBytes: 0, fileCount: 0, denied: {count: 0, bytes: 0}, isDamageMet: true,
			});

			return undefined;
		}
	}

	async #writeFacts(): Promise<void> {
		const {request, vault, writer} = this.#options;
		const manifest = readManifest(vault.storage, vault.rootKey, {vaultId: vault.id, ...request});
		const facts = encodeFacts(manifest, request);
		const modifiedNs = BigInt(Date.parse(request.createdAt)) * 1_000_000n;
		const entry: TarEntry = {
			path: '', name: '', type: 'directory', sizeBytes: 0, mode: 0o700, uid: 0, gid: 0, modifiedNs, linkTarget: null, device: 0n, attributes: [], holes: [], isLinked: false, hardLinkOf: undefined,
		};
		const file: TarEntry = {
			...entry, path: factsName, name: factsName, type: 'file', sizeBytes: facts.length, mode: 0o600,
		};
		await writer.begin(entry);
		await writer.begin(file);
		await writer.write(facts);
		await writer.pad(file);
		// A member of its own: whoever asks what a package is needs not open the rest.
		await writer.flush();
	}

	async #writeContent(entry: StoredEntry, content: StoredContent): Promise<void> {
		const {writer, options: {abortFlag}} = this.#options;

		for (const piece of content.read(entry)) {
			abortFlag.check();
			await (piece.type === 'zeros' ? writer.writeZeros(piece.length) : writer.write(piece.bytes));
		}
	}

	/** Nothing of a file is written unless all of it can be read. */
	async #writeFile(entry: TarEntry, stored: StoredEntry, content: StoredContent): Promise<void> {
		const {writer} = this.#options;

		if (stored.sizeBytes <= largeFile) {
			const bytes = [...content.read(stored)].map(piece => piece.type === 'bytes' ? Uint8Array.from(piece.bytes) : new Uint8Array(piece.length));
			await writer.begin(entry);

			for (const part of bytes) {
				await writer.write(part);
			}
		} else {
			await this.#check(stored, content);
			await writer.begin(entry);
			await this.#writeContent(stored, content).catch((error: unknown) => {
				throw isDamage(error) ? new UserError(`Backup ${this.#options.request.backupId} was damaged while it was read: ${error.message}.`, {code: 'damaged', hint: 'Run the task again.', cause: error}) : error;
			});
		}

		await writer.pad(entry);
	}

	async #check(stored: StoredEntry, content: StoredContent): Promise<void> {
		let pieces = 0;

		for (const _ of content.read(stored)) {
			this.#options.options.abortFlag.check();
			pieces++;

			// Others get their turn.
			if (pieces % 64 === 0) {
				await new Promise(resolve => {
					setImmediate(resolve);
				});
			}
		}
	}

	#report(currentPath: RawPath | null): void {
		this.#options.options.onProgress({
			bytesDone: this.#bytesDone, bytesTotal: null, filesDone: this.#filesDone, filesTotal: null, currentPath,
		});
	}

	async #writeTree(opened: OpenedTree, order: FolderOrder, folders: StoredEntry[]): Promise<PackedItem> {
		const {tree: {item, selection, withheld}} = opened;
		const selector = createSelector(selection);
		const isWithheld = withheld && createSelector(withheld).isSelected;
		const counts: Counts = {
			sizeBytes: 0, fileCount: 0, problemCount: 0, isDamageMet: false, denied: {count: 0, bytes: 0},
		};
		const firsts = new Map<string, RawPath>();
		const missing = new Set(selector.roots);

		for (const entry of opened.walk()) {
			this.#options.options.abortFlag.check();
			missing.delete(entry.path);

			if (isWithheld?.(entry.path) === true) {
				counts.denied.count++;
				counts.denied.bytes += entry.sizeBytes;
			}

			if (!isPacked(entry, selector)) {
				continue;
			}

			if (entry.type === 'directory') {
				if (entry.path !== '') {
					order.add(prefixed(entry, item));
				}
			} else {
				order.enter(prefixed(entry, item).path.slice(0, -entry.name.length - 1));
				await this.#writeFolders(folders);
				await this.#writeEntry(entry, opened, {counts, firsts});
			}
		}

		if (withheld === undefined && missing.size > 0) {
			throw new UserError(`Backup ${this.#options.request.backupId} does not hold all that was chosen of ${item}.`, {code: 'notFound', hint: 'See what it holds with "holdfast backup show" and "holdfast backup files".'});
		}

		return {
			name: item, status: counts.problemCount === 0 ? 'complete' : 'partial', sizeBytes: counts.sizeBytes, fileCount: counts.fileCount, denied: counts.denied, isDamageMet: counts.isDamageMet,
		};
	}

	async #writeFolders(folders: StoredEntry[]): Promise<void> {
		for (const folder of folders.splice(0)) {
			await this.#options.writer.begin({
				...folder, holes: [], isLinked: false, hardLinkOf: undefined,
			});
		}
	}

	async #writeEntry(stored: StoredEntry, {tree: {item}, content}: OpenedTree, {counts, firsts}: {readonly counts: Counts; readonly firsts: Map<string, RawPath>}): Promise<void> {
		const {path, linkGroup, type} = stored;
		const first = linkGroup === undefined ? undefined : firsts.get(linkGroup);
		const entry: TarEntry = {
			...prefixed(stored, item), holes: type === 'file' ? content.holesOf(stored) : [], isLinked: linkGroup !== undefined, hardLinkOf: first,
		};

		try {
			if (type === 'file' && first === undefined) {
				await this.#writeFile(entry, stored, content);
				counts.sizeBytes += stored.sizeBytes;
				this.#bytesDone += stored.sizeBytes;
			} else {
				await this.#options.writer.begin(entry);
			}
		} catch (error) {
			if (!isDamage(error)) {
				throw error;
			}

			counts.problemCount++;
			counts.isDamageMet = true;
			this.#findings.problem(item === 'homedir' ? path : entry.path, `cannot be read and was left out: ${error.message}`);
			return;
		}

		if (linkGroup !== undefined && first === undefined) {
			firsts.set(linkGroup, entry.path);
		}

		counts.fileCount += type === 'file' ? 1 : 0;
		this.#filesDone += type === 'file' ? 1 : 0;
		this.#report(path);
	}

	/** Removes what was made to read the backup. */
	async close(): Promise<void> {
		await Promise.all(this.#homes.map(async home => home.close?.()));
	}

	async run(): Promise<PackageResult> {
		const {request, writer} = this.#options;
		const trees = request.trees.toSorted((left, right) => compareNames(left.item, right.item));
		const folders: StoredEntry[] = [];
		const order = new FolderOrder(folder => {
			folders.push(folder);
		});
		await this.#writeFacts();
		const opened: OpenedTree[] = [];

		for (const tree of trees) {
			const found = await this.#open(tree);
			opened.push(...found ? [found] : []);
		}

		for (const {root, tree} of opened) {
			order.add(prefixed(root, tree.item));
		}

		for (const each of opened) {
			this.#items.push(await this.#writeTree(each, order, folders));
		}

		order.finish();
		await this.#writeFolders(folders);
		this.#options.options.abortFlag.check();
		const written = await writer.finish();
		this.#report(null);

		return {
			items: this.#items, findings: this.#findings.list(), problemCount: this.#findings.problemCount, ...written,
		};
	}
}

/** Also the folders above what is chosen. */
const isPacked = ({path, type}: StoredEntry, selector: Selector): boolean =>
	selector.isSelected(path) || (type === 'directory' && isAncestorOfAny(path, selector.roots));
