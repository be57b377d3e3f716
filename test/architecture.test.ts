/** The layer table, compared with the real imports: an import points left, never sideways. */
import {globSync, readFileSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import test from 'ava';

const layers: Readonly<Record<string, readonly string[]>> = {
	domain: [],
	system: ['domain'],
	engine: ['domain', 'system'],
	state: ['domain', 'system'],
	items: ['domain', 'system', 'engine', 'state'],
	runner: ['domain', 'system', 'engine', 'state', 'items'],
	actions: ['domain', 'system', 'engine', 'state', 'items', 'runner'],
	commands: ['domain', 'actions'],
	ui: ['domain', 'actions'],
};

/** Files outside the layers: who may import them, and what they may import. */
const everywhere = new Set(['source/errors.ts', 'source/version.ts']);
const wiring = new Set(['source/cli.ts', 'source/command-line.ts']);
const outsideDomain = /^(?:node:|react|ink|zod|lowdb|nanoid|koffi)/v;

const importPattern = /(?:from|import)\s*(?:\(\s*)?'(?<target>[^']+)'/gv;
const files = globSync('source/**/*.{ts,tsx}');
const imports = files.flatMap(file => Array.from(readFileSync(file, 'utf8').matchAll(importPattern), match => ({file, target: match.groups!.target!})));

const layerOf = (file: string): string | undefined => {
	const [, folder] = file.split('/', 2);

	return folder !== undefined && Object.hasOwn(layers, folder) ? folder : undefined;
};

const isAllowed = (file: string, target: string): boolean => {
	if (wiring.has(file) || everywhere.has(target)) {
		return true;
	}

	const from = layerOf(file);
	const to = layerOf(target);

	return from !== undefined && to !== undefined && (from === to || layers[from]!.includes(to));
};

test('every file belongs to a layer', t => {
	t.true(files.length > 50);
	t.deepEqual(files.filter(file => layerOf(file) === undefined && !everywhere.has(file) && !wiring.has(file)), []);
});

test('an import points left, never sideways', t => {
	const local = imports.filter(({target}) => target.startsWith('.')).map(({file, target}) => ({file, target: normalize(join(dirname(file), target))}));

	t.true(local.length > 100);
	t.deepEqual(local.filter(({file, target}) => !isAllowed(file, target)), []);
});

/** The rooms of the engine, each using those before it; what coordinates them lies above. */
const rooms = ['base', 'storage', 'segments', 'catalog', 'vault', 'backup', 'tar', 'restore', 'package', 'care'];

/** A backup whose structure is an archive hands its work on. */
const handings = new Set(['source/engine/backup/backup-run.ts → source/engine/tar/archive-run.ts']);

const roomOf = (file: string): string | undefined => /^source\/engine\/(?<room>[^\/]+)\//v.exec(file)?.groups?.room;

test('a room of the engine uses those before it', t => {
	const crossings = imports
		.filter(({target}) => target.startsWith('.'))
		.map(({file, target}) => ({file, target: normalize(join(dirname(file), target))}))
		.filter(({file, target}) => roomOf(file) !== undefined && roomOf(target) !== undefined);

	t.true(crossings.length > 100);
	t.deepEqual(crossings
		.filter(({file, target}) => rooms.indexOf(roomOf(file)!) < rooms.indexOf(roomOf(target)!))
		.map(({file, target}) => `${file} → ${target}`)
		.filter(crossing => !handings.has(crossing)), []);
});

test('the domain knows no platform', t => {
	t.deepEqual(imports.filter(({file, target}) => layerOf(file) === 'domain' && outsideDomain.test(target)), []);
});

test('components of the terminal have no words of the domain', t => {
	t.deepEqual(imports.filter(({file, target}) => file.startsWith('source/ui/components/') && target.includes('/actions/')), []);
});

test('commands answer without the terminal\'s libraries', t => {
	t.deepEqual(imports.filter(({file, target}) => layerOf(file) !== 'ui' && /^(?:ink|react)/v.test(target)), []);
});
