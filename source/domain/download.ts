import type {RawPath} from './raw-name.ts';
import type {ItemName, PartResult} from './item.ts';
import type {ItemChoice, Selection} from './restore.ts';

/** An item in a download, with the raw names of its parts; of the home `selection` says what is in it. */
export type DownloadItem = {readonly name: ItemName; readonly parts: ReadonlyArray<Pick<PartResult, 'name' | 'kind'>>};

/** Parts of a backup, packed into one file that opens without Holdfast. */
export type Download = {
	/** 16 characters of 0–9a–z. */
	readonly id: string;
	readonly accountUuid: string;
	/** The account's name when the backup was made; so are machine and home. */
	readonly account: string;
	readonly machine?: string | undefined;
	readonly home?: RawPath | undefined;
	readonly backup: string;
	readonly items: readonly DownloadItem[];
	/** What of the home is in it. */
	readonly selection: Selection;
	/** Something that was asked for is missing in it. */
	readonly isPartial: boolean;
	/** Absolute path of the file. */
	readonly path: string;
	readonly sizeBytes: number;
	/** Of the file, hexadecimal. */
	readonly sha256: string;
	readonly isEncrypted: boolean;
	readonly createdAt: string;
	/** `null`: never. */
	readonly expiresAt: string | null;
	readonly fetchCount: number;
	readonly notes: string;
	/** Name of the Holdfast user who asked for it. */
	readonly requestedBy: string;
};

export type DownloadRequest = {
	readonly backup: string;
	/** Without it: the home alone where files are chosen, else every item that the backup has. */
	readonly items?: readonly ItemChoice[] | undefined;
	/** Of the home. */
	readonly selection: Selection;
	readonly notes: string;
	/** An armoured OpenPGP public key that the package is encrypted to. */
	readonly recipient: string | null;
};

const dayMs = 86_400_000;

/** When a download made now goes; `null`: never. */
export const expiryOf = (now: Date, ttlDays: number): string | null => ttlDays === 0 ? null : new Date(now.getTime() + (ttlDays * dayMs)).toISOString();

export const isExpired = ({expiresAt}: Pick<Download, 'expiresAt'>, now: Date): boolean => expiresAt !== null && expiresAt <= now.toISOString();

type Named = Pick<Download, 'account' | 'createdAt' | 'isEncrypted'>;

/** The name it gets where it is saved into a folder. */
export const packageNameOf = ({account, createdAt, isEncrypted}: Named): string =>
	`${account.replaceAll(/[^\w\-.]/gv, '_').replace(/^[\-.]/v, '_')}-${createdAt.slice(0, 10)}.tar.gz${isEncrypted ? '.gpg' : ''}`;
