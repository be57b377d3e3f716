import type {EntryType} from './entry.ts';
import type {RawPath} from './raw-name.ts';

export const changeKinds = ['added', 'removed', 'modified', 'metadata'] as const;

/** `modified`: another content, target or type; `metadata`: owner, mode, time or attributes alone. */
export type ChangeKind = (typeof changeKinds)[number];

/** What became of one path from a backup to a later state. */
export type Change = {
	readonly path: RawPath;
	readonly change: ChangeKind;
	/** What it is, or was; `null` for live things that no backup knows. */
	readonly type: EntryType | null;
	/** Afterwards; `null` where there is nothing. */
	readonly sizeBytes: number | null;
	/** Before; `null` where there was nothing. */
	readonly previousSizeBytes: number | null;
};
