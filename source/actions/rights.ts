import {formatFullPath, parseFullPath, type FullPath} from '../domain/full-path.ts';
import {
	decideRight,
	findException,
	findShadow,
	type Effect,
	type Rights,
	type Rule,
} from '../domain/rights.ts';
import type {User} from '../domain/user.ts';
import {UserError} from '../errors.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {requireUser} from './users.ts';

/** Rights as they are shown. */
export type RightsView = {
	readonly default: Effect;
	readonly exceptions: ReadonlyArray<{readonly path: string; readonly effect: Effect}>;
};

export type ChangedRights = RightsView & {
	/** The deny that keeps what was just allowed from having any effect; `null` in all other cases. */
	readonly shadow: string | null;
};

export type Explained = {readonly path: string; readonly allowed: boolean; readonly rule: Rule};

/**
The rights of a USER.
@throws UserError `notFound`, `usage` for somebody who is no USER.
*/
export const showRights = action('showRights', async ({store}: Context, name: string): Promise<RightsView> => {
	const {users} = await store.read('users');

	return viewRights(restricted(users, name).rights);
});

/**
Whether a USER may have a path, and by which rule.
@throws UserError `notFound`, `usage`.
*/
export const explainRight = action('explainRight', async ({store}: Context, name: string, text: string): Promise<Explained> => {
	const path = parseFullPath(text);
	const {users} = await store.read('users');

	return {path: formatFullPath(path), ...decideRight(restricted(users, name).rights, path)};
});

/** What holds where no exception does. Throws as `showRights`. */
export const setDefaultRight = action('setDefaultRight', async (context: Context, name: string, effect: Effect): Promise<ChangedRights> => change(context, name, rights => ({...rights, default: effect})));

/**
Adds an exception.
@throws UserError `notFound`, `usage`, also for a path that has one.
*/
export const addRight = action('addRight', async (context: Context, name: string, text: string, effect: Effect): Promise<ChangedRights> => {
	const path = parseFullPath(text);

	return change(context, name, rights => {
		if (findException(rights, path) !== undefined) {
			throw new UserError(`There is an exception for ${formatFullPath(path)} already.`, {code: 'usage', hint: 'Turn it round with "holdfast rights flip", or take it away with "holdfast rights remove".'});
		}

		return {...rights, exceptions: [...rights.exceptions, {path, effect}]};
	}, path);
});

/**
Turns an exception round: an allow becomes a deny, a deny an allow.
@throws UserError `notFound`, `usage`.
*/
export const flipRight = action('flipRight', async (context: Context, name: string, text: string): Promise<ChangedRights> => {
	const path = parseFullPath(text);

	return change(context, name, rights => {
		const found = requireException(rights, path);

		return {...rights, exceptions: rights.exceptions.map(exception => exception === found ? {...exception, effect: exception.effect === 'allow' ? 'deny' : 'allow'} : exception)};
	}, path);
});

/**
Takes an exception away.
@throws UserError `notFound`, `usage`.
*/
export const removeRight = action('removeRight', async (context: Context, name: string, text: string): Promise<ChangedRights> => {
	const path = parseFullPath(text);

	return change(context, name, rights => {
		const found = requireException(rights, path);

		return {...rights, exceptions: rights.exceptions.filter(exception => exception !== found)};
	});
});

const change = async ({store}: Context, name: string, decide: (rights: Rights) => Rights, path?: FullPath): Promise<ChangedRights> => store.update('users', undefined, draft => {
	const rights = decide(restricted(draft.users, name).rights);
	draft.users = draft.users.map(user => user.name === name ? {...user, rights} : user);
	const changed = path === undefined ? undefined : findException(rights, path);
	const shadow = changed && findShadow(rights, changed);

	return {...viewRights(rights), shadow: shadow === undefined ? null : formatFullPath(shadow.path)};
});

const restricted = (users: readonly User[], name: string): User => {
	const user = requireUser(users, name);

	if (user.role !== 'user') {
		throw new UserError(`${name} is an ${user.role}: nothing is hidden from those.`, {code: 'usage', hint: 'Only users of the role "user" have restoration rights.'});
	}

	return user;
};

const requireException = (rights: Rights, path: FullPath): Rights['exceptions'][number] => {
	const found = findException(rights, path);

	if (found === undefined) {
		throw new UserError(`There is no exception for ${formatFullPath(path)}.`, {code: 'notFound', hint: 'See all with "holdfast rights show".'});
	}

	return found;
};

const viewRights = (rights: Rights): RightsView => ({
	default: rights.default,
	exceptions: rights.exceptions.map(({path, effect}) => ({path: formatFullPath(path), effect})),
});
