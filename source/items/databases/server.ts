import type {DatabaseKind} from '../../domain/owned-names.ts';
import type {Finding} from '../../domain/item.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import type {Swap, SwapJournal} from './swap-journal.ts';

/** One database server, of whichever make. Names are text. */
export type DatabaseServer = {
	readonly kind: DatabaseKind;
	list(): Promise<readonly string[]>;
	/** Where its databases lie on this machine. */
	dataFolder(): Promise<RawPath | undefined>;
	capture(name: string, folder: RawPath): Promise<readonly Finding[]>;
	/** @throws Error with the live database as it was */
	restore(name: string, options: {readonly folder: RawPath; readonly isOwnUser: (name: string) => boolean; readonly journal: SwapJournal}): Promise<readonly Finding[]>;
	/**
	Brings an exchange that was begun to its end, or undoes it, and takes it from the journal.
	@returns what was done, in words
	*/
	mend(swap: Swap, journal: SwapJournal): Promise<string>;
	remove(name: string): Promise<void>;
	/** @throws Error where the live database lacks something of the stored one */
	check(name: string, folder: RawPath): Promise<void>;
};
