import {
	formatFullPath,
	isCovering,
	parseFullPath,
	type FullPath,
} from '../../../domain/full-path.ts';
import {
	decideRight,
	findShadow,
	type Effect,
	type Rights,
	type RightsException,
} from '../../../domain/rights.ts';
import {problemOf} from '../../fields/problem-of.ts';
import {marker} from '../../components/table.ts';
import {showSentence} from '../../look/name.ts';
import {
	plain,
	toned,
	type Line,
	type Span,
} from '../../look/span.ts';

/** The default rule, or an exception in its place in the tree. */
export type RightsRow = {
	/** The full path; empty for the default rule. */
	readonly id: string;
	readonly effect: Effect;
	/** How many exceptions cover it. */
	readonly depth: number;
	/** Below a covering exception only what follows that one's path. */
	readonly label: string;
	/** The deny that keeps an allow from having any effect. */
	readonly shadow: string | undefined;
};

/** The default rule, then the exceptions in path order: one that is covered by another stands below it. */
export const rightsRows = (rights: Rights): readonly RightsRow[] => [
	{
		id: '', effect: rights.default, depth: 0, label: 'default: what no exception covers', shadow: undefined,
	},
	...rights.exceptions.toSorted((one, other) => comparePaths(one.path, other.path)).map(exception => rowOf(rights, exception)),
];

const rowOf = (rights: Rights, exception: RightsException): RightsRow => {
	const {path, effect} = exception;
	const covering = rights.exceptions.filter(other => other !== exception && isCovering(other.path, path));
	const nearest = covering.toSorted((one, other) => comparePaths(one.path, other.path)).at(-1);
	const id = formatFullPath(path);
	const shadow = findShadow(rights, exception);

	return {
		id,
		effect,
		depth: covering.length,
		label: nearest === undefined ? id : id.slice(formatFullPath(nearest.path).length),
		shadow: shadow === undefined ? undefined : formatFullPath(shadow.path),
	};
};

/** What covers comes before what it covers; machines, plugins and volumes without their case. */
const comparePaths = (one: FullPath, other: FullPath): number => {
	const [left, right] = [sortKey(one), sortKey(other)];
	const different = left.findIndex((part, index) => part !== right[index]);

	if (different === -1) {
		return left.length - right.length;
	}

	return right[different] !== undefined && left[different]! < right[different] ? -1 : 1;
};

const sortKey = ({machine, plugin, volume, components}: FullPath): readonly string[] => [
	machine.toLowerCase(), ...plugin === null ? [] : [plugin], ...volume === null ? [] : [volume.toLowerCase()], ...components ?? [],
];

/** Green plus or red minus; always with its word. */
export const effectSpan = (effect: Effect): Span => effect === 'allow' ? toned('good', '+ allow ') : toned('bad', '- deny  ');

export const rightsLine = ({id, effect, depth, label, shadow}: RightsRow, isFocused: boolean): Line => [
	...marker({isFocused}),
	plain('  '.repeat(depth)),
	effectSpan(effect),
	{text: showSentence(label), isStrong: isFocused, isMuted: id === '' && !isFocused},
	...(shadow === undefined ? [] : [toned('warning', '  ! no effect')]),
];

/** `- denied by web1!file:/home`. */
export const verdictLine = (rights: Rights, path: FullPath): Line => {
	const {allowed, rule} = decideRight(rights, path);

	return [
		allowed ? toned('good', ' + allowed') : toned('bad', ' - denied'),
		plain(rule.path === null ? ' by default' : ` by ${showSentence(rule.path)}`),
	];
};

/** Why a text is no full path; `undefined`: it is one. */
export const pathProblem = problemOf(parseFullPath);
