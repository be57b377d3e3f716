import {defaultAccountSettings, type Identity} from '../../domain/account.ts';
import type {Backup} from '../../domain/backup.ts';
import {joinRaw} from '../../domain/raw-name.ts';
import type {Manifest} from '../../engine/catalog/manifest.ts';
import type {Vault} from '../../engine/vault/vault.ts';
import {UserError} from '../../errors.ts';
import {recordOfManifest} from '../../runner/record-of-manifest.ts';

export type FoundAccount = {readonly identity: Identity; readonly backups: readonly Backup[]};

export type FoundBackups = {
	readonly accounts: readonly FoundAccount[];
	/** Backups that cannot be read, and why. */
	readonly problems: readonly UserError[];
};

/** Every backup of a vault with its account, told from the manifests alone. */
export const readFoundBackups = (vault: Vault, now: Date): FoundBackups => {
	const manifests: Manifest[] = [];
	const problems: UserError[] = [];

	for (const {accountUuid, backupId} of vault.listBackups()) {
		try {
			manifests.push(vault.readManifest(accountUuid, backupId));
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			problems.push(error);
		}
	}

	const accounts = Map.groupBy(manifests, ({accountUuid}) => accountUuid).values().map(stored => ({
		identity: identityOf(vault, stored, now),
		backups: stored.map(manifest => recordOfManifest(manifest, vault.id)),
	}));

	return {accounts: accounts.toArray(), problems};
};

/** An account that only its backups tell of: an orphan, until it is assigned. */
const identityOf = (vault: Vault, manifests: readonly Manifest[], now: Date): Identity => {
	const times = manifests.map(({createdAt}) => createdAt).toSorted();
	const newest = manifests.find(({createdAt}) => createdAt === times.at(-1))!;

	return {
		...defaultAccountSettings,
		uuid: newest.accountUuid,
		name: newest.account,
		...ownerOf(vault, newest),
		home: joinRaw('/home', newest.account),
		homeInode: null,
		homeBirthNs: null,
		firstSeenAt: times[0]!,
		lastSeenAt: newest.createdAt,
		inactiveSince: now.toISOString(),
		hadBackupAt: now.toISOString(),
		status: 'inactive',
	};
};

/** Whose the home was; a lost index or an archive does not tell. */
const ownerOf = (vault: Vault, manifest: Manifest): Pick<Identity, 'uid' | 'gid'> => {
	try {
		const root = vault.findEntry(manifest, '');

		return {uid: root?.uid ?? 0, gid: root?.gid ?? 0};
	} catch (error) {
		if (error instanceof UserError && error.code === 'damaged') {
			return {uid: 0, gid: 0};
		}

		throw error;
	}
};
