import type {ItemName} from './item.ts';
import type {RestorePreview, Selection} from './restore.ts';

/** An item that a restore brought. */
export type BroughtItem = {
	readonly name: ItemName;
	/** Raw names; none of the home. */
	readonly parts: readonly string[];
	/** The backup that it came from. */
	readonly backup: string;
};

/** What undoes a restore, or a rollback: what was backed up right before it comes back, and what it brought goes. */
export type RollbackRequest = {
	/** The task that is undone. */
	readonly task: string;
	/** What was live before it. */
	readonly safetyBackup: string;
	readonly brought: readonly BroughtItem[];
	/** Of the home. */
	readonly selection: Selection;
};

export type RollbackPreview = RestorePreview & {
	/** What the restore brought and was changed or removed since: at most 1,000 raw paths of the home. */
	readonly changedSince: {readonly count: number; readonly paths: readonly string[]};
	/** Sentences. */
	readonly cannotUndo: readonly string[];
};
