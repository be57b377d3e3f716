/** Which private keys of owners are needed, and taking them in. They stay in the memory of who was given them. */
import type {AccountKey} from '../domain/account-key.ts';
import type {Backup} from '../domain/backup.ts';
import {toScreen} from '../domain/raw-name.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import type {NewTask} from '../runner/new-tasks.ts';
import {OwnerKeys, type OwnerKey} from '../runner/owner-keys.ts';
import type {Store} from '../state/store.ts';
import {hasPassphrase, unlockPrivateKey} from '../system/openpgp-keys.ts';
import {action} from './action.ts';
import {findBackup, listBackups} from './backups.ts';
import type {Context} from './context.ts';
import {findTask} from './find-task.ts';

/** An owner's key that content is sealed to. */
export type NeededKey = {
	/** Hexadecimal. */
	readonly fingerprint: string;
	/** Raw name of the account. */
	readonly account: string;
};

export type NeededBy =
	/** Ids of backups, as `showBackup` takes them. */
	| {readonly type: 'backups'; readonly backups: readonly string[]}
	| {readonly type: 'account'; readonly account: string | undefined}
	| {readonly type: 'task'; readonly id: string}
	/** What a rollback of the task would read. */
	| {readonly type: 'rollback'; readonly id: string};

/**
The private keys that reading something needs.
@throws UserError `notFound`, `usage`.
*/
export const listNeededKeys = action('listNeededKeys', async (context: Context, by: NeededBy): Promise<readonly NeededKey[]> => neededFor(context.store, await findSealed(context, by)));

type Sealed = Pick<Backup, 'account' | 'keyId'>;

const findSealed = async (context: Context, by: NeededBy): Promise<readonly Sealed[]> => {
	switch (by.type) {
		case 'backups': {
			return Promise.all(by.backups.map(async id => findBackup(context, id)));
		}

		case 'account': {
			return listBackups(context, {account: by.account});
		}

		case 'task': {
			const task = await findTask(context, by.id);

			// A verification reads with the keys that it was given.
			return task.kind === 'verify' && task.keysNeeded === undefined ? [] : readBackupsOf(context.store, task);
		}

		case 'rollback': {
			const {accountUuid, safetyBackup, request} = await findTask(context, by.id);

			return readStored(context.store, accountUuid, [safetyBackup, homeSourceOf(request)]);
		}
	}
};

const neededFor = async (store: Store, sealed: readonly Sealed[]): Promise<readonly NeededKey[]> => {
	if (sealed.every(({keyId}) => keyId === undefined)) {
		return [];
	}

	const {keys} = await store.read('account-keys');
	const byId = new Map(keys.map(key => [key.id, key]));
	const needed = sealed.flatMap(({account, keyId}) => asNeeded(byId.get(keyId ?? ''), account));

	return new Map(needed.map(key => [key.fingerprint, key])).values().toArray();
};

const asNeeded = (key: AccountKey | undefined, account: string): readonly NeededKey[] => typeof key?.fingerprint === 'string' ? [{fingerprint: key.fingerprint, account}] : [];

/** What a task brought into the home came from this backup. */
const homeSourceOf = (request: Task['request']): string | null => {
	if (request.kind === 'rollback') {
		return request.rollback.safetyBackup;
	}

	if (request.kind !== 'restore') {
		return null;
	}

	const {backup, items} = request.restore;
	const home = items?.find(({name}) => name === 'homedir');

	return items !== undefined && home === undefined ? null : home?.backup ?? backup;
};

/** The backups whose content a task reads. */
const readBackupsOf = async (store: Store, {accountUuid, request}: Pick<Task, 'accountUuid' | 'request'>): Promise<readonly Backup[]> => readStored(store, accountUuid, readIdsOf(request));

const readStored = async (store: Store, accountUuid: string | null, ids: ReadonlyArray<string | null>): Promise<readonly Backup[]> => {
	const {backups} = accountUuid === null ? {backups: []} : await store.read('backups', accountUuid);

	return backups.filter(({id}) => ids.includes(id));
};

const readIdsOf = (request: Task['request']): ReadonlyArray<string | null> => {
	switch (request.kind) {
		case 'restore': {
			const {backup, items} = request.restore;

			return items === undefined ? [backup] : items.map(item => item.backup ?? backup);
		}

		case 'rollback': {
			const {safetyBackup, brought} = request.rollback;

			// What a restore brought into the home is told by the backup that it came from.
			return [safetyBackup, ...brought.filter(({name}) => name === 'homedir').map(({backup}) => backup)];
		}

		case 'download': {
			return [request.download.backup];
		}

		case 'verify': {
			return [request.backup];
		}

		case 'backup':
		case 'cleanup':
		case 'assign': {
			return [];
		}
	}
};

/**
Opens private keys of owners, as files hold them, each locked one with any of the passphrases.
@throws UserError `key` for one that cannot be opened, or that is none of those that are needed.
*/
export const unlockOwnerKeys = async (needed: readonly NeededKey[], {contents, passphrases}: {readonly contents: readonly Uint8Array[]; readonly passphrases: readonly string[]}): Promise<OwnerKeys> => {
	const owners = new OwnerKeys();

	for (const content of contents) {
		const key = await unlockPrivateKey(content, passphrases);

		if (needed.length > 0 && needed.every(({fingerprint}) => fingerprint !== key.fingerprint)) {
			throw new UserError(`This private key does not open it: it is ${key.fingerprint}, and what is asked for is sealed to ${describeNeeded(needed)}.`, {code: 'key', hint: 'Nothing was done. Give the private key that belongs to that.'});
		}

		owners.add(key);
	}

	return owners;
};

/** Whether a private key, as a file holds it, has a passphrase. Throws `key` for what is none. */
export const isPassphraseWanted = async (content: Uint8Array): Promise<boolean> => hasPassphrase(content);

export const describeNeeded = (needed: readonly NeededKey[]): string => needed.map(({fingerprint, account}) => `${fingerprint} of ${toScreen(account)}`).join(', ');

/** Those that are needed and not there. */
export const missingKeys = (needed: readonly NeededKey[], owners: OwnerKeys | undefined): readonly NeededKey[] => needed.filter(({fingerprint}) => owners?.find(fingerprint) === undefined);

/**
A task with the private keys it needs named; a verification works without them, too.
@throws UserError `key` where one of them was not given
*/
export const withKeysNeeded = async <Asked extends NewTask>({store, ownerKeys}: Context, task: Asked): Promise<Asked> => {
	const needed = isOfAll(task) ? await listAllKeys(store) : await neededFor(store, await readBackupsOf(store, task));
	const missing = missingKeys(needed, ownerKeys);

	if (missing.length > 0 && task.kind !== 'verify') {
		throw keyNeeded(missing);
	}

	const given = needed.filter(key => !missing.includes(key));

	return {...task, keysNeeded: given.length === 0 ? undefined : given.map(({fingerprint}) => fingerprint)};
};

const isOfAll = ({request}: NewTask): boolean => request.kind === 'verify' && request.backup === null;

const listAllKeys = async (store: Store): Promise<readonly NeededKey[]> => {
	const {keys} = await store.read('account-keys');

	return keys.flatMap(key => asNeeded(key, ''));
};

export const keyNeeded = (needed: readonly NeededKey[]): UserError => new UserError(`What is asked for is sealed to a key that its owner keeps: ${describeNeeded(needed)}.`, {
	code: 'key', hint: 'Give the owner\'s private key with --private-key-file FILE.',
});

/** What the runner is given for tasks. */
export const keysForTasks = ({ownerKeys}: Pick<Context, 'ownerKeys'>, tasks: ReadonlyArray<Pick<Task, 'id' | 'keysNeeded'>>): ReadonlyMap<string, readonly OwnerKey[]> => new Map(tasks.flatMap(({id, keysNeeded = []}): ReadonlyArray<[string, readonly OwnerKey[]]> => {
	const keys = keysNeeded.flatMap(fingerprint => {
		const privateKey = ownerKeys?.find(fingerprint);

		return privateKey === undefined ? [] : [{fingerprint, privateKey}];
	});

	return keys.length === 0 || keys.length < keysNeeded.length ? [] : [[id, keys]];
}));
