import type {BigIntStats} from 'node:fs';
import type {RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import {readMountPoints} from '../../system/mounts.ts';
import {folderOf} from '../catalog/catalog-order.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import type {PreviousScan} from '../backup/previous-scan.ts';
import type {Metadata} from './file-restore.ts';
import {isSameContent, isSameMetadata, isSameType} from './live-compare.ts';
import type {LiveFacts} from './restore-decision.ts';
import {isEmptyFolder} from './restore-target.ts';

export type LiveReaderOptions = {
	/** Absolute raw path of the target. */
	readonly target: RawPath;
	/** Of the target; another one below it is a mount. */
	readonly device: bigint;
	/** Where live wins, nothing needs comparing. */
	readonly isMerge: boolean;
	/** The scan of the very backup that is restored, where this host still has it. */
	readonly scan: PreviousScan | undefined;
};

/** Whether another file system begins at a path of the target. */
export type MountTest = (path: RawPath, stats: BigIntStats) => boolean;

export const createMountTest = ({target, device}: Pick<LiveReaderOptions, 'target' | 'device'>): MountTest => {
	const mounts = readMountPoints();

	return (path, stats) => stats.isDirectory() && (stats.dev !== device || mounts.has(`${target}/${path}`));
};

/** Finds out what a decision about an entry needs to know of the live side, and no more. */
export class LiveReader {
	readonly #options: LiveReaderOptions;
	readonly #isMount: MountTest;

	constructor(options: LiveReaderOptions) {
		this.#options = options;
		this.#isMount = createMountTest(options);
	}

	/** Inode, size and all times are those that the scan of this very backup saw, so nothing about it has changed since. */
	#isProven(entry: StoredEntry, stats: BigIntStats): boolean {
		return this.#options.scan?.isUnchanged(folderOf(entry.path), entry.name, stats) ?? false;
	}

	/**
	Reads the live side of one entry; `wanted` is what a restore would set.
	@returns `undefined` where there is nothing
	*/
	read(entry: StoredEntry, folder: Directory, wanted: Metadata): LiveFacts | undefined {
		const isTop = entry.path === '';
		const stats = isTop ? folder.stat() : folder.tryLstat(entry.name);

		if (!stats) {
			return undefined;
		}

		const isMount = !isTop && this.#isMount(entry.path, stats);

		if (isMount || this.#options.isMerge) {
			return {
				stats, isContentEqual: false, isMetadataEqual: false, isEmptyFolder: false, isMount,
			};
		}

		if (this.#isProven(entry, stats)) {
			return {
				stats, isContentEqual: true, isMetadataEqual: true, isEmptyFolder: false, isMount,
			};
		}

		const isTypeSame = isSameType(entry, stats);

		return {
			stats,
			isContentEqual: isTypeSame && isSameContent(entry, folder, stats),
			isMetadataEqual: isTypeSame && isSameMetadata(wanted, {folder, name: isTop ? '.' : entry.name, stats}),
			isEmptyFolder: !isTypeSame && stats.isDirectory() && isEmptyFolder(folder, entry.name),
			isMount,
		};
	}
}
