import process from 'node:process';
import {userInfo} from 'node:os';
import {UserError} from '../errors.ts';
import {openStore} from '../state/open-store.ts';
import {systemClock} from '../system/clock.ts';
import type {Actor, Context} from './context.ts';
import {signIn} from './sign-in.ts';

export type OpenContextOptions = {
	/** Absolute path. */
	readonly stateDirectory: string;
	readonly isReadOnly: boolean;
	/** The Holdfast user to act as. */
	readonly credentials?: {readonly name: string; readonly password: string} | undefined;
	/** Makes the state directory where there is none. */
	readonly isCreating?: boolean;
};

/**
Opens the state and decides who acts. Root, and the owner of the state directory, are administrators.
@throws UserError `notFound` without a state, `refused` when it is somebody else's or the sign-in failed.
*/
export const openContext = async ({stateDirectory, isReadOnly, credentials, isCreating = false}: OpenContextOptions): Promise<Context> => {
	const store = await openStore({directory: stateDirectory, isReadOnly, isCreating});

	if (credentials === undefined) {
		return {
			store, clock: systemClock, isReadOnly, actor: owner(),
		};
	}

	// Signing in counts attempts, also for what only reads.
	const {name, role} = await signIn({store: isReadOnly ? await openStore({directory: stateDirectory, isReadOnly: false}) : store, clock: systemClock}, credentials);

	return {
		store, clock: systemClock, isReadOnly, actor: {name, role, isSignedIn: true},
	};
};

/**
For what needs more than an empty state directory.
@throws UserError `notFound` when the first set-up was not made or not finished.
*/
export const requireSetup = async ({store}: Pick<Context, 'store'>): Promise<void> => {
	const {destinations} = await store.read('destinations');

	if (destinations.length === 0) {
		throw new UserError(`Holdfast is not set up in ${store.directory}.`, {
			code: 'notFound',
			hint: 'Set it up with "holdfast init", try "holdfast demo", or name another directory with --state.',
		});
	}
};

/** Who opened the store owns its directory, so without a name it is an administrator. */
const owner = (): Actor => ({name: process.geteuid!() === 0 ? 'root' : ownName(), role: 'administrator'});

const ownName = (): string => {
	try {
		return userInfo().username;
	} catch {
		// A user id without a line in passwd has no name.
		return String(process.geteuid!());
	}
};
