/** Makes the entries of a backup from what was found, and says what is not right with them. */
import {Buffer} from 'node:buffer';
import type {BigIntStats} from 'node:fs';
import type {EntryType} from '../../domain/entry.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {native} from '../../system/native.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import {attributesOf} from '../catalog/extended-attributes.ts';
import type {Findings} from '../base/findings.ts';
import type {CaptureOutcome} from './capture-outcome.ts';
import type {PendingFile} from './capture-queue.ts';
import {type CatalogItem, linkGroupOf} from './catalog-writer.ts';
import {rowOf, shortGroup, unknownRow} from './previous-scan.ts';

/** Something without content of its own. */
export type FoundEntry = {
	readonly path: RawPath;
	readonly name: RawPath;
	readonly type: EntryType;
	readonly stats: BigIntStats;
	/** Where its attributes can be read right now. */
	readonly attributesPath: RawPath;
	readonly linkTarget: RawPath | null;
};

type Stored = CaptureOutcome & {readonly type: 'stored'};

export class EntryMaker {
	readonly #findings: Findings;
	/** Group of each file with several links that was met, by inode. */
	readonly #linkGroups = new Map<bigint, string>();

	constructor(findings: Findings) {
		this.#findings = findings;
	}

	#fromStored({path, name, linkedInode}: PendingFile, outcome: Stored): CatalogItem {
		this.#tell(path, outcome);
		const {stats, sha256, extents, attributes, note} = outcome;
		const linkGroup = linkedInode === 0n ? undefined : this.#linkGroup(path, linkedInode);
		// A file that changed meanwhile must be read again next time.
		const row = note === undefined
			? rowOf({
				ino: stats.inode, size: BigInt(stats.sizeBytes), mtimeNs: stats.modifiedNs, ctimeNs: stats.changedNs,
			}, linkGroup)
			: unknownRow();

		return {
			entry: {
				path,
				name,
				type: 'file',
				sizeBytes: stats.sizeBytes,
				mode: stats.mode,
				uid: stats.uid,
				gid: stats.gid,
				modifiedNs: stats.modifiedNs,
				linkTarget: null,
				content: extents.length === 0 ? undefined : {sha256: Buffer.from(sha256), extents},
				linkGroup,
				device: 0n,
				attributes,
			},
			row,
		};
	}

	#tell(path: RawPath, {note, attributesError}: Stored): void {
		if (note === 'changing') {
			this.#findings.problem(path, 'changed while it was read, three times; what was read last is stored');
		} else if (note === 'grown') {
			this.#findings.note(path, 'grew while it was read; stored up to its size when it was opened');
		}

		if (attributesError !== undefined) {
			this.#findings.problem(path, `its extended attributes cannot be read (${attributesError})`);
		}
	}

	#attributes(path: RawPath, attributesPath: RawPath): StoredEntry['attributes'] {
		if (!native) {
			return [];
		}

		try {
			return attributesOf(native.listAttributes(attributesPath), name => native!.getAttribute(attributesPath, name));
		} catch (error) {
			this.#findings.problem(path, `its extended attributes cannot be read (${(error as Error).message})`);
			return [];
		}
	}

	#linkGroup(path: RawPath, inode: bigint): string {
		const known = this.#linkGroups.get(inode);

		if (known !== undefined) {
			return known;
		}

		const group = linkGroupOf(path);
		this.#linkGroups.set(inode, group);
		return group;
	}

	/** A folder, link, FIFO or device, with its row for the scan cache. */
	fromFound({path, name, type, stats, attributesPath, linkTarget}: FoundEntry): CatalogItem {
		const linkGroup = type !== 'directory' && stats.nlink > 1n ? this.#linkGroup(path, stats.ino) : undefined;

		return {
			entry: {
				path,
				name,
				type,
				sizeBytes: 0,
				mode: Number(stats.mode & 0o7777n),
				uid: Number(stats.uid),
				gid: Number(stats.gid),
				modifiedNs: stats.mtimeNs,
				linkTarget,
				content: undefined,
				linkGroup,
				device: type === 'characterDevice' || type === 'blockDevice' ? stats.rdev : 0n,
				attributes: this.#attributes(path, attributesPath),
			},
			row: rowOf(stats, linkGroup),
		};
	}

	/** What a file became; `undefined` leaves it out, and the findings say why. */
	fromCapture(file: PendingFile, outcome: CaptureOutcome): CatalogItem | undefined {
		switch (outcome.type) {
			case 'vanished': {
				this.#findings.note(file.path, 'vanished before it was read');
				return undefined;
			}

			case 'foreign': {
				this.#findings.problem(file.path, 'has links outside the home and another owner; it was not read');
				return undefined;
			}

			case 'unreadable': {
				this.#findings.problem(file.path, `cannot be read (${outcome.message})`);
				return undefined;
			}

			case 'stored': {
				return this.#fromStored(file, outcome);
			}
		}
	}

	/** Whether an unchanged file with several links still belongs to the group it was stored with: the path that named the group may have been moved away. */
	isSameLink(storedGroup: number, path: RawPath, inode: number): boolean {
		if (!Number.isSafeInteger(inode)) {
			return false;
		}

		const known = this.#linkGroups.get(BigInt(inode));

		if (known !== undefined) {
			return shortGroup(known) === storedGroup;
		}

		const own = linkGroupOf(path);

		if (shortGroup(own) !== storedGroup) {
			return false;
		}

		this.#linkGroups.set(BigInt(inode), own);
		return true;
	}
}

export const typeOf = (stats: BigIntStats): EntryType => {
	if (stats.isFile()) {
		return 'file';
	}

	if (stats.isDirectory()) {
		return 'directory';
	}

	if (stats.isSymbolicLink()) {
		return 'symlink';
	}

	if (stats.isFIFO()) {
		return 'fifo';
	}

	if (stats.isSocket()) {
		return 'socket';
	}

	return stats.isCharacterDevice() ? 'characterDevice' : 'blockDevice';
};
