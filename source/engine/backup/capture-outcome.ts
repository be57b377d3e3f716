import type {Extent, StoredAttribute} from '../catalog/catalog-page.ts';

export type CapturedStats = {
	readonly inode: bigint;
	readonly sizeBytes: number;
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	readonly modifiedNs: bigint;
	readonly changedNs: bigint;
};

/** Digests are left out where `extents` is empty (an empty file). */
export type CaptureOutcome =
	| {
		readonly type: 'stored';
		readonly stats: CapturedStats;
		readonly sha256: Uint8Array;
		readonly extents: readonly Extent[];
		readonly attributes: readonly StoredAttribute[];
		/** `grown`: longer now than when it was opened. `changing`: it changed in every try; what was read last is stored. */
		readonly note: 'grown' | 'changing' | undefined;
		readonly attributesError: string | undefined;
	}
	| {readonly type: 'vanished'}
	/** It has links nobody found inside the home, and another owner: it may be somebody else's secret. */
	| {readonly type: 'foreign'}
	| {readonly type: 'unreadable'; readonly message: string};
