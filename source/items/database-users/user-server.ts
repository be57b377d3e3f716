import type {DatabaseKind} from '../../domain/owned-names.ts';

/** What is kept of a user, beside what each kind of server adds. */
export type StoredUser = {readonly version: 1; readonly kind: DatabaseKind; readonly user: string};

/** A stored user beside the one of its name that is live now. */
export type OpenedUser = {
	readonly isLive: boolean;
	readonly isSame: boolean;
	/**
	Makes the live one what is stored.
	@returns what could not be given, in words
	*/
	set(): Promise<readonly string[]>;
};

/** The users of a database server that are an account's. */
export type UserServer = {
	readonly kind: DatabaseKind;
	list(): Promise<readonly string[]>;
	/** Those that are named for the account and not taken, in words. */
	remark(): Promise<readonly string[]>;
	/** `foreign`: what of it is not the account's to have back, in words. */
	capture(user: string): Promise<{readonly record: StoredUser; readonly foreign: readonly string[]}>;
	/** @throws Error for one that is not the account's, or not sound */
	open(record: StoredUser): Promise<OpenedUser>;
	/** Of one that is listed. */
	remove(user: string): Promise<void>;
};
