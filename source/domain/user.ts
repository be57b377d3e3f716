import {UserError} from '../errors.ts';
import {isMailAddress} from './mail-address.ts';
import {noRights, type Rights} from './rights.ts';

export const roles = ['administrator', 'operator', 'user'] as const;

export type Role = (typeof roles)[number];

/** A password as it is kept: what scrypt made of it, and with what. */
export type PasswordHash = {
	readonly algorithm: 'scrypt';
	readonly cost: number;
	readonly blockSize: number;
	readonly parallelization: number;
	/** Base64, as is `hash`. */
	readonly salt: string;
	readonly hash: string;
};

/** Somebody who can sign in. */
export type User = {
	/** Never changes. */
	readonly name: string;
	readonly role: Role;
	readonly email: string | null;
	readonly lastSignInAt: string | null;
	readonly password: PasswordHash;
	/** Of a USER; others have `noRights`, and need none. */
	readonly rights: Rights;
};

/** Sign-ins under one name that failed since the last that did not; an attempt counts as failed until its password has been found right. */
export type FailedSignIns = {
	readonly name: string;
	readonly count: number;
	readonly lastAt: string;
};

/**
A name that somebody can have.
@throws UserError `usage`
*/
export const checkUsername = (name: string): string => {
	if (!/^[a-z][\-.0-9_a-z]{0,31}$/v.test(name)) {
		throw new UserError(`"${name}" cannot be the name of a user.`, {code: 'usage', hint: 'Use up to 32 small letters, digits, dots, dashes and underscores, a letter first.'});
	}

	if (name === 'root') {
		throw new UserError('The name "root" is reserved.', {code: 'usage', hint: 'Root of this server is an administrator without a password.'});
	}

	return name;
};

/**
The role that a word means.
@throws UserError `usage`
*/
export const parseRole = (text: string): Role => {
	const role = roles.find(each => each === text.toLowerCase());

	if (role === undefined) {
		throw new UserError(`"${text}" is no role.`, {code: 'usage', hint: `Choose from ${roles.join(', ')}.`});
	}

	return role;
};

/**
A mail address, as far as can be told.
@throws UserError `usage`
*/
export const checkUserEmail = (email: string): string => {
	if (!isMailAddress(email)) {
		throw new UserError(`"${email}" is no mail address.`, {code: 'usage', hint: 'Give one such as carol@example.com.'});
	}

	return email;
};

/**
A password that somebody can have.
@throws UserError `usage` for an empty password, or one that is no password any more.
*/
export const checkPassword = (password: string): string => {
	if (password.trim() === '') {
		throw new UserError('The password is empty.', {code: 'usage', hint: 'Give one of at least one character that is no space.'});
	}

	if (password.length > longestPassword) {
		throw new UserError(`The password is longer than ${longestPassword} characters.`, {code: 'usage', hint: 'Give a shorter one.'});
	}

	return password;
};

export const longestPassword = 1024;

/**
Keeps the last administrator.
@throws UserError `refused` when there would be no administrator left among the users.
*/
export const requireAnotherAdministrator = (users: ReadonlyArray<Pick<User, 'name' | 'role'>>, name: string): void => {
	const administrators = users.filter(({role}) => role === 'administrator');

	if (administrators.length === 1 && administrators[0]!.name === name) {
		throw new UserError(`${name} is the last administrator.`, {code: 'refused', hint: 'Make another user an administrator first.'});
	}
};

/** What a user becomes with other values. Becoming another role drops the rights. */
export const changeUser = (user: User, {role = user.role, email = user.email}: {readonly role?: Role | undefined; readonly email?: string | null | undefined}): User => ({
	...user, role, email, rights: role === user.role ? user.rights : noRights,
});

const freeAttempts = 5;
const longestPauseMs = 60_000;

/** How long, in milliseconds, nobody can sign in under a name: 1 s after five failures, then twice as long each time, up to a minute. */
export const pauseBeforeSignIn = (failed: Pick<FailedSignIns, 'count' | 'lastAt'> | undefined, now: number): number => {
	if (failed === undefined || failed.count < freeAttempts) {
		return 0;
	}

	const pause = Math.min(longestPauseMs, 1000 * (2 ** Math.min(16, failed.count - freeAttempts)));
	// A clock that was set back shuts nobody out for longer.
	const passed = Math.max(0, now - Date.parse(failed.lastAt));

	return Math.max(0, pause - passed);
};
