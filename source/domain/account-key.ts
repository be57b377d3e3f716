import type {KeyKind} from './backup.ts';

/**
A key of an account: what its encrypted backups lie under. It holds no secret: a local key's lies wrapped at each destination, a remote one's is in its owner's hand.
*/
export type AccountKey = {
	/** 32 hexadecimal digits; names the folder of its backups at a destination. */
	readonly id: string;
	readonly accountUuid: string;
	readonly kind: KeyKind;
	/** ISO 8601, UTC, milliseconds. */
	readonly createdAt: string;
	/** Since when new backups no longer use it; `null`: the account's current key. */
	readonly retiredAt: string | null;
	/** Armoured OpenPGP public key; `null` for a local key. */
	readonly publicKey: string | null;
	/** Of the public key, hexadecimal; `null` for a local key. */
	readonly fingerprint: string | null;
};

/** The key that new encrypted backups of an account use. */
export const currentKeyOf = (keys: readonly AccountKey[], accountUuid: string): AccountKey | undefined => keys.find(key => key.accountUuid === accountUuid && key.retiredAt === null);
