/** The decision of rights against a slow one that was written apart from it: by prefixes of texts, without the decision's own parts. */
import test from 'ava';
import {viewBackup} from '../../source/domain/backup-view.ts';
import {parseFullPath} from '../../source/domain/full-path.ts';
import {createSelector} from '../../source/domain/selection.ts';
import {decideRight, type Effect, type Rights} from '../../source/domain/rights.ts';
import {
	intersectReaches,
	isOnTheWay,
	isWholeWithin,
	isWithin,
	limitSelection,
	reachOfTree,
} from '../../source/domain/tree-reach.ts';
import {newBackup} from './new-backup.ts';

type Written = {readonly effect: Effect; readonly text: string};

/** Numbers from 0 up to below 1, the same in each run. */
const createRandom = (seed: number): (() => number) => {
	let state = seed;

	return () => {
		state = ((state * 1_103_515_245) + 12_345) % 2_147_483_648;

		return state / 2_147_483_648;
	};
};

const random = createRandom(20_261_122);
const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
const times = <Value>(most: number, make: () => Value): readonly Value[] => Array.from({length: Math.floor(random() * (most + 1))}, () => make());

const names = ['home', 'al', 'alice', 'Alice', 'bob', 'é', 'a:b'];
const machines = ['web1', 'WEB1', 'web2', 'web11'];

/** With what means nothing: dots, doubled and trailing slashes, detours. */
const writePath = (components: readonly string[]): string => {
	const written = components.map(name => `${pick(['/', '//', '/./', '/x/../'])}${name}`).join('');

	return written === '' ? '/' : `${written}${pick(['', '/', '/.'])}`;
};

const makeRule = (): string => {
	const machine = pick(machines);
	const plugin = pick(['file', 'FILE', 'mysql']);

	return pick([
		() => machine,
		() => `${machine}!${plugin}`,
		() => `${machine}!${plugin}:${pick(['c', 'C', 'd'])}:`,
		() => `${machine}!${plugin}:${pick(['', ':', 'c:', 'C:'])}${writePath(times(3, () => pick(names)))}`,
		() => `${machine}!${plugin}:${writePath(times(3, () => pick(names)))}`,
		() => `${machine}!${plugin}:${writePath(times(3, () => pick(names)))}`,
	])();
};

const lower = (text: string): string => text.replaceAll(/[A-Z]/gv, letter => letter.toLowerCase());

/** `machine`, `machine!plugin`, `machine!plugin:volume`, and then a component at a time, each ended by a NUL. */
const flatten = (text: string): string => {
	const {machine, plugin, volume, path} = /^(?<machine>[^!]+)(?:!(?<plugin>[^:]+)(?::(?:(?<volume>[^\/:]*):)?(?<path>\/.*)?)?)?$/v.exec(text)!.groups!;
	const hasVolume = path !== undefined || (volume !== undefined && volume !== '');
	const pieces = [lower(machine!), ...plugin === undefined ? [] : [lower(plugin)], ...hasVolume ? [`${lower(volume ?? '')}:`] : []];
	const stack: string[] = [];

	for (const name of (path ?? '').split('/')) {
		if (name === '..') {
			stack.pop();
		} else if (name !== '' && name !== '.') {
			stack.push(name);
		}
	}

	return [...pieces, ...stack].map(piece => `${piece}\0`).join('');
};

const isAllowedByOracle = (byDefault: Effect, rules: readonly Written[], text: string): boolean => {
	const path = flatten(text);
	const covering = rules.filter(rule => path.startsWith(flatten(rule.text)));

	return covering.some(({effect}) => effect === 'deny') ? false : covering.length > 0 || byDefault === 'allow';
};

const makeRights = (): {readonly byDefault: Effect; readonly rules: readonly Written[]; readonly rights: Rights} => {
	const byDefault = pick(['allow', 'deny'] as const);
	const rules = times(6, () => ({effect: pick(['allow', 'deny'] as const), text: makeRule()}));

	return {byDefault, rules, rights: {default: byDefault, exceptions: rules.map(({effect, text}) => ({effect, path: parseFullPath(text)}))}};
};

test('any path is decided as the oracle says, whatever the order of the rules', t => {
	let allowed = 0;

	for (let round = 0; round < 5000; round++) {
		const {byDefault, rules, rights} = makeRights();
		const text = makeRule();
		const isExpected = isAllowedByOracle(byDefault, rules, text);
		allowed += Number(isExpected);
		t.is(decideRight(rights, parseFullPath(text)).allowed, isExpected, `${byDefault} ${JSON.stringify(rules)} ${text}`);
		t.is(decideRight({...rights, exceptions: rights.exceptions.toReversed()}, parseFullPath(text)).allowed, isExpected);
	}

	t.true(allowed > 500 && allowed < 4500, `${allowed} of 5000 were allowed: too few of one kind to tell`);
});

test('what of a home is within, on the way and whole is what the oracle says of each path', t => {
	const paths = ['', ...names.flatMap(one => [one, ...names.flatMap(two => [`${one}/${two}`, `${one}/${two}/al`])])];
	const asText = (path: string): string => Array.from(path, character => character.codePointAt(0)! < 128 ? character : 'é').join('').replaceAll('éé', 'é');
	const raw = paths.map(path => path.replaceAll('é', 'Ã©'));

	for (let round = 0; round < 300; round++) {
		const {byDefault, rules, rights} = makeRights();
		const home = pick(['/home', '/home/alice', '/al']);
		const reach = reachOfTree(rights, {machine: 'web1', home});
		const isAllowed = (path: string): boolean => isAllowedByOracle(byDefault, rules, `web1!file:${home}/${asText(path)}`);
		const within = raw.filter(path => isWithin(reach, path));
		t.deepEqual(within, raw.filter(path => isAllowed(path)), `${byDefault} ${JSON.stringify(rules)} ${home}`);

		for (const path of raw) {
			const below = raw.filter(other => path === '' || other === path || other.startsWith(`${path}/`));

			t.true(!isWholeWithin(reach, path) || below.every(each => isAllowed(each)), `${path} is whole`);
			t.true(isAllowed(path) || isOnTheWay(reach, path) || below.every(each => !isAllowed(each)), `${path} is on the way`);
			t.false(isAllowed(path) && isOnTheWay(reach, path));
		}

		// A choice is divided: each path is on one side of it, and on the right one.
		const selection = {rules: [{path: '', isIncluded: random() < 0.5}, {path: pick(raw), isIncluded: true}, {path: pick(raw), isIncluded: false}], excludes: []};
		const {within: kept, withheld} = limitSelection(selection, reach);
		const [chosen, inside, outside] = [selection, kept, withheld].map(each => createSelector(each).isSelected);

		for (const path of raw) {
			t.is(inside!(path), chosen!(path) && isAllowed(path), path);
			t.is(outside!(path), chosen!(path) && !isAllowed(path), path);
		}

		const other = reachOfTree(makeRights().rights, {machine: 'web1', home});
		const both = intersectReaches(reach, other);
		t.deepEqual(raw.filter(path => isWithin(both, path)), raw.filter(path => isWithin(reach, path) && isWithin(other, path)));
	}
});

test('what a backup shows to a USER does not depend on what is denied in it', t => {
	const item = (name: 'homedir' | 'cron' | 'databases', parts: ReadonlyArray<{readonly name: string; readonly kind?: 'mysql' | 'postgresql'}> = []) => ({
		name, status: 'complete' as const, parts: parts.map(part => ({
			...part, status: 'complete' as const, sizeBytes: 5, error: null,
		})), sizeBytes: 5, fileCount: 1, error: null,
	});
	const rights: Rights = {default: 'deny', exceptions: [{effect: 'allow', path: parseFullPath('web1!file:/home/alice/public_html')}, {effect: 'allow', path: parseFullPath('web1!mysql:/alice/alice_shop')}]};
	const place = {
		id: '0000000000000000', machine: 'web1', home: '/home/alice', createdAt: '2026-11-03T02:30:00.000Z',
	};
	const shop = {name: 'alice_shop', kind: 'mysql'} as const;
	const small = newBackup({...place, items: [item('homedir'), item('databases', [shop])]});
	const large = newBackup({
		...place, sizeBytes: 99, status: 'partial', items: [item('homedir'), item('databases', [shop, {name: 'alice_crm', kind: 'mysql'}, {name: 'alice_shop2', kind: 'postgresql'}]), {...item('cron', [{name: 'cron'}]), status: 'partial'}],
	});
	t.deepEqual(viewBackup(rights, large), viewBackup(rights, small));
	t.is(viewBackup(rights, {...large, machine: 'web2'}), undefined);
	t.is(viewBackup(rights, {...large, machine: undefined}), undefined);
	t.is(viewBackup(undefined, large), large);
});
