/** OpenPGP keys of account owners: making a pair, taking a public key in, unlocking a private one. */
import {Buffer} from 'node:buffer';
import type {Key, PrivateKey} from 'openpgp';
import {UserError} from '../errors.ts';
import {forbidCoreDumps} from './core-dumps.ts';

/** All armoured; the fingerprint is hexadecimal. */
export type OpenpgpPair = {
	readonly publicKey: string;
	/** Locked where a passphrase was given. */
	readonly privateKey: string;
	readonly fingerprint: string;
};

export type PairOptions = {
	/** Whose key it is, for people: part of the key's user id. */
	readonly name: string;
	readonly now: Date;
	readonly passphrase?: string | undefined;
};

export type TakenKey = Omit<OpenpgpPair, 'privateKey'> & {
	/** What was given was a private key, of which only the public half was taken. */
	readonly wasPrivate: boolean;
};

/** An owner's private key, open. */
export type UnlockedKey = {
	readonly fingerprint: string;
	/** Armoured, without passphrase. */
	readonly privateKey: string;
};

/** What armoured keys begin with. */
const armour = '-----BEGIN PGP';
/** A key with photos and signatures of many others is longer, and the state is no place for those. */
const longestPublicKey = 65_536;
const unreadByOldTools = new Set(['x25519', 'x448']);

/** Makes a key pair of which this server keeps the public half alone. gpg 2.2 knows no other curve25519 than the legacy one. */
export const makeKeyPair = async ({name, now, passphrase}: PairOptions): Promise<OpenpgpPair> => {
	await forbidCoreDumps();
	const {generateKey} = await import('openpgp');
	const {privateKey, publicKey} = await generateKey({
		type: 'ecc',
		curve: 'curve25519Legacy',
		// eslint-disable-next-line @typescript-eslint/naming-convention -- the library's word
		userIDs: {name, comment: 'Holdfast backups'},
		date: now,
		...passphrase !== undefined && {passphrase},
		format: 'object',
	});

	return {publicKey: publicKey.armor(), privateKey: privateKey.armor(), fingerprint: publicKey.getFingerprint()};
};

/**
Takes in the public key of an owner, armoured or binary. Of a private key only the public half is kept.
@throws UserError `key` where nothing can be encrypted to it, or where gpg 2.2 could not open what was.
*/
export const takePublicKey = async (content: Uint8Array, now: Date): Promise<TakenKey> => {
	const key = await readOnlyKey(content);
	const publicKey = key.toPublic().armor();

	if (publicKey.length > longestPublicKey) {
		throw unusable('it is too long', 'Leave out photos and others\' signatures: "gpg --export-options export-minimal --armor --export ADDRESS > FILE".');
	}

	await checkEncrypting(key, now);

	return {publicKey, fingerprint: key.getFingerprint(), wasPrivate: key.isPrivate()};
};

/**
Opens a private key, armoured or binary.
@throws UserError `key` for what is no private key, and for a wrong or missing passphrase.
*/
export const unlockPrivateKey = async (content: Uint8Array, passphrases: readonly string[]): Promise<UnlockedKey> => {
	await forbidCoreDumps();
	const {decryptKey} = await import('openpgp');
	const key = await readPrivateHalf(content);

	if (key.isDecrypted()) {
		return {fingerprint: key.getFingerprint(), privateKey: key.armor()};
	}

	if (passphrases.length === 0) {
		throw new UserError('The private key has a passphrase.', {code: 'key', hint: 'Give it in the first line of a file with --passphrase-file.'});
	}

	let unlocked: PrivateKey;

	try {
		unlocked = await decryptKey({privateKey: key, passphrase: [...passphrases]});
	} catch {
		// What the library says of it is of no use to anybody, and must not come near a passphrase.
		throw new UserError('The passphrase does not open the private key.', {code: 'key', hint: 'Nothing was done. Try again with the right one.'});
	}

	return {fingerprint: unlocked.getFingerprint(), privateKey: unlocked.armor()};
};

/**
Whether a private key, armoured or binary, wants a passphrase.
@throws UserError `key` for what is no private key.
*/
export const hasPassphrase = async (content: Uint8Array): Promise<boolean> => {
	const key = await readPrivateHalf(content);

	return !key.isDecrypted();
};

const readPrivateHalf = async (content: Uint8Array): Promise<PrivateKey> => {
	const key = await readOnlyKey(content);

	if (!key.isPrivate()) {
		throw new UserError('This is a public key: it opens nothing.', {code: 'key', hint: 'Give the private one that belongs to it: "gpg --armor --export-secret-keys ADDRESS > FILE".'});
	}

	return key;
};

const readOnlyKey = async (content: Uint8Array): Promise<Key> => {
	const {readKeys} = await import('openpgp');
	const text = Buffer.from(content).toString('latin1');
	let keys: readonly Key[];

	try {
		keys = text.includes(armour) ? await readKeys({armoredKeys: text}) : await readKeys({binaryKeys: Uint8Array.from(content)});
	} catch (error) {
		throw new UserError('This is no OpenPGP key.', {code: 'key', hint: 'Give a file with one key, as "gpg --armor --export" writes it.', cause: error});
	}

	const [key, ...others] = keys;

	if (key === undefined || others.length > 0) {
		throw new UserError(`The file holds ${keys.length} keys.`, {code: 'key', hint: 'Give a file with exactly one: name its address or its fingerprint to "gpg --armor --export".'});
	}

	return key;
};

const checkEncrypting = async (key: Key, now: Date): Promise<void> => {
	// Version 4 is what gpg 2.2 knows.
	if (Reflect.get(key.keyPacket, 'version') !== 4) {
		throw unusable('it has a format that gpg 2.2 does not know', newKeyHint);
	}

	const algorithm = await findAlgorithm(key, now);

	if (unreadByOldTools.has(algorithm)) {
		throw unusable(`gpg 2.2 does not know ${algorithm}`, newKeyHint);
	}
};

const findAlgorithm = async (key: Key, now: Date): Promise<string> => {
	try {
		const encrypting = await key.getEncryptionKey(undefined, now);

		return encrypting.getAlgorithmInfo().algorithm;
	} catch (error) {
		throw unusable(reasonOf(error as Error), newKeyHint, error);
	}
};

const reasonOf = ({message}: Error): string => {
	if (message.includes('expired')) {
		return 'it has expired';
	}

	return message.includes('revoked') ? 'it was revoked' : 'none of its parts is for encryption';
};

const newKeyHint = 'Give another one, or let Holdfast make a pair with --private-key-out FILE.';

const unusable = (reason: string, hint: string, cause?: unknown): UserError => new UserError(`Backups cannot be encrypted to this key: ${reason}.`, {code: 'key', hint, cause});
