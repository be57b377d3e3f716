import type {AccountKey} from '../../domain/account-key.ts';
import {defaultAccountSettings, type Identity} from '../../domain/account.ts';
import {newestOf} from '../../domain/account-view.ts';
import type {Backup} from '../../domain/backup.ts';
import {compareText} from '../../domain/queue.ts';
import {joinRaw} from '../../domain/raw-name.ts';
import type {Manifest} from '../../engine/catalog/manifest.ts';
import type {VaultLocation} from '../../engine/engine.ts';
import {listAccountVaults} from '../../engine/vault/account-vault.ts';
import {readVaultPublicKey} from '../../engine/vault/unlock-vault.ts';
import {openVault, type Vault} from '../../engine/vault/vault.ts';
import {UserError} from '../../errors.ts';
import {recordOfManifest} from '../../runner/backup-record.ts';
import {fingerprintOf} from '../../system/key-fingerprint.ts';

export type FoundAccount = {readonly identity: Identity; readonly backups: readonly Backup[]};

export type FoundBackups = {
	readonly accounts: readonly FoundAccount[];
	/** Of accounts that have backups under them. */
	readonly keys: readonly AccountKey[];
	/** Backups that cannot be read, and why. */
	readonly problems: readonly UserError[];
};

/** `owner`: asked for the newest of an account in a vault only. */
type FoundBackup = {readonly manifest: Manifest; readonly record: Backup; readonly owner?: Owner};
type Owner = Pick<Identity, 'uid' | 'gid'>;

/** Every backup at a destination with its account, told from the manifests alone. */
export const readFoundBackups = async (location: VaultLocation, now: Date): Promise<FoundBackups> => {
	const found: FoundBackup[] = [];
	const keys: AccountKey[] = [];
	const problems: UserError[] = [];
	await readVault(location, found, problems);

	for (const keyId of listAccountVaults(location.folder)) {
		try {
			const publicKey = readVaultPublicKey(location, keyId);
			const stored: FoundBackup[] = [];
			await readVault({...location, account: {keyId, publicKey}}, stored, problems);
			found.push(...stored);
			keys.push(...await keysOf(stored, {keyId, publicKey, now}));
		} catch (error) {
			problems.push(asProblem(error));
		}
	}

	const accounts = Map.groupBy(found, ({manifest}) => manifest.accountUuid).values().map(stored => ({
		identity: identityOf(stored, now),
		backups: stored.map(({record}) => record),
	}));

	return {accounts: accounts.toArray(), keys, problems};
};

const readVault = async (location: VaultLocation, found: FoundBackup[], problems: UserError[]): Promise<void> => {
	const vault = await openVault(location);

	try {
		const manifests: Manifest[] = [];

		for (const {accountUuid, backupId} of vault.listBackups()) {
			try {
				manifests.push(vault.readManifest(accountUuid, backupId));
			} catch (error) {
				problems.push(asProblem(error));
			}
		}

		for (const stored of Map.groupBy(manifests, ({accountUuid}) => accountUuid).values()) {
			const [newest, ...older] = stored.toSorted((left, right) => compareText(right.createdAt, left.createdAt));
			found.push({manifest: newest!, record: recordOfManifest(newest!, location), owner: ownerOf(vault, newest!)}, ...older.map(manifest => ({manifest, record: recordOfManifest(manifest, location)})));
		}
	} finally {
		vault.close();
	}
};

const asProblem = (error: unknown): UserError => {
	if (!(error instanceof UserError)) {
		throw error;
	}

	return error;
};

/** The account's current key, or an older one: a state that knows more says so. */
const keysOf = async (found: readonly FoundBackup[], {keyId, publicKey, now}: {readonly keyId: string; readonly publicKey: string | null; readonly now: Date}): Promise<AccountKey[]> => {
	const newest = newestOf(found.map(({record}) => record));

	return newest === undefined
		? []
		: [{
			id: keyId,
			accountUuid: newest.accountUuid,
			kind: publicKey === null ? 'local' : 'remote',
			createdAt: found.map(({record}) => record.createdAt).toSorted()[0]!,
			retiredAt: now.toISOString(),
			publicKey,
			fingerprint: publicKey === null ? null : await fingerprintOf(publicKey),
		}];
};

/** An account that only its backups tell of: an orphan, until it is assigned. */
const identityOf = (found: readonly FoundBackup[], now: Date): Identity => {
	const times = found.map(({manifest}) => manifest.createdAt).toSorted();
	const {manifest, owner} = found.find(each => each.owner !== undefined && each.manifest.createdAt === times.at(-1))!;

	return {
		...defaultAccountSettings,
		uuid: manifest.accountUuid,
		name: manifest.account,
		...owner!,
		home: joinRaw('/home', manifest.account),
		homeInode: null,
		homeBirthNs: null,
		firstSeenAt: times[0]!,
		lastSeenAt: manifest.createdAt,
		inactiveSince: now.toISOString(),
		hadBackupAt: now.toISOString(),
		status: 'inactive',
	};
};

/** Whose the home was; a lost index, an archive or what takes its owner's key does not tell. */
const ownerOf = (vault: Vault, manifest: Manifest): Owner => {
	try {
		const root = vault.findEntry(manifest, '');

		return {uid: root?.uid ?? 0, gid: root?.gid ?? 0};
	} catch (error) {
		if (error instanceof UserError && (error.code === 'damaged' || error.code === 'key')) {
			return {uid: 0, gid: 0};
		}

		throw error;
	}
};
