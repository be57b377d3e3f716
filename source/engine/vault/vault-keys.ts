/**
The vault's root key as it lies in the vault: wrapped under the server's master key and under the recovery key. Without it a vault is lost, so `keys/` holds the same
object twice.
*/
import {Buffer} from 'node:buffer';
import {UserError} from '../../errors.ts';
import {FormatError} from '../base/bytes.ts';
import {
	deriveKey,
	open,
	seal,
	SealError,
} from '../base/keys.ts';
import type {Storage} from '../storage/storage.ts';

const version = 1;

type WrappedKey = {readonly by: 'master' | 'recovery'; readonly sealed: string};
type WrappedKeys = {readonly version: number; readonly wraps: readonly WrappedKey[]};
type InnerKey = {readonly rootKey: string; readonly publicKey: string | null};
type NewInnerKey = {readonly outerKey: Uint8Array; readonly keyId: string; readonly publicKey: string | null};
type NewKeys = {readonly vaultId: string; readonly masterKey: Uint8Array; readonly recoveryKey: Uint8Array};

export const encodeWrappedKeys = (rootKey: Uint8Array, {vaultId, masterKey, recoveryKey}: NewKeys): Buffer => {
	const keys: WrappedKeys = {
		version,
		wraps: [
			{by: 'master', sealed: wrap(masterKey, rootKey, vaultId)},
			{by: 'recovery', sealed: wrap(recoveryKey, rootKey, vaultId)},
		],
	};

	return Buffer.from(JSON.stringify(keys, undefined, '\t'));
};

/**
Reads the root key, which `key` opens; one undamaged copy of the wrapped keys is enough.
@throws UserError `key` when it does not open it, `damaged`
*/
export const readRootKey = (storage: Storage, {by, key, vaultId}: {readonly by: 'master' | 'recovery'; readonly key: Uint8Array; readonly vaultId: string}): Buffer => {
	const stored = storage.list('keys').map(({name}) => readWrappedKeys(storage, name));
	const wraps = stored.flatMap(keys => keys?.wraps ?? []).filter(wrapped => wrapped.by === by);

	for (const {sealed} of wraps) {
		try {
			return open(wrapKey(key), Buffer.from(sealed, 'base64'), Buffer.from(vaultId));
		} catch (error) {
			if (!(error instanceof SealError)) {
				throw error;
			}
		}
	}

	if (stored.includes(undefined)) {
		throw new UserError('The wrapped keys of this vault are damaged.', {code: 'damaged', hint: 'Put back the folder keys/ from another copy of this destination; nothing was changed.'});
	}

	throw new UserError('The key does not open this vault.', {
		code: 'key',
		hint: by === 'master' ? 'The state directory belongs to another server, or the destination to another state.' : 'Check the recovery key.',
	});
};

/**
Reads one copy of the wrapped keys.
@returns `undefined` where it is damaged: another may not be
*/
const readWrappedKeys = (storage: Storage, name: string): WrappedKeys | undefined => {
	try {
		const keys: unknown = JSON.parse(storage.read(name).toString());

		return isWrappedKeys(keys) ? keys : undefined;
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof FormatError) {
			return undefined;
		}

		throw error;
	}
};

const isWrappedKeys = (keys: unknown): keys is WrappedKeys => {
	const wraps = (keys as {readonly wraps?: unknown} | null)?.wraps;

	return Array.isArray(wraps) && wraps.every(wrapped => typeof (wrapped as WrappedKey | null)?.sealed === 'string');
};

/** The root key of an account's vault, wrapped under that of the vault it lies in, with the public key that its runs wrap theirs to. */
export const encodeInnerKey = (rootKey: Uint8Array, {outerKey, keyId, publicKey}: NewInnerKey): Buffer => {
	const content: InnerKey = {rootKey: Buffer.from(rootKey).toString('base64'), publicKey};

	const plain = Buffer.from(JSON.stringify(content));
	const inner = seal(innerKey(outerKey), plain, Buffer.from(keyId)).toString('base64');

	return Buffer.from(JSON.stringify({version, inner}, undefined, '\t'));
};

/**
Opens the root key of an account's vault; one undamaged copy is enough.
@throws UserError `damaged`
*/
export const readInnerKey = (storage: Storage, {outerKey, keyId}: {readonly outerKey: Uint8Array; readonly keyId: string}): {readonly rootKey: Buffer; readonly publicKey: string | null} => {
	for (const {name} of storage.list('keys')) {
		const opened = tryOpenInner(storage.read(name), {outerKey, keyId});

		if (opened) {
			return {rootKey: Buffer.from(opened.rootKey, 'base64'), publicKey: opened.publicKey};
		}
	}

	throw new UserError(`The wrapped keys of the account's key ${keyId} are damaged or missing.`, {code: 'damaged', hint: 'Put back its folder keys/ from another copy of this destination; nothing was changed.'});
};

/** `undefined` where this copy is damaged: another may not be. */
const tryOpenInner = (bytes: Buffer, {outerKey, keyId}: {readonly outerKey: Uint8Array; readonly keyId: string}): InnerKey | undefined => {
	try {
		const {inner} = JSON.parse(bytes.toString()) as {readonly inner?: unknown};

		if (typeof inner !== 'string') {
			return undefined;
		}

		const plain = open(innerKey(outerKey), Buffer.from(inner, 'base64'), Buffer.from(keyId));

		return JSON.parse(plain.toString()) as InnerKey;
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof SealError) {
			return undefined;
		}

		throw error;
	}
};

const innerKey = (outerKey: Uint8Array): Buffer => deriveKey(outerKey, 'account vault');

const wrapKey = (key: Uint8Array): Buffer => deriveKey(key, 'root key');

const wrap = (key: Uint8Array, rootKey: Uint8Array, vaultId: string): string => seal(wrapKey(key), rootKey, Buffer.from(vaultId)).toString('base64');
