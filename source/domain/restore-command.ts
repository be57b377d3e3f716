import {quoteArgument} from './quote-argument.ts';
import {toText, type RawPath} from './raw-name.ts';
import type {ItemChoice, RestoreRequest, SelectionRule} from './restore.ts';

/** A request as it is asked for: who accepts its conditions, and when, comes with the asking. */
export type AskedRestore = Omit<RestoreRequest, 'accepted'> & {
	readonly accepted?: ReadonlyArray<{readonly id: string}> | undefined;
	/** The account's name, where it is terminated. */
	readonly confirm?: string | undefined;
};

/**
The command that does the same as a request. Excludes hold for a whole command, so what is chosen again below something left out takes a command of
its own.
*/
export const restoreCommand = ({backup, items = [], selection, target, isMerge, isMirror, isTerminating, isSuspending, accepted = [], isSafetyBackupMade, confirm}: AskedRestore): string => {
	const where = target.type === 'folder' ? ['--to', quoteArgument(target.path)] : [];
	const how = [...isMerge ? ['--merge'] : [], ...isMirror === true ? ['--mirror'] : [], ...isTerminating === true ? ['--terminate'] : [], ...confirm === undefined ? [] : ['--confirm', quoteArgument(confirm)], ...isSuspending === true ? ['--suspend'] : [], ...accepted.flatMap(({id}) => ['--accept', id]), ...isSafetyBackupMade === false ? ['--no-safety-backup'] : []];
	const excludes = selection.excludes.flatMap(pattern => ['--exclude', quoteArgument(pattern)]);

	return commandParts(selection.rules)
		.map((part, index) => {
			const shown = index === 0 ? items : items.filter(({name}) => name === 'homedir');

			return ['holdfast', 'restore', backup, ...shown.flatMap(choice => itemParts(choice)), ...part, ...excludes, ...where, ...how].join(' ');
		})
		.join(' && ');
};

const commandParts = (rules: readonly SelectionRule[]): ReadonlyArray<readonly string[]> => {
	const depths = new Map(rules.map(rule => [rule, rules.filter(other => isBelow(rule.path, other.path)).length]));
	const parts: Array<readonly string[]> = [];

	// Rules along a path alternate, so those that include are at even depths, and what each leaves out is one deeper.
	for (let depth = 0; ; depth += 2) {
		const included = rules.filter(rule => rule.isIncluded && depths.get(rule) === depth);

		if (included.length === 0) {
			return parts;
		}

		const excluded = rules.filter(rule => !rule.isIncluded && depths.get(rule) === depth + 1);
		parts.push([
			...included.filter(({path}) => path !== '').flatMap(({path}) => ['--path', quoteArgument(toText(path))]),
			...excluded.flatMap(({path}) => ['--exclude', quoteArgument(`/${literalGlob(path)}`)]),
		]);
	}
};

const itemParts = ({name, parts, backup}: ItemChoice): readonly string[] => [
	...(parts ?? [undefined]).flatMap(part => ['--item', part === undefined ? name : quoteArgument(`${name}:${toText(part)}`)]),
	...(backup === null ? [] : ['--item-from', `${name}=${backup}`]),
];

const isBelow = (path: RawPath, folder: RawPath): boolean => path !== folder && (folder === '' || path.startsWith(`${folder}/`));

/** The glob that matches this path alone. */
const literalGlob = (path: RawPath): string => toText(path).replaceAll(/[*?\[\]\{\}]/gv, String.raw`\$&`);
