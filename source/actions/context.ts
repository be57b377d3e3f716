import type {OwnerKeys} from '../runner/owner-keys.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';

/** Who acts: what is recorded as `requestedBy`, and what decides what is allowed. */
export type Actor = {
	readonly name: string;
	readonly role: 'administrator' | 'operator' | 'user';
	/** With a password, as a Holdfast user. */
	readonly isSignedIn?: boolean;
};

/** What every action is given. */
export type Context = {
	readonly store: Store;
	readonly clock: Clock;
	readonly actor: Actor;
	/** Started with `--read-only`: the store refuses every change. */
	readonly isReadOnly: boolean;
	/** Private keys of owners that were given to read what only they open. */
	readonly ownerKeys?: OwnerKeys | undefined;
};
