import {digestBackups, type BackupDigest} from '../domain/backup-digest.ts';
import {digestRotation, type RotationDigest} from '../domain/rotation-digest.ts';
import {
	eachDigest,
	readDigests,
	renewDigests,
	type DigestKind,
	type DigestOptions,
	type DigestReading,
} from './digests.ts';
import type {Store} from './store.ts';

export type BackupDigestReading = DigestReading<BackupDigest>;

const backupDigests: DigestKind<'backups', BackupDigest> = {
	name: 'backups', file: 'backups', version: 3, isRemembered: true, digest: ({backups}) => digestBackups(backups),
};

/** Several times as long as all else that is told of the backups, and asked for seldom. */
const rotationDigests: DigestKind<'backups', RotationDigest> = {
	name: 'backups', file: 'rotation', version: 1, isRemembered: false, digest: ({backups}) => digestRotation(backups),
};

/** What lists tell of the backups of these accounts, by UUID, as of now. */
export const readBackupDigests = async (store: Store, options?: DigestOptions): Promise<ReadonlyMap<string, BackupDigestReading>> => readDigests(store, backupDigests, options);

/** What retention asks of the backups of these accounts, as of now, with their UUIDs and in their order; of all unless said otherwise. */
export const eachRotation = (store: Store, accounts?: readonly string[]): AsyncGenerator<readonly [string, DigestReading<RotationDigest>]> => eachDigest(store, rotationDigests, accounts);

/** Makes what is missing of both. */
export const renewBackupDigests = async (store: Store): Promise<void> => renewDigests(store, [backupDigests, rotationDigests]);
