import {
	isCovering,
	formatFullPath,
	isSamePath,
	type FullPath,
} from './full-path.ts';

export type Effect = 'allow' | 'deny';

/** What a rule covers, as it was written and normalized; names in it are text. */
export type RightsException = {readonly path: FullPath; readonly effect: Effect};

/** What a USER may see and restore: one default, and exceptions from it. Their order never matters. */
export type Rights = {
	readonly default: Effect;
	readonly exceptions: readonly RightsException[];
};

/** What a new USER starts with. */
export const noRights: Rights = {default: 'deny', exceptions: []};

export type Rule = {
	readonly kind: 'default' | 'exception';
	readonly effect: Effect;
	/** `null` for the default. */
	readonly path: string | null;
};

export type Verdict = {readonly allowed: boolean; readonly rule: Rule};

/** Whether a USER may have what lies at a path, and by which rule: the broadest deny that covers it, else the broadest allow, else the default. */
export const decideRight = (rights: Rights, path: FullPath): Verdict => {
	const covering = rights.exceptions.filter(exception => isCovering(exception.path, path));
	const [exception] = [...covering.filter(({effect}) => effect === 'deny').toSorted(broadestFirst), ...covering.filter(({effect}) => effect === 'allow').toSorted(broadestFirst)];

	return exception === undefined
		? {allowed: rights.default === 'allow', rule: {kind: 'default', effect: rights.default, path: null}}
		: {allowed: exception.effect === 'allow', rule: {kind: 'exception', effect: exception.effect, path: formatFullPath(exception.path)}};
};

/** The deny that keeps an allow from having any effect. */
export const findShadow = (rights: Rights, {path, effect}: RightsException): RightsException | undefined => effect === 'allow'
	? rights.exceptions.filter(exception => exception.effect === 'deny' && isCovering(exception.path, path)).toSorted(broadestFirst)[0]
	: undefined;

export const findException = (rights: Rights, path: FullPath): RightsException | undefined => rights.exceptions.find(exception => isSamePath(exception.path, path));

const lengthOf = ({plugin, volume, components}: FullPath): number => (plugin === null ? 0 : 1) + (volume === null ? 0 : 1) + (components?.length ?? -1) + 1;

const broadestFirst = (left: RightsException, right: RightsException): number => lengthOf(left.path) - lengthOf(right.path);
