import {compareText} from '../domain/queue.ts';
import {noRights} from '../domain/rights.ts';
import {
	changeUser,
	checkPassword,
	checkUserEmail,
	checkUsername,
	requireAnotherAdministrator,
	type Role,
	type User,
} from '../domain/user.ts';
import {UserError} from '../errors.ts';
import {hashPassword} from '../system/password-hash.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {checkSignIn} from './sign-in.ts';

/** A user as it is shown. */
export type UserView = Pick<User, 'name' | 'role' | 'email' | 'lastSignInAt'>;

export type NewUser = {readonly name: string; readonly role: Role; readonly email: string | null; readonly password: string};

/** All users, by name. */
export const listUsers = action('listUsers', async ({store}: Context): Promise<readonly UserView[]> => {
	const {users} = await store.read('users');

	return users.map(user => viewUser(user)).toSorted((left, right) => compareText(left.name, right.name));
});

/**
Makes a user.
@throws UserError `usage`, or `refused` when there is one of that name.
*/
export const createUser = action('createUser', async ({store}: Context, {name, role, email, password}: NewUser): Promise<UserView> => {
	const user: User = {
		name: checkUsername(name), role, email: email === null ? null : checkUserEmail(email), lastSignInAt: null, password: await hashPassword(checkPassword(password)), rights: noRights,
	};

	await store.update('users', undefined, draft => {
		if (draft.users.some(each => each.name === name)) {
			throw new UserError(`There is a user "${name}" already.`, {code: 'refused', hint: 'Names stay with their users; choose another one.'});
		}

		draft.users.push(user);
	});

	return viewUser(user);
});

/**
Changes role and mail address; another role drops the rights.
@throws UserError `notFound`, `usage`, `refused` for the last administrator.
*/
export const setUser = action('setUser', async ({store}: Context, name: string, changes: {readonly role?: Role | undefined; readonly email?: string | undefined}): Promise<UserView> => {
	if (changes.email !== undefined) {
		checkUserEmail(changes.email);
	}

	return store.update('users', undefined, draft => {
		const user = requireUser(draft.users, name);

		if (changes.role !== undefined && changes.role !== 'administrator') {
			requireAnotherAdministrator(draft.users, name);
		}

		const changed = changeUser(user, changes);
		draft.users = draft.users.map(each => each.name === name ? changed : each);

		return viewUser(changed);
	});
});

/**
@throws UserError `notFound`, `refused` for the last administrator.
*/
export const deleteUser = action('deleteUser', async ({store}: Context, name: string): Promise<UserView> => store.update('users', undefined, draft => {
	const user = requireUser(draft.users, name);
	requireAnotherAdministrator(draft.users, name);
	draft.users = draft.users.filter(each => each.name !== name);

	return viewUser(user);
}));

/**
Gives a user another password; everybody but an administrator can only change the own one.
@throws UserError `refused` for a wrong old password, `usage` for an empty new one, `notFound`.
*/
export const changePassword = action('changePassword', async (context: Context, name: string, {oldPassword, password}: {readonly oldPassword: string; readonly password: string}): Promise<UserView> => {
	const {store, actor} = context;

	if (actor.role !== 'administrator' && actor.name !== name) {
		throw new UserError('Only the own password can be changed.', {code: 'refused', hint: `Change yours: "holdfast user passwd ${actor.name}".`});
	}

	checkPassword(password);
	const {users} = await store.read('users');
	const before = requireUser(users, name);
	await checkSignIn(context, {name, password: oldPassword});
	const hash = await hashPassword(password);

	return store.update('users', undefined, draft => {
		const user = requireUser(draft.users, name);

		if (user.password.hash !== before.password.hash) {
			throw new UserError(`The password of ${name} was changed meanwhile.`, {code: 'refused', hint: 'Try again with the one it has now.'});
		}

		draft.users = draft.users.map(each => each.name === name ? {...each, password: hash} : each);

		return viewUser(user);
	});
});

export const requireUser = (users: readonly User[], name: string): User => {
	const user = users.find(each => each.name === name);

	if (user === undefined) {
		throw new UserError(`There is no user "${name}".`, {code: 'notFound', hint: 'See all with "holdfast user list".'});
	}

	return user;
};

const viewUser = ({name, role, email, lastSignInAt}: User): UserView => ({
	name, role, email, lastSignInAt,
});
