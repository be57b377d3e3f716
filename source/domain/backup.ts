import type {ItemResult} from './item.ts';
import type {RawPath} from './raw-name.ts';

export type BackupKind = 'scheduled' | 'manual' | 'onDemand' | 'safety' | 'imported';
export type BackupStatus = 'complete' | 'partial' | 'damaged';
export type Structure = 'incremental' | 'archived' | 'compressed';
export type KeyKind = 'local' | 'remote';

/** Which vault a backup lies in: that of a destination, or inside it that of an account's key. */
export type VaultPlace = {
	/** The id of a destination. */
	readonly destination: string;
	readonly keyId?: string | undefined;
};

/** Groups backups by the vault they lie in. */
export const byVault = <Placed extends VaultPlace>(backups: Iterable<Placed>): ReadonlyArray<readonly [VaultPlace, readonly Placed[]]> => {
	const groups = Map.groupBy(backups, ({destination, keyId}) => `${destination}/${keyId ?? ''}`);

	return groups.values().map(group => [{destination: group[0]!.destination, keyId: group[0]!.keyId}, group] as const).toArray();
};

/** What the state remembers of a backup; the details stay in the manifest at the destination. Field names are those of `--json`. */
export type Backup = {
	/** 16 characters of 0–9a–z. */
	readonly id: string;
	readonly accountUuid: string;
	/** The account's name when the backup was made. */
	readonly account: string;
	/** The machine it was made on, by its name then. */
	readonly machine?: string | undefined;
	/** Raw path of the account's home then. */
	readonly home?: RawPath | undefined;
	/** ISO 8601, UTC, milliseconds; so are all times below. */
	readonly createdAt: string;
	readonly kind: BackupKind;
	readonly status: BackupStatus;
	readonly structure: Structure;
	readonly job: string | null;
	readonly schedules: readonly string[];
	readonly locked: boolean;
	readonly lockedUntil: string | null;
	readonly encrypted: boolean;
	readonly keyKind: KeyKind | null;
	/** The account's key that it lies under; not there where it lies under the server's. */
	readonly keyId?: string | undefined;
	/** The id of the destination. */
	readonly destination: string;
	/** Content of regular files, a hard link once. */
	readonly sizeBytes: number;
	/** What making it added to the destination. */
	readonly storedBytes: number;
	/** Regular files. */
	readonly fileCount: number;
	readonly items: readonly ItemResult[];
};
