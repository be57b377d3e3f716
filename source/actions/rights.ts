import {formatFullPath, parseFullPath} from '../domain/full-path.ts';
import {changeRights, type RightsChange} from '../domain/rights-change.ts';
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
export const setDefaultRight = action('setDefaultRight', async (context: Context, name: string, effect: Effect): Promise<ChangedRights> => change(context, name, [{type: 'default', effect}]));

/**
Adds an exception.
@throws UserError `notFound`, `usage`, also for a path that has one.
*/
export const addRight = action('addRight', async (context: Context, name: string, path: string, effect: Effect): Promise<ChangedRights> => change(context, name, [{type: 'added', path, effect}]));

/**
Turns an exception round: an allow becomes a deny, a deny an allow.
@throws UserError `notFound`, `usage`.
*/
export const flipRight = action('flipRight', async (context: Context, name: string, path: string): Promise<ChangedRights> => change(context, name, [{type: 'flipped', path}]));

/**
Takes an exception away.
@throws UserError `notFound`, `usage`.
*/
export const removeRight = action('removeRight', async (context: Context, name: string, path: string): Promise<ChangedRights> => change(context, name, [{type: 'removed', path}]));

/**
Makes several changes at once: all of them, or none.
@throws UserError `notFound`, `usage`.
*/
export const saveRights = action('saveRights', async (context: Context, name: string, changes: readonly RightsChange[]): Promise<ChangedRights> => change(context, name, changes));

const change = async ({store}: Context, name: string, changes: readonly RightsChange[]): Promise<ChangedRights> => store.update('users', undefined, draft => {
	let {rights} = restricted(draft.users, name);

	for (const each of changes) {
		rights = changeRights(rights, each);
	}

	draft.users = draft.users.map(user => user.name === name ? {...user, rights} : user);

	return {...viewRights(rights), shadow: shadowOf(rights, changes.at(-1))};
});

/** The deny that keeps what was changed last from having any effect. */
const shadowOf = (rights: Rights, last: RightsChange | undefined): string | null => {
	const path = last === undefined || last.type === 'default' ? undefined : parseFullPath(last.path);
	const changed = path && findException(rights, path);
	const shadow = changed && findShadow(rights, changed);

	return shadow === undefined ? null : formatFullPath(shadow.path);
};

const restricted = (users: readonly User[], name: string): User => {
	const user = requireUser(users, name);

	if (user.role !== 'user') {
		throw new UserError(`${name} is an ${user.role}: nothing is hidden from those.`, {code: 'usage', hint: 'Only users of the role "user" have restoration rights.'});
	}

	return user;
};

const viewRights = (rights: Rights): RightsView => ({
	default: rights.default,
	exceptions: rights.exceptions.map(({path, effect}) => ({path: formatFullPath(path), effect})),
});
