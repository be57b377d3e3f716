import {isCovering, splitComponents, type FullPath} from './full-path.ts';
import {fromText, toText, type RawPath} from './raw-name.ts';
import type {Selection} from './restore.ts';
import type {Rights} from './rights.ts';
import {createSelector} from './selection.ts';

/**
What of one stored home lies within somebody's rights: the same decision as `decideRight`, made ready for many paths of one tree. Paths are raw and below
the home; plain data, so that it crosses threads.
*/
export type TreeReach = {
	/** Whether what no rule below the home decides is within. */
	readonly isRootWithin: boolean;
	/** Only where `isRootWithin` is false; none lies below a deny. */
	readonly allows: readonly RawPath[];
	readonly denies: readonly RawPath[];
};

/** Where a home was when it was stored, or is now. */
export type HomePlace = {readonly machine: string; readonly home: RawPath};

export const wholeTree: TreeReach = {isRootWithin: true, allows: [], denies: []};

const noTree: TreeReach = {isRootWithin: false, allows: [], denies: []};

/** The full path of a home. */
export const fullPathOfHome = ({machine, home}: HomePlace): FullPath => ({
	machine, plugin: 'file', volume: '', components: splitComponents(toText(home)),
});

export const reachOfTree = (rights: Rights, place: HomePlace): TreeReach => {
	const root = fullPathOfHome(place);
	const above = rights.exceptions.filter(({path}) => isCovering(path, root));

	if (above.some(({effect}) => effect === 'deny')) {
		return noTree;
	}

	const isRootWithin = rights.default === 'allow' || above.length > 0;
	const below = rights.exceptions.filter(({path}) => !isCovering(path, root) && isCovering(root, path));
	const pathsOf = (wanted: 'allow' | 'deny'): readonly RawPath[] => below
		.filter(({effect}) => effect === wanted)
		.map(({path}) => path.components!.slice(root.components!.length).map(component => fromText(component)))
		// No name on a disk has a slash.
		.filter(names => names.every(name => !name.includes('/')))
		.map(names => names.join('/'));
	const denies = pathsOf('deny');

	return {isRootWithin, allows: isRootWithin ? [] : pathsOf('allow').filter(path => !isCovered(path, denies)), denies};
};

/** What lies within both: a stored path, and the live one that it would come back to. */
export const intersectReaches = (one: TreeReach, other: TreeReach): TreeReach => {
	const denies = [...new Set([...one.denies, ...other.denies])];
	const isRootWithin = one.isRootWithin && other.isRootWithin;
	const candidates = [...new Set([...one.allows, ...other.allows])];

	return {isRootWithin, denies, allows: isRootWithin ? [] : candidates.filter(path => isWithin(one, path) && isWithin(other, path))};
};

export const isWithin = ({isRootWithin, allows, denies}: TreeReach, path: RawPath): boolean => !isCovered(path, denies) && (isRootWithin || isCovered(path, allows));

/** Whether a folder is not within itself, but something below it is: it is shown by its name, so that one can walk there. */
export const isOnTheWay = (reach: TreeReach, folder: RawPath): boolean => !isWithin(reach, folder) && reach.allows.some(path => isAtOrBelow(path, folder));

/** Whether a folder and all that can be below it is within. */
export const isWholeWithin = (reach: TreeReach, folder: RawPath): boolean => isWithin(reach, folder) && reach.denies.every(path => !isAtOrBelow(path, folder));

/** Whether there can be anything within. */
export const isAnythingWithin = ({isRootWithin, allows}: TreeReach): boolean => isRootWithin || allows.length > 0;

export type LimitedSelection = {
	/** What is chosen and within. */
	readonly within: Selection;
	/** What is chosen and not within. */
	readonly withheld: Selection;
};

/** Divides what is chosen. Between the paths that a rule names nothing changes, so the rules of both are those at these paths. */
export const limitSelection = (selection: Selection, reach: TreeReach): LimitedSelection => {
	const {isSelected} = createSelector({...selection, excludes: []});
	const paths = [...new Set(['', ...selection.rules.map(({path}) => path), ...reach.allows, ...reach.denies])].toSorted();
	const rulesOf = (isChosen: (path: RawPath) => boolean): Selection['rules'] => paths.map(path => ({path, isIncluded: isChosen(path)}));

	return {
		within: {rules: rulesOf(path => isSelected(path) && isWithin(reach, path)), excludes: selection.excludes},
		withheld: {rules: rulesOf(path => isSelected(path) && !isWithin(reach, path)), excludes: selection.excludes},
	};
};

const isCovered = (path: RawPath, covering: readonly RawPath[]): boolean => covering.some(each => isAtOrBelow(path, each));

const isAtOrBelow = (path: RawPath, folder: RawPath): boolean => folder === '' || path === folder || path.startsWith(`${folder}/`);
