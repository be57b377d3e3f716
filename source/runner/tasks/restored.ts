import type {Finding, ItemResult} from '../../domain/item.ts';
import type {RestoreSummary, StepTotal} from '../../domain/restore.ts';

/** What restoring one item came to. */
export type Restored = {
	readonly item: ItemResult;
	readonly summary: RestoreSummary;
	readonly findings: readonly Finding[];
	readonly isDamageMet: boolean;
	/** It was aborted: what the summary does not count as done is as it was before. */
	readonly isCutShort?: boolean;
	/** A sentence; `null` where all of it came back. */
	readonly error: string | null;
	/** What was left out for want of rights. */
	readonly denied?: StepTotal | undefined;
};
