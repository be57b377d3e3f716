import type {Entry} from '../domain/entry.ts';
import type {RawPath} from '../domain/raw-name.ts';
import {
	countTicked,
	nothingTicked,
	type SelectionTree,
	type SubtreeTotal,
} from '../domain/selection-tree.ts';

/** What is ticked in a backup. */
export type Basket = {
	readonly tree: SelectionTree;
	/** The ticked or unticked things that are no folders: what they amount to is known without walking through the backup. */
	readonly leaves: ReadonlyMap<RawPath, Entry>;
};

/** By folder of a backup, the root under the empty path. */
export type FolderTotalsOf = ReadonlyMap<RawPath, SubtreeTotal>;

export const emptyBasket: Basket = {tree: nothingTicked, leaves: new Map()};

export const addLeaves = ({leaves}: Basket, entries: readonly Entry[]): Basket['leaves'] =>
	new Map([...leaves, ...entries.filter(({type}) => type !== 'directory').map((entry): [RawPath, Entry] => [entry.path, entry])]);

/** What is ticked amounts to; `undefined` while the totals of folders are needed and not known. */
export const countBasket = ({tree, leaves}: Basket, totals: FolderTotalsOf | undefined): SubtreeTotal | undefined => countTicked(tree, path => {
	const leaf = leaves.get(path);

	return leaf === undefined ? totals?.get(path) : leafTotal(leaf);
});

export const leafTotal = ({type, sizeBytes}: Entry): SubtreeTotal => ({files: type === 'file' ? 1 : 0, folders: 0, bytes: sizeBytes});
