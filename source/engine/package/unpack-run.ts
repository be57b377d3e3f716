/** Unpacks a package into a private folder, by the same walk and the same writers as a restore. A package may be anybody's making: what it says of owners is not believed, and what leads elsewhere is refused. */
import {statSync} from 'node:fs';
import path from 'node:path';
import type {EntryType} from '../../domain/entry.ts';
import {itemNames, type ItemName} from '../../domain/item.ts';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {everything} from '../../domain/restore.ts';
import {formatBytes} from '../../domain/units.ts';
import {UserError} from '../../errors.ts';
import {freeSpaceAt} from '../../system/free-space.ts';
import {FormatError} from '../base/bytes.ts';
import {Findings} from '../base/findings.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import type {RestoreTreeRequest, RestoreTreeResult, UnpackRequest} from '../engine.ts';
import {restoreOpened} from '../restore/restore-run.ts';
import type {StoredHome, StoredTree} from '../restore/stored-home.ts';
import type {RunOptions} from '../run-options.ts';
import {LocalStorage} from '../storage/local-storage.ts';
import {ArchiveBlocks, readCompressedTable, type ArchiveTable} from '../tar/archive-blocks.ts';
import {ArchivedContent, ArchivedHome} from '../tar/archived-home.ts';
import {factsName} from './package-facts.ts';
import {checkMember, checkPlain, noPackage} from './read-package.ts';

/** Of the account, and written back as its files; the others are what was written down about it. */
const itemsOfFiles: ReadonlySet<ItemName> = new Set(['homedir', 'emails']);
/** They give access to what is not the account's. */
const unwantedTypes: ReadonlySet<EntryType> = new Set(['characterDevice', 'blockDevice', 'socket']);
const privilegeBits = 0o6000;
/** Of the disk that receives a package, so that the state can be written: so many files, and so large a part of what is free. */
const reservedFiles = 100;
const reservedShare = 0.05;

/** Throws `damaged` for what is no whole package, `refused` for what must not be in one. */
export const runUnpack = async (request: UnpackRequest, options: RunOptions): Promise<RestoreTreeResult> => {
	const folder = path.dirname(request.file);
	const storage = new LocalStorage(folder);

	try {
		const table = readCompressedTable(storage, {name: path.basename(request.file), sizeBytes: statSync(request.file).size, sha256: ''});
		checkTable(table, request);
		const tree = new ArchivedHome(new ArchiveBlocks(storage, table));
		const adopted = new AdoptedTree(tree, request);
		const home: StoredHome = {
			sizeBytes: 0,
			fileCount: 0,
			tree: adopted,
			scan: undefined,
			piecesOf: content => content instanceof ArchivedContent ? content.pieces() : [],
			dataKeys: [],
			archive: table,
			unheld: () => undefined,
		};
		const result = await restoreOpened({request: restoreRequest(request, folder), home}, options);

		options.abortFlag.check();

		if (result.isDamageMet) {
			throw new FormatError(result.findings[0]?.message ?? 'its content does not fit its checksums');
		}

		return {...result, findings: [...adopted.findings.list(), ...result.findings], problemCount: result.problemCount + adopted.findings.problemCount};
	} catch (error) {
		throw error instanceof FormatError ? noPackage(request.file, error) : error;
	} finally {
		storage.close();
	}
};

const restoreRequest = ({target, account, threads}: UnpackRequest, folder: string): RestoreTreeRequest => ({
	vault: {folder, id: '', masterKey: new Uint8Array(0)},
	accountUuid: '',
	backupId: '',
	selection: everything,
	target,
	isOriginal: false,
	account,
	isMerge: false,
	cacheFolder: '',
	threads,
});

const checkTable = ({stored, plain}: ArchiveTable, {target}: UnpackRequest): void => {
	for (let index = 1; index < plain.length; index++) {
		checkMember(stored[index]! - stored[index - 1]!);
		checkPlain(plain[index]! - plain[index - 1]!);
	}

	const {bytes: free} = freeSpaceAt(target);
	const needed = plain.at(-1) ?? 0;

	if (needed > free * (1 - reservedShare)) {
		throw new UserError(`The package holds ${formatBytes(needed)}, and only ${formatBytes(free)} are free at ${toScreen(target)}.`, {code: 'failed', hint: 'Make room there; nothing was imported.'});
	}
};

/** A package's entries as they may become an account's. */
class AdoptedTree implements StoredTree {
	readonly #tree: StoredTree;
	readonly #request: UnpackRequest;
	#foreignOwners = 0;
	#attributesLeft = 0;
	readonly #freeFiles: number;
	readonly findings = new Findings();

	constructor(tree: StoredTree, request: UnpackRequest) {
		this.#tree = tree;
		this.#request = request;
		this.#freeFiles = freeSpaceAt(request.target).files - reservedFiles;
	}

	/** `undefined`: it is left out, and named. */
	#adopt(entry: StoredEntry): StoredEntry | undefined {
		const item = itemOf(entry);

		if (item === undefined) {
			return {
				...entry, uid: 0, gid: 0, mode: 0o700, attributes: [],
			};
		}

		if (!itemsOfFiles.has(item)) {
			checkPlainEntry(entry, item);

			return {
				...entry, uid: 0, gid: 0, mode: entry.mode & 0o777, attributes: [],
			};
		}

		if (unwantedTypes.has(entry.type)) {
			this.findings.problem(entry.path, 'is a device or a socket, and none comes out of a package');
			return undefined;
		}

		return this.#own(entry);
	}

	#own(entry: StoredEntry): StoredEntry {
		const {from, account} = this.#request;
		const isOwn = from !== null && entry.uid === from.uid && entry.gid === from.gid;
		const attributes = entry.attributes.filter(({name}) => name.startsWith('user.'));
		this.#foreignOwners += isOwn ? 0 : 1;
		this.#attributesLeft += attributes.length === entry.attributes.length ? 0 : 1;

		return {
			...entry, ...account, mode: isOwn ? entry.mode : entry.mode & ~privilegeBits, attributes,
		};
	}

	/** As many as can be made: the state lies on the same disk. */
	#checkCount(count: number): void {
		if (count > this.#freeFiles) {
			throw new UserError(`The package holds more files and folders than can still be made at ${toScreen(this.#request.target)} (${Math.max(0, this.#freeFiles)}, beside those that stay free). Nothing was imported.`, {code: 'failed', hint: 'Make room there; or look where the package came from, if it should not be that large.'});
		}
	}

	* walk(root: RawPath): Generator<StoredEntry> {
		let count = 0;

		for (const entry of this.#tree.walk(root)) {
			const adopted = this.#adopt(entry);
			count++;
			this.#checkCount(count);

			if (adopted !== undefined) {
				yield adopted;
			}
		}

		if (this.#foreignOwners > 0) {
			this.findings.note('', `${this.#foreignOwners} files and folders were not the account's where they were packed; they are its own now, without setuid and setgid`);
		}

		if (this.#attributesLeft > 0) {
			this.findings.note('', `ACLs and system attributes of ${this.#attributesLeft} files and folders were left out: they name ids of another server`);
		}
	}

	find(sought: RawPath): StoredEntry | undefined {
		const entry = this.#tree.find(sought);

		return entry && this.#adopt(entry);
	}
}

/** `undefined`: the root, and `holdfast.json`. */
const itemOf = ({path: found, type}: StoredEntry): ItemName | undefined => {
	if (found === '' || (found === factsName && type === 'file')) {
		return undefined;
	}

	const [first] = found.split('/', 1);
	const item = itemNames.find(name => name === first);

	if (item === undefined || (found === item && type !== 'directory')) {
		throw refused(`it holds "${toScreen(found)}", which is no folder of an item`);
	}

	return item;
};

/** Whoever reads what was written down about an account reads files, and follows no links. */
const checkPlainEntry = ({path: found, type, linkTarget, linkGroup}: StoredEntry, item: ItemName): void => {
	const isOwnLink = item === 'certificates' && type === 'symlink' && /^\.\.\/\.\.\/archive\/[^\/]+\/[^\/]+$/v.test(linkTarget ?? '') && !linkTarget!.includes('/../archive/..');

	if (linkGroup !== undefined || (type !== 'file' && type !== 'directory' && !isOwnLink)) {
		throw refused(`"${toScreen(found)}" is no plain file or folder`);
	}
};

const refused = (reason: string): UserError => new UserError(`The package is not imported: ${reason}.`, {code: 'refused', hint: 'Holdfast makes no such packages: look where it came from.'});
