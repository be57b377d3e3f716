import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import type {AccountKey} from '../../domain/account-key.ts';
import type {Backup} from '../../domain/backup.ts';
import type {Destination} from '../../domain/destination.ts';
import {UserError} from '../../errors.ts';
import {readStateCopy, type StateCopy} from '../../runner/read-state-copy.ts';
import type {Store} from '../../state/store.ts';
import {action} from '../action.ts';
import type {Context} from '../context.ts';
import {bringBackState, destinationsOf} from './bring-back-state.ts';
import {type AskRecoveryKey, type FoundVault, openFoundVault} from './open-found-vault.ts';
import {type FoundAccount, readFoundBackups} from './read-found-backups.ts';

export type ScanInput = {
	/** Absolute path of the vault's folder. */
	readonly folder: string;
	readonly askRecoveryKey: AskRecoveryKey;
};

export type Scanned = {
	readonly destination: Destination;
	readonly accountCount: number;
	readonly backupCount: number;
	/** When the copy of the state was made that was brought back; `null`: none was. */
	readonly stateFrom: string | null;
	/** Backups that cannot be read, and accounts whose records in this state are damaged. */
	readonly problems: readonly UserError[];
};

const keyLength = 32;

/**
Finds all backups of a vault again, and on a server that is not set up yet the last state that was copied there. What belongs to another server's key stays read-only until it is adopted. May be done again.
@throws UserError `refused` unless an administrator acts, `notFound`, `key`, `damaged`
*/
export const scanDestination = action('scanDestination', async (context: Context, {folder, askRecoveryKey}: ScanInput): Promise<Scanned> => {
	const found = await openFoundVault(context, folder, askRecoveryKey);

	try {
		const copy = await isSetUp(context.store) ? undefined : newestCopy(found);

		if (copy) {
			await bringBackState(context.store, copy);
		}

		await saveKeys(context.store, found);
		const {accounts, keys, problems} = await readFoundBackups(found.location, context.clock.now());
		await saveAccountKeys(context.store, keys);
		const {saved, unsaved} = await saveAccounts(context.store, accounts);

		// The destination comes last: until it is known, the scan is not done.
		const destination = await saveDestination(context, {folder, found, copy});

		return {
			destination,
			accountCount: saved.length,
			backupCount: saved.reduce((sum, {backups}) => sum + backups.length, 0),
			stateFrom: copy?.createdAt ?? null,
			problems: [...problems, ...unsaved],
		};
	} finally {
		found.vault.close();
	}
});

const isSetUp = async (store: Store): Promise<boolean> => {
	const {destinations} = await store.read('destinations');

	return destinations.length > 0;
};

const newestCopy = ({vault}: FoundVault): StateCopy | undefined => {
	const bytes = vault.readStateCopy();

	return bytes && readStateCopy(bytes);
};

/** A new server gets a master key of its own, and keeps the recovery key that is on paper already. */
const saveKeys = async (store: Store, {vault, recoveryKey}: FoundVault): Promise<void> => {
	if (recoveryKey === null) {
		return;
	}

	await store.update('keys', undefined, draft => {
		draft.masterKey ??= randomBytes(keyLength).toString('base64');
		draft.recoveryKey ??= Buffer.from(recoveryKey).toString('base64');
		draft.scanned = {...draft.scanned, [vault.id]: Buffer.from(recoveryKey).toString('base64')};
	});
};

/** What the state knows of a key stays. */
const saveAccountKeys = async (store: Store, keys: readonly AccountKey[]): Promise<void> => {
	if (keys.length === 0) {
		return;
	}

	await store.update('account-keys', undefined, draft => {
		const known = new Set(draft.keys.map(({id}) => id));
		draft.keys = [...draft.keys, ...keys.filter(({id}) => !known.has(id))];
	});
};

/** An account whose file in the state is damaged keeps no other from being found; the file stays as it is, for whoever mends it. */
const saveAccounts = async (store: Store, accounts: readonly FoundAccount[]): Promise<{readonly saved: readonly FoundAccount[]; readonly unsaved: readonly UserError[]}> => {
	const saved: FoundAccount[] = [];
	const unsaved: UserError[] = [];

	for (const account of accounts) {
		try {
			await saveAccount(store, account);
			saved.push(account);
		} catch (error) {
			if (!(error instanceof UserError && error.code === 'damaged')) {
				throw error;
			}

			unsaved.push(error);
		}
	}

	return {saved, unsaved};
};

/** What the state knows of a backup beyond its manifest, such as a lock, stays; what is not there any more goes. */
const saveAccount = async (store: Store, {identity, backups}: FoundAccount): Promise<void> => {
	await store.update('accounts', undefined, draft => {
		if (draft.identities.every(({uuid}) => uuid !== identity.uuid)) {
			draft.identities.push(identity);
		}
	});

	const [{destination}] = backups as [Backup];

	await store.update('backups', identity.uuid, draft => {
		const known = new Map(draft.backups.map(backup => [backup.id, backup]));
		const elsewhere = draft.backups.filter(backup => backup.destination !== destination);
		draft.backups = [...elsewhere, ...backups.map(backup => ({...known.get(backup.id) ?? backup, destination}))];
	});
};

type NewDestination = {readonly folder: string; readonly found: FoundVault; readonly copy: StateCopy | undefined};

const saveDestination = async ({store, clock}: Context, {folder, found: {vault, recoveryKey}, copy}: NewDestination): Promise<Destination> => {
	const scannedAt = clock.now().toISOString();

	return store.update('destinations', undefined, draft => {
		const known = draft.destinations.find(({id}) => id === vault.id) ?? (copy && destinationsOf(copy).find(({id}) => id === vault.id));
		const name = known?.name ?? freeName(draft.destinations);
		const destination: Destination = {
			id: vault.id, name, type: 'local', folder, ...recoveryKey !== null && {scannedAt},
		};

		draft.destinations = [...draft.destinations.filter(({id}) => id !== vault.id), destination];

		return destination;
	});
};

const freeName = (destinations: readonly Destination[]): string => {
	for (let number = 1; ; number++) {
		const name = number === 1 ? 'found' : `found-${number}`;

		if (destinations.every(each => each.name !== name)) {
			return name;
		}
	}
};
