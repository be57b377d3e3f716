/**
The key hierarchy. The server's master key opens the vault's *root key*, which lies in the vault wrapped under the master key and under the recovery
key; everything else derives from the root key by HKDF-SHA-256 with a purpose as info. Each run seals its blocks under a fresh *data key*.
*/
import {Buffer} from 'node:buffer';
import {
	createCipheriv,
	createDecipheriv,
	hkdfSync,
	randomBytes,
} from 'node:crypto';

export const keyLength = 32;
export const idLength = 16;
const nonceLength = 12;
export const tagLength = 16;

/** Sealing failed to open: changed bytes, a wrong key, or a record that belongs elsewhere. */
export class SealError extends Error {
	override readonly name = 'SealError';
}

export type DataKey = {
	readonly id: Buffer;
	readonly key: Buffer;
	/** The key as it is stored: sealed under the vault's root key, or an OpenPGP message to its owner. */
	readonly wrapped: Buffer;
};

/** A data key that its owner's private key opened. */
export type OpenedDataKey = {
	/** Hexadecimal. */
	readonly id: string;
	readonly key: Uint8Array;
};

export const deriveKey = (secret: Uint8Array, purpose: string, salt: Uint8Array = Buffer.alloc(0)): Buffer => Buffer.from(hkdfSync('sha256', secret, salt, `holdfast ${purpose}`, keyLength));

/** AES-256-GCM with a random nonce: nonce ‖ ciphertext ‖ tag. For records made rarely; `context` is authenticated and ties the record to its place. */
export const seal = (key: Uint8Array, plain: Uint8Array, context: Uint8Array): Buffer => {
	const nonce = randomBytes(nonceLength);

	return Buffer.concat([nonce, sealWithNonce({
		key, nonce, plain, context,
	})]);
};

/**
Opens what `seal` made.
@throws SealError
*/
export const open = (key: Uint8Array, sealed: Uint8Array, context: Uint8Array): Buffer => {
	if (sealed.length < nonceLength + tagLength) {
		throw new SealError('too short to be a sealed record');
	}

	return openWithNonce({
		key, nonce: sealed.subarray(0, nonceLength), sealed: sealed.subarray(nonceLength), context,
	});
};

type SealWithNonce = {readonly key: Uint8Array; readonly nonce: Uint8Array; readonly plain: Uint8Array; readonly context: Uint8Array};
type OpenWithNonce = {readonly key: Uint8Array; readonly nonce: Uint8Array; readonly sealed: Uint8Array; readonly context: Uint8Array};

/** Ciphertext and tag. The nonce must never be used twice under `key`. */
export const sealParts = ({key, nonce, plain, context}: SealWithNonce): [Buffer, Buffer] => {
	const cipher = createCipheriv('aes-256-gcm', key, nonce);
	cipher.setAAD(context);
	const body = cipher.update(plain);
	cipher.final();

	return [body, cipher.getAuthTag()];
};

/** Ciphertext ‖ tag, as `sealParts` makes them. */
export const sealWithNonce = (options: SealWithNonce): Buffer => Buffer.concat(sealParts(options));

/**
Opens what `sealWithNonce` made.
@throws SealError
*/
export const openWithNonce = ({key, nonce, sealed, context}: OpenWithNonce): Buffer => {
	const end = sealed.length - tagLength;

	if (end < 0) {
		throw new SealError('too short to be a sealed record');
	}

	const decipher = createDecipheriv('aes-256-gcm', key, nonce);
	decipher.setAAD(context);
	decipher.setAuthTag(sealed.subarray(end));
	const plain = decipher.update(sealed.subarray(0, end));

	try {
		decipher.final();
	} catch {
		throw new SealError('does not open: changed bytes or another key');
	}

	return plain;
};

export const createDataKey = (rootKey: Uint8Array): DataKey => {
	const id = randomBytes(idLength);
	const key = randomBytes(keyLength);

	return {id, key, wrapped: seal(deriveKey(rootKey, 'data keys'), key, id)};
};

/** Whether a data key is sealed under the vault's root key; else it is an OpenPGP message. */
export const isSealedDataKey = (wrapped: Uint8Array): boolean => wrapped.length === nonceLength + keyLength + tagLength;

/**
Opens a sealed data key.
@throws SealError
*/
export const unwrapDataKey = (rootKey: Uint8Array, id: Uint8Array, wrapped: Uint8Array): Buffer => open(deriveKey(rootKey, 'data keys'), wrapped, id);
