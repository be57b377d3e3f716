import {
	chmod,
	chown,
	copyFile,
	mkdtemp,
	readFile,
	readdir,
	rm,
	stat,
	symlink,
	truncate,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../source/errors.ts';
import {openStore} from '../../source/state/open-store.ts';

const modeOf = async (path: string): Promise<number> => {
	const {mode} = await stat(path);

	return mode & 0o777;
};

const isRoot = process.getuid!() === 0;
const uuid = '0f6b1c9e-6c0a-4b0e-9c1f-2f3a4b5c6d7e';

const sandbox = async (t: ExecutionContext): Promise<string> => {
	const directory = await mkdtemp(join(tmpdir(), 'holdfast-store-'));
	t.teardown(async () => rm(directory, {recursive: true, force: true}));

	return join(directory, 'state');
};

const create = async (t: ExecutionContext) => {
	const directory = await sandbox(t);

	return openStore({directory, isReadOnly: false, isCreating: true});
};

const setNumber = async (store: Awaited<ReturnType<typeof create>>, value: number) => store.update('settings', undefined, draft => {
	draft.values.n = value;
});

test('an empty state reads as the defaults and makes no file', async t => {
	const store = await create(t);

	t.deepEqual(await store.read('settings'), {values: {}});
	const {groups} = await store.read('groups');
	t.deepEqual(groups.map(({name}) => name), ['High', 'Normal', 'Low']);
	t.deepEqual(await readdir(store.directory), []);
});

test('what is saved is there for another store, and closed to others', async t => {
	const store = await create(t);

	t.is(await store.update('tasks', uuid, () => 'result'), 'result');
	await setNumber(store, 1);
	const other = await openStore({directory: store.directory, isReadOnly: true});

	t.deepEqual(await other.read('settings'), {values: {n: 1}});
	t.deepEqual(await other.keys('tasks'), [uuid]);
	t.is(await modeOf(store.directory), 0o700);
	t.is(await modeOf(join(store.directory, 'settings.json')), 0o600);
	t.is(await modeOf(join(store.directory, 'tasks')), 0o700);
});

test('a store sees what another one saved meanwhile', async t => {
	const store = await create(t);
	const other = await openStore({directory: store.directory, isReadOnly: false});

	await setNumber(store, 1);
	t.deepEqual(await other.read('settings'), {values: {n: 1}});
	await setNumber(store, 2);
	await other.update('settings', undefined, draft => {
		draft.values.other = true;
	});
	t.deepEqual(await store.read('settings'), {values: {n: 2, other: true}});
});

test('what was read cannot be changed by accident', async t => {
	const store = await create(t);
	await setNumber(store, 1);
	const {values} = await store.read('settings');

	t.throws(() => {
		(values as Record<string, number>).n = 2;
	}, {instanceOf: TypeError});
});

test('a change that throws, or would damage the state, saves nothing', async t => {
	const store = await create(t);
	await setNumber(store, 1);

	await t.throwsAsync(store.update('settings', undefined, draft => {
		draft.values.n = 2;
		throw new Error('no');
	}), {message: 'no'});
	await t.throwsAsync(store.update('settings', undefined, draft => {
		Object.assign(draft.values, {n: null});
	}), {message: /would have damaged the state/v});
	t.deepEqual(await store.read('settings'), {values: {n: 1}});
	await setNumber(store, 3);
	t.deepEqual(await store.read('settings'), {values: {n: 3}});
});

test('read-only refuses every change', async t => {
	const {directory} = await create(t);
	const store = await openStore({directory, isReadOnly: true});

	await t.throwsAsync(setNumber(store, 1), {instanceOf: UserError, message: /read-only/v});
	t.deepEqual(await readdir(directory), []);
});

const bad = {
	'not JSON': {content: '{"version": 1, "val', says: /settings\.json is damaged/v, remedy: /cp -p .*settings\.json\.1/v},
	empty: {content: '', says: /settings\.json is damaged/v, remedy: /cp -p /v},
	'not an object': {content: '[]', says: /it is not an object/v, remedy: /cp -p /v},
	'without a version': {content: '{"values": {}}', says: /does not say its version/v, remedy: /cp -p /v},
	'of the wrong shape': {content: '{"version": 1, "values": {"n": null}}', says: /values\.n/v, remedy: /cp -p /v},
	'with an unknown field': {content: '{"version": 1, "values": {}, "more": 1}', says: /more/v, remedy: /cp -p /v},
	newer: {content: '{"version": 2, "values": {}}', says: /newer Holdfast \(version 2/v, remedy: /Install that newer Holdfast/v},
};

for (const [name, {content, says, remedy}] of Object.entries(bad)) {
	test(`a file that is ${name} is refused with its remedy and left as it is`, async t => {
		const store = await create(t);
		await setNumber(store, 1);
		await setNumber(store, 2);
		const path = join(store.directory, 'settings.json');
		await writeFile(path, content);

		for (const attempt of [async () => store.read('settings'), async () => setNumber(store, 3)]) {
			const error = await t.throwsAsync(attempt, {instanceOf: UserError});
			t.is((error).code, 'damaged');
			t.regex(error.message, says);
			t.regex((error).hint ?? '', remedy);
		}

		t.is(await readFile(path, 'utf8'), content);
	});
}

test('a file that is gone while its copies exist is not read as empty', async t => {
	const store = await create(t);
	await setNumber(store, 1);
	await setNumber(store, 2);
	await rm(join(store.directory, 'settings.json'));

	await t.throwsAsync(store.read('settings'), {message: /settings\.json is missing/v});
});

test('a copy that is damaged itself is not offered', async t => {
	const store = await create(t);

	for (const value of [1, 2, 3]) {
		await setNumber(store, value);
	}

	await truncate(join(store.directory, 'settings.json'), 10);
	await truncate(join(store.directory, '.bak', 'settings.json.1'), 10);
	const error = await t.throwsAsync<UserError>(store.read('settings'));

	t.regex(error.hint ?? '', /settings\.json\.2/v);
});

test('a file that was never changed has a copy, too', async t => {
	const store = await create(t);
	await setNumber(store, 1);
	const path = join(store.directory, 'settings.json');
	await truncate(path, 10);
	const error = await t.throwsAsync<UserError>(store.read('settings'));
	t.regex(error.hint ?? '', /settings\.json\.1/v);
	await copyFile(join(store.directory, '.bak', 'settings.json.1'), path);
	const {values} = await store.read('settings');
	t.deepEqual(values, {n: 1});
});

test('the last three versions are kept', async t => {
	const store = await create(t);

	for (const value of [1, 2, 3, 4, 5]) {
		await setNumber(store, value);
	}

	const names = await readdir(join(store.directory, '.bak'));
	t.deepEqual(names.toSorted(), ['settings.json.1', 'settings.json.2', 'settings.json.3']);

	for (const [index, value] of [4, 3, 2].entries()) {
		const text = await readFile(join(store.directory, '.bak', `settings.json.${index + 1}`), 'utf8');
		t.deepEqual(JSON.parse(text), {version: 1, values: {n: value}});
	}
});

test('a link in place of a file is not followed', async t => {
	const store = await create(t);
	await symlink('/etc/passwd', join(store.directory, 'settings.json'));

	await t.throwsAsync(store.read('settings'), {instanceOf: UserError});
});

test('an open state directory is closed', async t => {
	const store = await create(t);
	await chmod(store.directory, 0o755);
	await openStore({directory: store.directory, isReadOnly: false});

	t.is(await modeOf(store.directory), 0o700);
});

test('no state directory is said so', async t => {
	const error = await t.throwsAsync<UserError>(openStore({directory: await sandbox(t), isReadOnly: false}));

	t.is(error.code, 'notFound');
	t.regex(error.hint ?? '', /holdfast init/v);
});

(isRoot ? test : test.skip)('a state directory or file of somebody else is refused', async t => {
	const store = await create(t);
	await setNumber(store, 1);
	await chown(join(store.directory, 'settings.json'), 12_345, 12_345);
	const fileError = await t.throwsAsync<UserError>(store.read('settings'));
	t.is(fileError.code, 'refused');

	await chown(store.directory, 12_345, 12_345);
	const error = await t.throwsAsync<UserError>(openStore({directory: store.directory, isReadOnly: false}));
	t.is(error.code, 'refused');
	t.regex(error.message, /12345/v);
});

test('keys are checked before they become paths', async t => {
	const store = await create(t);

	await t.throwsAsync(store.read('tasks', '../accounts'), {instanceOf: TypeError});
	await t.throwsAsync(store.read('tasks'), {instanceOf: TypeError});
	await t.throwsAsync(store.read('accounts', uuid), {instanceOf: TypeError});
});
