import type {RawPath} from './raw-name.ts';
import type {Selection} from './restore.ts';

/**
What is ticked in a backup's tree, without knowing the tree: a rule per path that differs from the folder it lies in. Canonical: the rules along any
path alternate, so equal selections are equal maps. No rule covers what no rule names: nothing is ticked at first. Every function returns a new tree.
*/
export type SelectionTree = ReadonlyMap<RawPath, boolean>;

export type TickState = 'all' | 'some' | 'none';

/** Contents of a subtree, itself included. */
export type SubtreeTotal = {readonly files: number; readonly folders: number; readonly bytes: number};

export const nothingTicked: SelectionTree = new Map();

export const parentOf = (path: RawPath): RawPath => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Whether the thing at `path` itself is chosen. */
export const isTicked = (tree: SelectionTree, path: RawPath): boolean => {
	for (let covering = path; ; covering = parentOf(covering)) {
		const rule = tree.get(covering);

		if (rule !== undefined || covering === '') {
			return rule ?? false;
		}
	}
};

/** `some`: something below differs from the folder itself. */
export const tickStateOf = (tree: SelectionTree, path: RawPath): TickState => {
	if (foldersWithRules(tree).has(path)) {
		return 'some';
	}

	return isTicked(tree, path) ? 'all' : 'none';
};

/** Ticks or unticks whole subtrees. */
export const setTicked = (tree: SelectionTree, paths: readonly RawPath[], isIncluded: boolean): SelectionTree => {
	const changed = new Set(paths);
	const rules = new Map([...tree].filter(([path]) => !isAtOrBelow(path, changed)));

	for (const path of [...changed].toSorted((one, other) => one.length - other.length)) {
		if (isTicked(rules, path) !== isIncluded) {
			rules.set(path, isIncluded);
		}
	}

	return rules;
};

/** What Space does: a fully ticked thing loses its tick, anything else gets one. */
export const toggleTicked = (tree: SelectionTree, path: RawPath): SelectionTree => setTicked(tree, [path], tickStateOf(tree, path) !== 'all');

export type KnownChildren = {
	/** `undefined` while they are not known. */
	readonly childrenOf: (folder: RawPath) => Iterable<RawPath> | undefined;
	/** There may be more in a folder than is shown. */
	readonly isLimited: boolean;
};

/**
Ticks a folder all of whose children are ticked and unticks one none of whose children is, upwards for as long as the children are known; so `[-]`
always means that something is chosen and something is not. Where more may be in a folder than is shown, no folder is ticked because of what is.
*/
export const settleFolders = (tree: SelectionTree, folder: RawPath, known: KnownChildren): SelectionTree => {
	const common = tickStateOf(tree, folder) === 'some' ? commonState(tree, known.childrenOf(folder) ?? []) : undefined;

	if (common === undefined || common === 'some' || (common === 'all' && known.isLimited)) {
		return tree;
	}

	const settled = setTicked(tree, [folder], common === 'all');

	return folder === '' ? settled : settleFolders(settled, parentOf(folder), known);
};

/** What all of them are, if they are the same. */
const commonState = (tree: SelectionTree, paths: Iterable<RawPath>): TickState | undefined => {
	let common: TickState | undefined;

	for (const path of paths) {
		const state = tickStateOf(tree, path);

		if (state !== (common ??= state)) {
			return undefined;
		}
	}

	return common;
};

/** Exactly the ticked, as the restore reads it. */
export const toSelection = (tree: SelectionTree): Selection => ({
	rules: [...tree].map(([path, isIncluded]) => ({path, isIncluded})),
	excludes: [],
});

/**
How much is ticked, from the totals of the subtrees that have a rule: as rules alternate, each adds or takes away its whole subtree. `undefined` while
the total of one of them is not known.
*/
export const countTicked = (tree: SelectionTree, totalOf: (path: RawPath) => SubtreeTotal | undefined): SubtreeTotal | undefined => {
	let [files, folders, bytes] = [0, 0, 0];

	for (const [path, isIncluded] of tree) {
		const total = totalOf(path);

		if (total === undefined) {
			return undefined;
		}

		const sign = isIncluded ? 1 : -1;
		files += sign * total.files;
		folders += sign * total.folders;
		bytes += sign * total.bytes;
	}

	return {files, folders, bytes};
};

const isAtOrBelow = (path: RawPath, roots: ReadonlySet<RawPath>): boolean => {
	for (let covering = path; ; covering = parentOf(covering)) {
		if (roots.has(covering)) {
			return true;
		}

		if (covering === '') {
			return false;
		}
	}
};

const foldersWithRulesOf = new WeakMap<SelectionTree, ReadonlySet<RawPath>>();

/** The folders that have a rule somewhere below them; worked out once per tree. */
const foldersWithRules = (tree: SelectionTree): ReadonlySet<RawPath> => {
	const known = foldersWithRulesOf.get(tree);

	if (known !== undefined) {
		return known;
	}

	const folders = new Set<RawPath>();

	for (let path of tree.keys()) {
		while (path !== '' && !folders.has(parentOf(path))) {
			path = parentOf(path);
			folders.add(path);
		}
	}

	foldersWithRulesOf.set(tree, folders);

	return folders;
};
