import * as z from 'zod';
import {digestBackups, type BackupDigest} from '../domain/backup-digest.ts';
import {readDigests, type DigestKind, type DigestReading} from './digests.ts';
import {count, identifier, time} from './schemas/common.ts';
import type {Store} from './store.ts';

export type BackupDigestReading = DigestReading<BackupDigest>;

const place = z.strictObject({machine: z.string().min(1).optional(), home: z.string().startsWith('/').optional(), account: z.string().min(1)});

const lock = z.strictObject({createdAt: time, until: time.nullable()});

const backupDigests: DigestKind<'backups', BackupDigest> = {
	name: 'backups',
	version: 2,
	schema: z.strictObject({
		count,
		storedBytes: count,
		sizeBytes: count,
		newest: z.strictObject({createdAt: time, status: z.enum(['complete', 'partial', 'damaged'])}).nullable(),
		ids: z.string().regex(/^(?:[\da-z]{16} ?)*$/v),
		places: z.array(place),
		span: z.strictObject({oldestAt: time, newestAt: time}).nullable(),
		oldestUnlockedAt: time.nullable(),
		locks: z.array(lock),
		isEncrypted: z.boolean(),
		destinations: z.array(identifier),
	}),
	digest: ({backups}) => digestBackups(backups),
};

/** What lists tell of the backups of these accounts, as of now; of all unless said otherwise. */
export const readBackupDigests = async (store: Store, accounts?: readonly string[]): Promise<ReadonlyMap<string, BackupDigestReading>> => readDigests(store, backupDigests, accounts);
