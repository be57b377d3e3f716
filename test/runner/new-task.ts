import {Buffer} from 'node:buffer';
import type {Task} from '../../source/domain/task.ts';

/** The UUID of a test's account, the same each time. */
export const uuidOf = (name: string): string => `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;

/** A pending backup of an account; a test names only what it is about. */
export const newTask = (account: string, changes: Partial<Task> = {}): Task => ({
	id: account.padStart(16, '0'),
	kind: 'backup',
	account,
	accountUuid: uuidOf(account),
	state: 'pending',
	priority: null,
	queuedAt: '2026-11-03T02:30:00.000Z',
	startedAt: null,
	endedAt: null,
	requestedBy: 'root',
	request: {
		kind: 'backup', backupKind: 'manual', job: 'nightly', schedules: [], items: ['homedir'],
	},
	items: [],
	backup: null,
	download: null,
	safetyBackup: null,
	summary: null,
	findings: [],
	error: null,
	...changes,
});
