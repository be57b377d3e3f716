/** Every action against every role, told from the list of what `actions/` exports: a new one without a decision fails here. */
import {globSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import type {Actor, Context} from '../../source/actions/context.ts';
import {permissions, type ActionName} from '../../source/domain/permissions.ts';
import {roles} from '../../source/domain/user.ts';
import {UserError} from '../../source/errors.ts';
import {listAuditFiles} from '../../source/state/audit-log.ts';
import type {Store} from '../../source/state/store.ts';
import {temporaryFolder} from '../sandbox.ts';

/** What actions are built of: nobody calls these but actions and the wiring. */
const parts = new Set(['action', 'requirePermission']);

class Reached extends Error {}

const reached = () => {
	throw new Reached('The action went on.');
};

const contextOf = (actor: Actor, directory: string): Context => ({
	store: {
		directory, isReadOnly: false, read: reached, update: reached, remove: reached, keys: reached, signature: reached,
	} satisfies Store,
	clock: {now: () => new Date(0)},
	actor,
	isReadOnly: false,
});

type Called = (context: Context, ...input: readonly unknown[]) => Promise<unknown> | AsyncGenerator;

const folder = join(import.meta.dirname, '..', '..', 'source', 'actions');

const readActions = async (): Promise<ReadonlyMap<string, Called>> => {
	const found = new Map<string, Called>();

	for (const file of globSync('**/*.js', {cwd: folder})) {
		const module = await import(join(folder, file)) as Readonly<Record<string, unknown>>;

		for (const [name, value] of Object.entries(module)) {
			if (Object.hasOwn(permissions, name)) {
				found.set(name, value as Called);
			}
		}
	}

	return found;
};

/** Input on which any action comes as far as its first look at the state, or at its input. */
const input = [{}, {}] as const;

const call = async (run: Called, context: Context): Promise<unknown> => {
	try {
		const made = run(context, ...input);

		if (made instanceof Promise) {
			await made;
		} else {
			await made.next();
		}

		return undefined;
	} catch (error) {
		return error;
	}
};

const isRefusedByRole = (error: unknown): boolean => error instanceof UserError && error.code === 'refused' && error.message.startsWith('This is for administrators');

test('every action of the table exists', async t => {
	const actions = await readActions();

	t.deepEqual(Object.keys(permissions).filter(name => !actions.has(name)), []);
});

const sources = globSync('source/actions/**/*.ts').map(file => ({file, text: readFileSync(file, 'utf8')}));

test('what takes a whole context is in the table, or is a part that only actions use', t => {
	const exported = sources.flatMap(({text}) => Array.from(text.matchAll(/^export const (?<name>\w+) = (?:async )?(?:function \* )?\((?:context|\{[^\}]*\}): Context\b/gmv), match => match.groups!.name!));
	const open = exported.filter(name => !Object.hasOwn(permissions, name) && !parts.has(name));
	const outside = globSync('source/{commands,ui}/**/*.{ts,tsx}').map(file => ({file, text: readFileSync(file, 'utf8')}));
	const used = open.flatMap(name => outside.filter(({text}) => new RegExp(String.raw`\b${name}\b`, 'v').test(text)).map(({file}) => `${name} in ${file}`));

	t.true(exported.length > 5);
	t.deepEqual(used, []);
});

for (const role of roles) {
	test(`${role}: every action is refused or goes on as the table says`, async t => {
		const actions = await readActions();
		const directory = await temporaryFolder(t);
		t.true(actions.size > 60);

		for (const [name, run] of actions) {
			const isAllowed = permissions[name as ActionName].roles.includes(role);
			const state = join(directory, name);
			mkdirSync(state);

			// The daemon would go on for ever; who may is told by those who may not.
			if (name === 'runDaemon' && isAllowed) {
				continue;
			}

			const error = await call(run, contextOf({name: 'carol', role}, state));
			t.is(isRefusedByRole(error), !isAllowed, `${name}: ${String(error)}`);
		}
	});
}

test('what changes something is in the audit log, also when it is refused', async t => {
	const actions = await readActions();
	const directory = await temporaryFolder(t);

	for (const [name, run] of actions) {
		const state = join(directory, name);
		mkdirSync(state);
		await call(run, contextOf({name: 'carol', role: 'user'}, state));
		const files = await listAuditFiles(state);
		const lines = files.flatMap(file => readFileSync(file, 'utf8').trim().split('\n')).map(line => JSON.parse(line) as Readonly<Record<string, unknown>>);

		t.deepEqual(lines.map(line => line.action), permissions[name as ActionName].isChanging ? [name] : [], name);
	}
});
