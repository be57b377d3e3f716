import type {Entry} from '../../domain/entry.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import type {StoredAttribute} from '../catalog/catalog-page.ts';

/** A stretch of a file that was never written; the archive holds its zeros. */
export type Hole = {readonly offset: number; readonly length: number};

/** What an archive says of one entry. */
export type TarEntry = Entry & {
	readonly device: bigint;
	readonly attributes: readonly StoredAttribute[];
	readonly holes: readonly Hole[];
	/** It had other names when it was stored: later entries may be links to it. */
	readonly isLinked: boolean;
	/** The path, earlier in the archive, that this is another name of. */
	readonly hardLinkOf: RawPath | undefined;
};

/** Everything in a tar archive comes in blocks of this many bytes. */
export const tarBlock = 512;

/** How many zeros fill the last block of `length` bytes. */
export const paddingOf = (length: number): number => (tarBlock - (length % tarBlock)) % tarBlock;
