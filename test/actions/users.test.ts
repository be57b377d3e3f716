/* eslint-disable unicorn/no-await-expression-member -- a result is looked at once */
import test, {type ExecutionContext} from 'ava';
import type {Context} from '../../source/actions/context.ts';
import {signIn} from '../../source/actions/sign-in.ts';
import {
	changePassword,
	createUser,
	deleteUser,
	listUsers,
	setUser,
} from '../../source/actions/users.ts';
import {UserError, type ErrorCode} from '../../source/errors.ts';
import {openStore} from '../../source/state/open-store.ts';
import {temporaryFolder} from '../sandbox.ts';

const sandbox = async (t: ExecutionContext): Promise<{readonly context: Context; readonly pass: (seconds: number) => void}> => {
	let now = Date.parse('2026-06-15T12:00:00.000Z');
	const store = await openStore({directory: await temporaryFolder(t), isReadOnly: false, isCreating: true});

	return {
		context: {
			store, clock: {now: () => new Date(now)}, isReadOnly: false, actor: {name: 'root', role: 'administrator'},
		},
		pass(seconds) {
			now += seconds * 1000;
		},
	};
};

const carol = {
	name: 'carol', role: 'user', email: 'carol@example.com', password: 'geheim',
} as const;

const failsWith = async (t: ExecutionContext, code: ErrorCode, run: () => Promise<unknown>): Promise<void> => {
	const error = await t.throwsAsync<UserError>(run, {instanceOf: UserError});
	t.is(error?.code, code, error?.message);
};

test('a user is made, listed, changed and deleted', async t => {
	const {context} = await sandbox(t);
	await createUser(context, carol);
	await failsWith(t, 'refused', async () => createUser(context, carol));
	await failsWith(t, 'usage', async () => createUser(context, {...carol, name: 'Carol'}));
	await failsWith(t, 'usage', async () => createUser(context, {...carol, name: 'root'}));
	await failsWith(t, 'usage', async () => createUser(context, {...carol, name: 'dora', password: ' '}));
	await setUser(context, 'carol', {email: 'c@example.org'});
	t.deepEqual(await listUsers(context), [{
		name: 'carol', role: 'user', email: 'c@example.org', lastSignInAt: null,
	}]);
	await deleteUser(context, 'carol');
	t.deepEqual(await listUsers(context), []);
	await failsWith(t, 'notFound', async () => deleteUser(context, 'carol'));
});

test('the last administrator stays', async t => {
	const {context} = await sandbox(t);
	await createUser(context, {...carol, role: 'administrator'});
	await failsWith(t, 'refused', async () => deleteUser(context, 'carol'));
	await failsWith(t, 'refused', async () => setUser(context, 'carol', {role: 'operator'}));
	await createUser(context, {...carol, name: 'dora', role: 'administrator'});
	await deleteUser(context, 'carol');
	await failsWith(t, 'refused', async () => deleteUser(context, 'dora'));
});

test('a password is changed with the old one, and only the own', async t => {
	const {context} = await sandbox(t);
	await createUser(context, carol);
	await createUser(context, {...carol, name: 'dora'});
	const own: Context = {...context, actor: {name: 'carol', role: 'user'}};
	await failsWith(t, 'refused', async () => changePassword(own, 'carol', {oldPassword: 'wrong', password: 'new'}));
	await failsWith(t, 'refused', async () => changePassword(own, 'dora', {oldPassword: 'geheim', password: 'new'}));
	await failsWith(t, 'usage', async () => changePassword(own, 'carol', {oldPassword: 'geheim', password: ''}));
	await changePassword(own, 'carol', {oldPassword: 'geheim', password: 'new'});
	await failsWith(t, 'refused', async () => signIn(context, {name: 'carol', password: 'geheim'}));
	const user = await signIn(context, {name: 'carol', password: 'new'});
	t.is(user.role, 'user');
	const {users} = await context.store.read('users');
	t.false(JSON.stringify(users).includes('"new"'));
	t.is(users.find(({name}) => name === 'carol')?.lastSignInAt, '2026-06-15T12:00:00.000Z');
});

test('failed sign-ins slow down, at the same time too, also under a name nobody has', async t => {
	const {context, pass} = await sandbox(t);
	await createUser(context, carol);

	for (const name of ['carol', 'nobody']) {
		const errors = await Promise.all(Array.from({length: 6}, async () => t.throwsAsync<UserError>(signIn(context, {name, password: 'wrong'}))));
		const messages = errors.map(error => error?.message ?? '').toSorted();
		t.deepEqual(messages, [...Array.from({length: 5}, () => `The sign-in of "${name}" failed.`), `Too many sign-ins as "${name}" failed.`]);
	}

	await failsWith(t, 'refused', async () => signIn(context, {name: 'carol', password: 'geheim'}));
	pass(2);
	await signIn(context, {name: 'carol', password: 'geheim'});
	t.deepEqual((await context.store.read('failed-sign-ins')).names.map(({name}) => name), ['nobody']);
});
