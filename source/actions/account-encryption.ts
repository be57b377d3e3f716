import {currentKeyOf, type AccountKey} from '../domain/account-key.ts';
import type {AccountView} from '../domain/account-view.ts';
import type {EncryptionPreference, Identity} from '../domain/account.ts';
import type {KeyKind} from '../domain/backup.ts';
import {findAccount} from '../domain/find-account.ts';
import {compareText} from '../domain/queue.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {replaceAccountKey, type NewAccountKey} from '../runner/account-keys.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {makeKeyPair, takePublicKey, type OpenpgpPair} from '../system/openpgp-keys.ts';
import {showAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

export type EncryptionInput = {
	/** Name (as text) or UUID. */
	readonly account: string;
	readonly preference?: EncryptionPreference | undefined;
	/** A new key of this kind; the one it has retires. */
	readonly key?: KeyKind | undefined;
	/** The owner's existing public key, as a file holds it; without it a pair is made for a remote key. */
	readonly publicKey?: Uint8Array | undefined;
	/** Of the pair that is made. */
	readonly passphrase?: string | undefined;
	/** Gets the private half of the pair before anything is changed; when it rejects nothing is. */
	readonly handOut?: ((pair: OpenpgpPair) => Promise<void>) | undefined;
};

/** A key of an account with what lies under it. */
export type KeyView = Omit<AccountKey, 'publicKey'> & {readonly backupCount: number};

export type EncryptionView = {
	readonly account: AccountView;
	/** The current one first, then those that retired, the newest first. */
	readonly keys: readonly KeyView[];
};

export type EncryptionChanged = EncryptionView & {
	/** What was given as a public key was a private one; only its public half is kept. */
	readonly wasPrivate: boolean;
};

/**
The encryption of an account, and every key it has or had.
@throws UserError `notFound`, `usage`.
*/
export const showEncryption = action('showEncryption', async (context: Context, nameOrUuid: string): Promise<EncryptionView> => {
	const account = await showAccount(context, nameOrUuid);
	const {keys} = await context.store.read('account-keys');
	const {backups} = await context.store.read('backups', account.uuid);
	const own = keys.filter(({accountUuid, id}) => accountUuid === account.uuid || backups.some(({keyId}) => keyId === id));
	const views = own.map(({publicKey: _, ...key}) => ({...key, backupCount: backups.filter(({keyId}) => keyId === key.id).length}));

	return {account, keys: views.toSorted((left, right) => compareText(right.retiredAt ?? lastOfAll, left.retiredAt ?? lastOfAll))};
});

const lastOfAll = '\u{FFFF}';

/**
Changes the preference of an account, its key, or both. Backups that lie under the key it had stay under it.
@throws UserError `notFound`, `usage`, `refused` for a removed account or the key it has already, `key` for a public key that is of no use, and what `handOut` throws; then nothing is changed.
*/
export const setEncryption = action('setEncryption', async (context: Context, input: EncryptionInput): Promise<EncryptionChanged> => {
	const {identities} = await refreshAccounts(context.store, context);
	const identity = findAccount(identities, input.account);
	checkInput(input, identity);
	const {key, wasPrivate} = await makeKey(context, input, identity);

	if (key !== undefined) {
		await replaceAccountKey(context, identity.uuid, key);
	}

	if (input.preference !== undefined) {
		await savePreference(context, identity, input.preference);
	}

	return {...await showEncryption(context, identity.uuid), wasPrivate};
});

const checkInput = ({preference, key, publicKey, handOut}: EncryptionInput, {name, status}: Identity): void => {
	if (preference === undefined && key === undefined) {
		throw new UserError('Nothing to change was given.', {code: 'usage', hint: 'Give --preference, --key, or both.'});
	}

	if (status === 'inactive') {
		throw new UserError(`The account ${toText(name)} was removed: nothing of it is backed up any more.`, {code: 'refused', hint: 'See its backups with "holdfast orphan list".'});
	}

	if (key !== 'remote' && (publicKey !== undefined || handOut !== undefined)) {
		throw new UserError('Only a remote key has a private half that its owner keeps.', {code: 'usage', hint: 'Give --key remote.'});
	}

	if (publicKey !== undefined && handOut !== undefined) {
		throw new UserError('The private half of an existing key is its owner\'s: there is none to be written.', {code: 'usage', hint: 'Give --public-key, or --private-key-out.'});
	}
};

type MadeKey = {readonly key: NonNullable<NewAccountKey> | undefined; readonly wasPrivate: boolean};

const makeKey = async (context: Context, {key, publicKey, passphrase, handOut}: EncryptionInput, identity: Identity): Promise<MadeKey> => {
	if (key !== 'remote') {
		return {key: key === undefined ? undefined : {kind: key}, wasPrivate: false};
	}

	const now = context.clock.now();

	if (publicKey !== undefined) {
		const taken = await takePublicKey(publicKey, now);
		await checkOther(context, identity, taken.fingerprint);

		return {key: {kind: 'remote', publicKey: taken.publicKey, fingerprint: taken.fingerprint}, wasPrivate: taken.wasPrivate};
	}

	if (handOut === undefined) {
		throw new UserError('The private key has to go somewhere: it is never kept here.', {code: 'usage', hint: 'Name a new file with --private-key-out.'});
	}

	const machine = await readSetting(context.store, 'machine.name');
	const pair = await makeKeyPair({name: `${toScreen(identity.name)} at ${machine}`, now, passphrase});
	await handOut(pair);

	return {key: {kind: 'remote', publicKey: pair.publicKey, fingerprint: pair.fingerprint}, wasPrivate: false};
};

/** Everything would be stored anew, under the same key. */
const checkOther = async ({store}: Context, {uuid, name}: Identity, fingerprint: string): Promise<void> => {
	const {keys} = await store.read('account-keys');

	if (currentKeyOf(keys, uuid)?.fingerprint === fingerprint) {
		throw new UserError(`${toScreen(name)} has this key already.`, {code: 'refused', hint: 'Nothing was changed.'});
	}
};

const savePreference = async ({store}: Context, {uuid}: Identity, preference: EncryptionPreference): Promise<void> => store.update('accounts', undefined, draft => {
	draft.identities = draft.identities.map(identity => identity.uuid === uuid ? {...identity, encryption: {...identity.encryption, preference}} : identity);
});
