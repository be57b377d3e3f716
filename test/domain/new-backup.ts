import type {Backup} from '../../source/domain/backup.ts';
import {uuidOf} from '../runner/new-task.ts';

let made = 0;

/** A backup of an account; a test names only what it is about. Ids grow with each one made. */
export const newBackup = (changes: Partial<Backup> = {}): Backup => ({
	id: String(made++).padStart(16, '0'),
	accountUuid: uuidOf('alice'),
	account: 'alice',
	createdAt: '2026-11-03T02:30:00.000Z',
	kind: 'scheduled',
	status: 'complete',
	structure: 'incremental',
	job: 'nightly',
	schedules: ['dailydailydailyd'],
	locked: false,
	lockedUntil: null,
	encrypted: false,
	keyKind: null,
	destination: 'destinationdesti',
	sizeBytes: 1000,
	storedBytes: 100,
	fileCount: 3,
	items: [],
	...changes,
});
