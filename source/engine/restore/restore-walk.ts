/** The walk of a restore over what is chosen, folder by folder: the same for a plan, which changes nothing, and for the work. */
import {joinRaw, toScreen, type RawPath} from '../../domain/raw-name.ts';
import type {Selector} from '../../domain/selection.ts';
import {UserError} from '../../errors.ts';
import type {AbortFlag} from '../base/abort-flag.ts';
import {compareNames, folderOf, nameOf} from '../catalog/catalog-order.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import type {RestoreTreeRequest} from '../engine.ts';
import type {HeldFolder} from '../base/held-folder.ts';
import {asideNames} from './aside-names.ts';
import {type EntryRestore, metadataOf} from './entry-restore.ts';
import type {MeetLiveOnly} from './live-only.ts';
import type {LiveFolders} from './live-folders.ts';
import type {RestoreTally} from './restore-tally.ts';
import {isLeftover, removeIfThere} from './restore-target.ts';
import type {RestoreWriter} from './restore-writer.ts';
import type {StoredTree} from './stored-home.ts';

export type RestoreWalkOptions = {
	readonly request: RestoreTreeRequest;
	readonly catalog: StoredTree;
	readonly selector: Selector;
	/** `undefined` where the target is not there yet, in a dry run. */
	readonly live: LiveFolders | undefined;
	readonly entries: Pick<EntryRestore, 'restore'>;
	readonly meetLiveOnly: MeetLiveOnly | undefined;
	readonly tally: RestoreTally;
	/** `undefined` in a dry run. */
	readonly writer: RestoreWriter | undefined;
	readonly abortFlag: AbortFlag;
	readonly onProgress: (path: RawPath) => void;
};

export class RestoreWalk {
	readonly #options: RestoreWalkOptions;
	/** Folders that exist live and whose stored entries have not come yet; what is left at the end is empty in the backup. */
	readonly #unvisited = new Set<RawPath>();

	constructor(options: RestoreWalkOptions) {
		this.#options = options;
	}

	async #walkRoot(root: RawPath): Promise<void> {
		let folder: RawPath | undefined;
		let children: StoredEntry[] = [];

		for (const entry of this.#options.catalog.walk(root)) {
			if (entry.path === root) {
				await this.#restoreFolder(folderOf(root), [entry], false);
				continue;
			}

			const entryFolder = folderOf(entry.path);

			if (folder !== undefined && entryFolder !== folder) {
				await this.#restoreFolder(folder, children, true);
				children = [];
			}

			folder = entryFolder;
			children.push(entry);
		}

		if (folder !== undefined) {
			await this.#restoreFolder(folder, children, true);
		}

		await this.#visitEmptyFolders();
	}

	/** The entries of one folder, in order. `isListed`: they are all that the backup holds there. */
	async #restoreFolder(path: RawPath, children: readonly StoredEntry[], isListed: boolean): Promise<void> {
		const {live, writer, selector, entries, abortFlag, onProgress} = this.#options;
		abortFlag.check();
		const folder = live?.open(path);
		const isNew = isListed && writer?.isNewFolder(path) === true;

		if (isListed && !isNew) {
			this.#unvisited.delete(path);
			this.#visitLiveOnly(path, folder, children);
		}

		for (const entry of children) {
			if (!selector.isSelected(entry.path)) {
				continue;
			}

			if (entries.restore(entry, folder, isNew)) {
				this.#unvisited.add(entry.path);
			}

			if (!writer?.isBusy) {
				continue;
			}

			await writer.drive();
			onProgress(entry.path);
		}
	}

	/** Names that are live and not in the backup; leftovers of a killed restore are removed. */
	#visitLiveOnly(path: RawPath, folder: HeldFolder | undefined, children: readonly StoredEntry[]): void {
		if (!folder || !this.#options.selector.isSelected(path)) {
			return;
		}

		const names = folder.directory.names().toSorted();
		let next = 0;

		for (const name of names) {
			while (next < children.length && compareNames(children[next]!.name, name) < 0) {
				next++;
			}

			if (children[next]?.name !== name) {
				this.#meetLiveOnly(path, folder, name);
			}
		}
	}

	#meetLiveOnly(folderPath: RawPath, {directory}: HeldFolder, name: RawPath): void {
		const {selector, writer, meetLiveOnly} = this.#options;
		const path = joinRaw(folderPath, name);

		if (folderPath === '' && asideNames.has(name)) {
			return;
		}

		if (isLeftover(name)) {
			if (writer) {
				removeIfThere(directory, name);
			}
		} else if (selector.isSelected(path)) {
			meetLiveOnly?.({path, folder: directory, name});
		}
	}

	/** Folders that the backup holds empty may have live-only content too. */
	async #visitEmptyFolders(): Promise<void> {
		for (const path of this.#unvisited) {
			await this.#restoreFolder(path, [], true);
		}

		this.#unvisited.clear();
	}

	/**
	Makes sure that the folder above a chosen path exists.
	@returns false when that is not possible
	*/
	#prepareParent(path: RawPath): boolean {
		const {request, catalog, live, tally, writer} = this.#options;
		const known = live?.open(path);

		if (known) {
			writer?.touchParent(path, known.directory);
			return true;
		}

		const folder = path === '' ? undefined : live?.open(folderOf(path));
		const entry = catalog.find(path);

		if (!entry) {
			throw new UserError(`The backup holds nothing at ${toScreen(path)}.`, {code: 'notFound', hint: 'Browse it with "holdfast backup files".'});
		}

		if (folder?.directory.tryLstat(nameOf(path))) {
			writer?.fail(entry, 'something else than a folder stands here now; what was below it was not restored');
			return false;
		}

		tally.decide(entry, {action: 'create', reason: 'missing'});
		writer?.makeFolder({
			entry, folder: folder!.directory, metadata: metadataOf(entry, request), facts: undefined,
		});

		return true;
	}

	/** A path that was chosen and not there before the restore that is undone, and the folders above it that were not. */
	#meetBroughtRoot(root: RawPath): void {
		const {catalog, live, meetLiveOnly} = this.#options;
		const path = [...ancestorsOf(root), root].find(each => catalog.find(each) === undefined)!;
		const folder = live?.open(folderOf(path));

		if (folder?.directory.tryLstat(nameOf(path))) {
			meetLiveOnly?.({path, folder: folder.directory, name: nameOf(path)});
		}
	}

	/** Decides for every chosen entry, folder by folder, and does what was decided unless this is a dry run. */
	async run(): Promise<void> {
		const {request: {withheld}, catalog} = this.#options;

		for (const root of this.#options.selector.roots) {
			if (withheld !== undefined && catalog.find(root) === undefined) {
				continue;
			}

			if (this.#options.request.deletion?.type === 'broughtBy' && this.#options.catalog.find(root) === undefined) {
				this.#meetBroughtRoot(root);
			} else if (ancestorsOf(root).every(parent => this.#prepareParent(parent))) {
				await this.#walkRoot(root);
			}
		}
	}
}

/** The folders above a path, the root first. */
const ancestorsOf = (path: RawPath): RawPath[] => {
	if (path === '') {
		return [];
	}

	const parents: RawPath[] = [''];

	for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
		parents.push(path.slice(0, end));
	}

	return parents;
};
