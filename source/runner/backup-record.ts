/** A backup as the state keeps it. */
import {newestOf} from '../domain/account-view.ts';
import type {Backup, KeyKind} from '../domain/backup.ts';
import {itemResultsOf, type Manifest} from '../engine/catalog/manifest.ts';
import type {BackupTreeRequest, BackupTreeResult, VaultLocation} from '../engine/engine.ts';
import type {Store} from '../state/store.ts';

type StoredAt = Pick<Backup, 'destination' | 'encrypted' | 'keyKind' | 'keyId'>;

/** Told from its manifest. */
export const recordOfManifest = (manifest: Manifest, vault: VaultLocation): Backup => ({
	id: manifest.id,
	accountUuid: manifest.accountUuid,
	account: manifest.account,
	machine: manifest.machine,
	...manifest.home !== undefined && {home: manifest.home},
	createdAt: manifest.createdAt,
	kind: manifest.kind,
	status: manifest.status,
	structure: manifest.structure,
	job: manifest.job,
	schedules: manifest.schedules,
	locked: false,
	lockedUntil: null,
	...placeOf(vault),
	sizeBytes: manifest.sizeBytes,
	storedBytes: manifest.storedBytes,
	fileCount: manifest.fileCount,
	items: itemResultsOf(manifest),
});

/** Told from what the engine was asked for and made. */
export const recordOfMade = ({vault, manifest, ...request}: BackupTreeRequest, made: BackupTreeResult): Backup => ({
	id: request.backupId,
	accountUuid: request.accountUuid,
	account: manifest.account,
	machine: manifest.machine,
	home: manifest.home ?? request.root,
	createdAt: manifest.createdAt,
	kind: manifest.kind as Backup['kind'],
	status: made.status,
	structure: request.structure ?? 'incremental',
	job: manifest.job,
	schedules: manifest.schedules,
	locked: false,
	lockedUntil: null,
	...placeOf(vault),
	sizeBytes: made.sizeBytes,
	storedBytes: made.storedBytes,
	fileCount: made.fileCount,
	items: made.items,
});

const placeOf = ({id, account}: VaultLocation): StoredAt => account === undefined
	? {destination: id, encrypted: false, keyKind: null}
	: {
		destination: id, encrypted: true, keyKind: keyKindOf(account), keyId: account.keyId,
	};

const keyKindOf = ({publicKey}: NonNullable<VaultLocation['account']>): KeyKind => publicKey === null ? 'local' : 'remote';

/** The newest backup of an account that the engine can compare with, to read only what changed: it lies in the same vault. `null` where there is none. */
export const readComparable = async (store: Store, {id: destination, account}: VaultLocation, accountUuid: string): Promise<string | null> => {
	const {backups} = await store.read('backups', accountUuid);
	const comparable = backups.filter(backup => backup.destination === destination && backup.keyId === account?.keyId && backup.kind !== 'safety' && backup.status !== 'damaged' && backup.structure === 'incremental');

	return newestOf(comparable)?.id ?? null;
};
