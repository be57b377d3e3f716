import {compileExcludes} from './glob.ts';
import type {RawPath} from './raw-name.ts';
import type {Selection, SelectionRule} from './restore.ts';

export type Selector = {
	/** Whether the entry at this path is chosen. */
	readonly isSelected: (path: RawPath) => boolean;
	/** Chosen paths below no other chosen path, in byte order: where a walk of what is chosen begins. */
	readonly roots: readonly RawPath[];
	/** Whether a folder and all below it are chosen, but for what globs leave out. */
	readonly isWhole: (folder: RawPath) => boolean;
};

/** The rule with the longest path that covers an entry decides; what an exclude matches, or lies below, is never chosen. */
export const createSelector = ({rules, excludes}: Selection): Selector => {
	const byPath = new Map(rules.map(rule => [rule.path, rule]));
	const isExcluded = compileExcludes(excludes);
	const included = rules.filter(rule => rule.isIncluded).map(rule => rule.path);
	const excepted = rules.filter(rule => !rule.isIncluded).map(rule => rule.path);
	const ruleFor = (path: RawPath): SelectionRule | undefined => {
		for (let current = path; ; current = parentOf(current)) {
			const rule = byPath.get(current);

			if (rule !== undefined || current === '') {
				return rule;
			}
		}
	};

	const isEverything = rules.length === 1 && byPath.get('')?.isIncluded === true && excludes.length === 0;

	return {
		isSelected: path => isEverything || ((ruleFor(path)?.isIncluded ?? false) && !isExcluded(path)),
		roots: included.filter(path => path === '' || !(ruleFor(parentOf(path))?.isIncluded ?? false)).toSorted(),
		isWhole: folder => (ruleFor(folder)?.isIncluded ?? false) && excepted.every(path => path === folder || !isBelow(path, folder)),
	};
};

const parentOf = (path: RawPath): RawPath => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const isBelow = (path: RawPath, folder: RawPath): boolean => folder === '' || path.startsWith(`${folder}/`);
