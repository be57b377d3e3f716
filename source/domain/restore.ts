import type {RawPath} from './raw-name.ts';

/**
Which entries of a home are chosen. The rule with the longest path that covers an entry decides; the empty path covers everything.
A folder's rule covers all below it. So a ticked folder with one unticked file is two rules.
*/
export type SelectionRule = {readonly path: RawPath; readonly isIncluded: boolean};

export type Selection = {
	readonly rules: readonly SelectionRule[];
	/** Globs as `domain/glob.ts` reads them; what they match is left out. */
	readonly excludes: readonly string[];
};

export const everything: Selection = {rules: [{path: '', isIncluded: true}], excludes: []};

/** Whether nothing is left out. */
export const isEverything = ({rules, excludes}: Selection): boolean => excludes.length === 0 && rules.length === 1 && rules[0]!.path === '' && rules[0]!.isIncluded;

/** Where to: the account's own home, or a folder of the administrator's that no account is involved in. */
export type RestoreTarget = {readonly type: 'original'} | {readonly type: 'folder'; readonly path: string};

export type RestoreRequest = {
	readonly backup: string;
	readonly selection: Selection;
	readonly target: RestoreTarget;
	/** Live wins: only what is missing is created. */
	readonly isMerge: boolean;
};

export type RestoreAction = 'create' | 'overwrite' | 'keep' | 'liveOnly' | 'delete' | 'denied';

export type RestoreStep = {
	/** Raw, below the target's root. */
	readonly path: RawPath;
	readonly action: RestoreAction;
	/** Why, as words: `differs: 1.2 KB from 3 May → 1.4 KB from 5 May`, `missing`, `unchanged since the backup`, … */
	readonly reason: string;
};

export type StepTotal = {readonly count: number; readonly bytes: number};

export type RestorePreview = Readonly<Record<RestoreAction, StepTotal>> & {
	/** At most 1,000, in path order. */
	readonly steps: readonly RestoreStep[];
	readonly stepsTotal: number;
	readonly spaceNeededBytes: number;
};

/** What a restore did, counted as it was done and checked. */
export type RestoreSummary = {
	readonly created: StepTotal;
	readonly overwritten: StepTotal;
	readonly kept: StepTotal;
	readonly liveOnly: StepTotal;
	readonly failed: StepTotal;
};
