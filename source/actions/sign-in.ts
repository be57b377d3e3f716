import {pauseBeforeSignIn, longestPassword, type User} from '../domain/user.ts';
import {UserError} from '../errors.ts';
import {appendAudit} from '../state/audit-log.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import {isPassword} from '../system/password-hash.ts';

export type SignIn = {readonly name: string; readonly password: string};

type SignInTools = {readonly store: Store; readonly clock: Clock};

/** Names nobody has are remembered too, so that they cannot be told from others; not without end. */
const rememberedNames = 1000;

/**
Checks a password. Each attempt counts as a failure before it is looked at, so that attempts at the same time slow one another down, too.
@throws UserError `refused`, the same for a wrong password and a user there is not.
*/
export const checkSignIn = async ({store, clock}: SignInTools, {name, password}: SignIn): Promise<User> => {
	const isKnown = /^[a-z][\-.0-9_a-z]{0,31}$/v.test(name);
	const pause = isKnown ? await countAttempt({store, clock}, name) : 0;

	if (pause > 0) {
		await logSignIn({store, clock}, name, 'refused');
		const seconds = Math.ceil(pause / 1000);
		throw new UserError(`Too many sign-ins as "${name}" failed.`, {code: 'refused', hint: `Try again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`});
	}

	const {users} = await store.read('users');
	const user = users.find(each => each.name === name);
	const isRight = await isPassword(password.slice(0, longestPassword + 1), user?.password);

	if (user === undefined || !isRight) {
		await logSignIn({store, clock}, name, 'refused');
		throw new UserError(`The sign-in of "${name}" failed.`, {code: 'refused', hint: 'Check the name and the password.'});
	}

	await store.update('failed-sign-ins', undefined, draft => {
		draft.names = draft.names.filter(each => each.name !== name);
	});

	return user;
};

/**
As `checkSignIn`, and remembers when it was.
@throws UserError `refused`
*/
export const signIn = async ({store, clock}: SignInTools, credentials: SignIn): Promise<User> => {
	const {name} = await checkSignIn({store, clock}, credentials);
	await logSignIn({store, clock}, name, 'done');

	return store.update('users', undefined, draft => {
		const at = clock.now().toISOString();
		const user = draft.users.find(each => each.name === name);

		if (user === undefined) {
			throw new UserError(`The sign-in of "${name}" failed.`, {code: 'refused', hint: 'Check the name and the password.'});
		}

		draft.users = draft.users.map(each => each.name === name ? {...each, lastSignInAt: at} : each);

		return structuredClone(user);
	});
};

const countAttempt = async ({store, clock}: SignInTools, name: string): Promise<number> => store.update('failed-sign-ins', undefined, draft => {
	const now = clock.now();
	const failed = draft.names.find(each => each.name === name);
	const pause = pauseBeforeSignIn(failed, now.getTime());

	if (pause === 0) {
		const others = draft.names.filter(each => each.name !== name);
		draft.names = [...others, {name, count: (failed?.count ?? 0) + 1, lastAt: now.toISOString()}].slice(-rememberedNames);
	}

	return pause;
});

const logSignIn = async ({store, clock}: SignInTools, name: string, result: 'done' | 'refused'): Promise<void> => appendAudit(store.directory, {
	at: clock.now().toISOString(), user: name.slice(0, 64), action: 'signIn', target: null, fields: [], result,
});
