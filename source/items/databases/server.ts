import type {DatabaseKind} from '../../domain/owned-names.ts';
import type {Finding} from '../../domain/item.ts';
import type {RawPath} from '../../domain/raw-name.ts';

/** One database server, of whichever make. Names are text. */
export type DatabaseServer = {
	readonly kind: DatabaseKind;
	list(): Promise<readonly string[]>;
	capture(name: string, folder: RawPath): Promise<readonly Finding[]>;
	/** @throws Error with the live database as it was */
	restore(name: string, options: {readonly folder: RawPath; readonly isOwnUser: (name: string) => boolean}): Promise<readonly Finding[]>;
	remove(name: string): Promise<void>;
	/** @throws Error where the live database lacks something of the stored one */
	check(name: string, folder: RawPath): Promise<void>;
};
