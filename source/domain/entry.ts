import type {RawPath} from './raw-name.ts';

export type EntryType = 'file' | 'directory' | 'symlink' | 'fifo' | 'characterDevice' | 'blockDevice' | 'socket';

/** One stored file, folder or other thing of a home. */
export type Entry = {
	/** Raw path below the item's root, without a leading slash; the root itself is the empty path. */
	readonly path: RawPath;
	readonly name: RawPath;
	readonly type: EntryType;
	/** Content of a regular file, else 0. */
	readonly sizeBytes: number;
	/** Permission bits with setuid, setgid and sticky: 0o0000–0o7777. */
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	/** Nanoseconds since 1970, may be negative. */
	readonly modifiedNs: bigint;
	/** Raw bytes of a symlink's target. */
	readonly linkTarget: RawPath | null;
	/** A folder on the way to what somebody may have: its facts are not told, and are 0 here. */
	readonly isNameOnly?: boolean;
};
