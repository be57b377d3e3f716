import type {Item} from '../item.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import type {Mailbox} from './mailboxes.ts';

/** A mailbox that is about to be put back. */
export type PartRestore = {
	plan(): ReturnType<Item['plan']>;
	putBack(): ReturnType<Item['putBack']>;
	check(): ReturnType<Item['check']>;
};

export type StoredMailbox = {
	readonly mailbox: Mailbox;
	/** Absolute path in the folder of the part. */
	readonly stored: RawPath;
};
