import {itemNames, type ItemName, type ItemResult} from './item.ts';
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

/** An item that is restored. */
export type ItemChoice = {
	readonly name: ItemName;
	/** Raw names; `null`: all. */
	readonly parts: readonly string[] | null;
	/** Another backup of the same account that it comes from; `null`: the request's. */
	readonly backup: string | null;
};

/** A text that had to be accepted before a restore, as it was then. */
export type AcceptedCondition = {
	readonly id: string;
	readonly text: string;
	/** Name of the Holdfast user. */
	readonly acceptedBy: string;
	readonly acceptedAt: string;
};

export type RestoreRequest = {
	readonly backup: string;
	/** Without it: the home alone where files are chosen, else every item that the backup has. */
	readonly items?: readonly ItemChoice[] | undefined;
	/** Of the home. */
	readonly selection: Selection;
	readonly target: RestoreTarget;
	/** Live wins: only what is missing is created. */
	readonly isMerge: boolean;
	/** What is live alone goes, but for what the backup could not hold. */
	readonly isMirror?: boolean | undefined;
	/** Logins are locked, processes ended and live data set aside, until what replaces it is there and verified. */
	readonly isTerminating?: boolean | undefined;
	/** The account is locked afterwards, whatever came of it. */
	readonly isSuspending?: boolean | undefined;
	/** The conditions that were accepted. */
	readonly accepted?: readonly AcceptedCondition[] | undefined;
	/** What may be overwritten is backed up first; as the settings say unless given. */
	readonly isSafetyBackupMade?: boolean | undefined;
	/** Refused, where otherwise something would be left out for want of rights. */
	readonly isStrict?: boolean | undefined;
};

/** Whether what is live alone goes. */
export const isReplacing = ({isMirror, isTerminating}: RestoreRequest): boolean => isMirror === true || isTerminating === true;

/** What a request restores, in the order in which it is done. `stored`: the items of its backup. */
export const choicesOf = ({items, selection}: Pick<RestoreRequest, 'items' | 'selection'>, stored: ReadonlyArray<Pick<ItemResult, 'name' | 'status'>>): readonly ItemChoice[] => {
	const all = isHomeWhole(selection) ? stored.filter(({status}) => status === 'complete' || status === 'partial').map(({name}) => name) : ['homedir' as const];
	const chosen = items ?? all.map((name): ItemChoice => ({name, parts: null, backup: null}));

	return itemNames.flatMap(name => chosen.filter(choice => choice.name === name));
};

/** Excludes may leave something out. */
const isHomeWhole = ({rules}: Selection): boolean => rules.length === 1 && rules[0]!.path === '' && rules[0]!.isIncluded;

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
	/** For a USER: whether something is denied is told, by a count of 1 or 0, and not how much. */
	readonly isLimited?: boolean;
};

const nothing: StepTotal = {count: 0, bytes: 0};

export const noPreview: RestorePreview = {
	create: nothing, overwrite: nothing, keep: nothing, liveOnly: nothing, delete: nothing, denied: nothing, steps: [], stepsTotal: 0, spaceNeededBytes: 0,
};

export const addTotals = (one: StepTotal, other: StepTotal): StepTotal => ({count: one.count + other.count, bytes: one.bytes + other.bytes});

/** What two parts of a restore would do together. */
const addPreviews = (one: RestorePreview, other: RestorePreview): RestorePreview => ({
	create: addTotals(one.create, other.create),
	overwrite: addTotals(one.overwrite, other.overwrite),
	keep: addTotals(one.keep, other.keep),
	liveOnly: addTotals(one.liveOnly, other.liveOnly),
	delete: addTotals(one.delete, other.delete),
	denied: addTotals(one.denied, other.denied),
	steps: [...one.steps, ...other.steps].slice(0, 1000),
	stepsTotal: one.stepsTotal + other.stepsTotal,
	spaceNeededBytes: one.spaceNeededBytes + other.spaceNeededBytes,
});

/** The total of an action as it is shown: no numbers where only whether there is something is told. */
export const shownTotal = ({isLimited, ...preview}: RestorePreview, action: RestoreAction): {readonly count: number | null; readonly bytes: number | null} =>
	isLimited && action === 'denied' && preview.denied.count > 0 ? {count: null, bytes: null} : preview[action];

export const sumPreviews = (previews: readonly RestorePreview[]): RestorePreview => {
	let sum = noPreview;

	for (const preview of previews) {
		sum = addPreviews(sum, preview);
	}

	return sum;
};

/** What a restore did, counted as it was done and checked. */
export type RestoreSummary = {
	readonly created: StepTotal;
	readonly overwritten: StepTotal;
	readonly kept: StepTotal;
	readonly liveOnly: StepTotal;
	readonly deleted: StepTotal;
	readonly failed: StepTotal;
};

export const noSummary: RestoreSummary = {
	created: nothing, overwritten: nothing, kept: nothing, liveOnly: nothing, deleted: nothing, failed: nothing,
};

const addSummaries = (one: RestoreSummary, other: RestoreSummary): RestoreSummary => ({
	created: addTotals(one.created, other.created),
	overwritten: addTotals(one.overwritten, other.overwritten),
	kept: addTotals(one.kept, other.kept),
	liveOnly: addTotals(one.liveOnly, other.liveOnly),
	deleted: addTotals(one.deleted, other.deleted),
	failed: addTotals(one.failed, other.failed),
});

export const sumSummaries = (summaries: readonly RestoreSummary[]): RestoreSummary => {
	let sum = noSummary;

	for (const summary of summaries) {
		sum = addSummaries(sum, summary);
	}

	return sum;
};
