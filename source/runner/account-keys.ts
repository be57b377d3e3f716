/** Keys of accounts as the state has them. */
import {randomBytes} from 'node:crypto';
import {currentKeyOf, type AccountKey} from '../domain/account-key.ts';
import type {Identity} from '../domain/account.ts';
import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';

type Tools = {readonly store: Store; readonly clock: Clock};

/** `null`: the account has no key any more. Public halves are armoured. */
export type NewAccountKey = {readonly kind: 'local'} | {readonly kind: 'remote'; readonly publicKey: string; readonly fingerprint: string} | null;

/** The key that an encrypted backup of an account lies under: its current one, else a local one that is made now. */
export const ensureAccountKey = async ({store, clock}: Tools, {uuid, encryption}: Pick<Identity, 'uuid' | 'encryption'>): Promise<AccountKey> => {
	const {keys} = await store.read('account-keys');

	// A key of the server's in its place would let others read what its owner alone may.
	if (encryption.key === 'remote' && currentKeyOf(keys, uuid) === undefined) {
		throw new UserError('The account has a key that its owner keeps, but its public half is missing from the state.', {code: 'key', hint: 'Take it in again with "holdfast account encryption NAME --key remote --public-key FILE", or bring account-keys.json back from a copy of the state.'});
	}

	const key = currentKeyOf(keys, uuid) ?? await store.update('account-keys', undefined, draft => {
		const made = currentKeyOf(draft.keys, uuid) ?? toRecord(uuid, {kind: 'local'}, clock.now());
		draft.keys = [...draft.keys.filter(({id}) => id !== made.id), made];

		return made;
	});

	// Also where whoever set the key died before this was said.
	if (encryption.key !== key.kind) {
		await sayKind(store, uuid, key.kind);
	}

	return key;
};

/** Gives an account another key: the one it has retires, and its backups stay under it. */
export const replaceAccountKey = async ({store, clock}: Tools, accountUuid: string, key: NewAccountKey): Promise<AccountKey | null> => {
	const now = clock.now();
	const made = key === null ? null : toRecord(accountUuid, key, now);

	await store.update('account-keys', undefined, draft => {
		const others = draft.keys.map(each => each.accountUuid === accountUuid && each.retiredAt === null ? {...each, retiredAt: now.toISOString()} : each);
		draft.keys = made === null ? others : [...others, made];
	});
	await sayKind(store, accountUuid, made?.kind ?? 'none');

	return made;
};

/** Makes all keys of an account another's, retired: what that one stores from now on is not sealed to a former owner. */
export const moveAccountKeys = async ({store, clock}: Tools, from: string, to: string): Promise<void> => {
	const {keys} = await store.read('account-keys');

	if (keys.every(({accountUuid}) => accountUuid !== from)) {
		return;
	}

	await store.update('account-keys', undefined, draft => {
		draft.keys = draft.keys.map(key => key.accountUuid === from ? {...key, accountUuid: to, retiredAt: key.retiredAt ?? clock.now().toISOString()} : key);
	});
};

const toRecord = (accountUuid: string, key: NonNullable<NewAccountKey>, now: Date): AccountKey => ({
	id: randomBytes(16).toString('hex'),
	accountUuid,
	kind: key.kind,
	createdAt: now.toISOString(),
	retiredAt: null,
	publicKey: key.kind === 'remote' ? key.publicKey : null,
	fingerprint: key.kind === 'remote' ? key.fingerprint : null,
});

const sayKind = async (store: Store, uuid: string, kind: Identity['encryption']['key']): Promise<void> => store.update('accounts', undefined, draft => {
	draft.identities = draft.identities.map(identity => identity.uuid === uuid ? {...identity, encryption: {...identity.encryption, key: kind}} : identity);
});
