import test, {type ExecutionContext} from 'ava';
import type {AccountView} from '../../source/domain/account-view.ts';
import {defaultAccountSettings} from '../../source/domain/account.ts';
import type {OrphanView} from '../../source/domain/orphan.ts';
import {findProblems, type ProblemFacts} from '../../source/domain/problems.ts';
import type {Task} from '../../source/domain/task.ts';

const now = new Date('2026-06-15T12:00:00.000Z');
const hoursAgo = (hours: number): string => new Date(now.getTime() - (hours * 3_600_000)).toISOString();

const account = (changes: Partial<AccountView> = {}): AccountView => ({
	...defaultAccountSettings,
	uuid: 'uuid-alice',
	name: 'alice',
	uid: 1001,
	gid: 1001,
	home: '/home/alice',
	firstSeenAt: hoursAgo(1000),
	status: 'active',
	type: 'user',
	backupCount: 1,
	lastBackupAt: hoursAgo(1),
	lastBackupStatus: 'complete',
	storedBytes: 1,
	problem: null,
	leftOutOf: [],
	isLimited: false,
	...changes,
});

const task = (changes: Partial<Task> = {}): Task => ({
	id: '0123456789abcdef',
	kind: 'backup',
	account: 'alice',
	accountUuid: 'uuid-alice',
	state: 'completed',
	priority: 50,
	queuedAt: hoursAgo(2),
	startedAt: hoursAgo(2),
	endedAt: hoursAgo(1),
	requestedBy: 'root',
	request: {
		kind: 'backup', backupKind: 'manual', job: null, schedules: [], items: ['homedir'],
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

const orphan = (changes: Partial<OrphanView> = {}): OrphanView => ({
	uuid: 'uuid-old', name: 'olga', lastSeenAt: hoursAgo(2000), backupCount: 1, oldestAt: hoursAgo(2000), newestAt: hoursAgo(2000), sizeBytes: 1, reclaimableBytes: null, encrypted: false, lockedCount: 0, expiresAt: null, ...changes,
});

const problemsOf = (facts: Partial<ProblemFacts>) => findProblems({
	missedRuns: [],
	accounts: [], orphans: [], tasks: [], sourceProblems: [], destinationProblems: [], overdueDays: 2, now, ...facts,
});

/** Problems as `type account`. */
const finds = test.macro((t: ExecutionContext, facts: Partial<ProblemFacts>, expected: readonly string[]) => {
	const problems = problemsOf(facts);

	t.deepEqual(problems.map(({type, account: name}) => `${type} ${name ?? '-'}`), expected);
});

test('all is well', finds, {accounts: [account()], tasks: [task()], orphans: [orphan()]}, []);
test('a broken source and a missing disk', finds, {sourceProblems: ['No.'], destinationProblems: ['Not mounted.']}, ['source -', 'destination -']);
test('a home that is missing', finds, {accounts: [account({problem: 'its home is missing'})]}, ['account alice']);
test('the last backup is two days old', finds, {accounts: [account({lastBackupAt: hoursAgo(48)})]}, []);
test('the last backup is older', finds, {accounts: [account({lastBackupAt: hoursAgo(49)})]}, ['overdue alice']);
test('a backup of the future is told, which would hide that one is due', finds, {accounts: [account({lastBackupAt: hoursAgo(-9000)})]}, ['account alice']);
test('never backed up', finds, {accounts: [account({lastBackupAt: null})]}, ['overdue alice']);
test('never backed up, and new', finds, {accounts: [account({lastBackupAt: null, firstSeenAt: hoursAgo(47)})]}, []);
test('a backup failed', finds, {tasks: [task({state: 'failed'})]}, ['failed alice']);
test('a backup was partial', finds, {tasks: [task({state: 'partial'})]}, ['partial alice']);
test('a backup was interrupted', finds, {tasks: [task({state: 'interrupted'})]}, ['interrupted alice']);
test('a backup failed and a later one did not', finds, {tasks: [task({endedAt: hoursAgo(0.5)}), task({state: 'failed'})]}, []);
test('a backup failed after one that did not', finds, {tasks: [task({state: 'failed', endedAt: hoursAgo(0.5)}), task()]}, ['failed alice']);
test('an aborted backup tells nothing', finds, {tasks: [task({state: 'failed'}), task({state: 'aborted', endedAt: hoursAgo(0.5)})]}, ['failed alice']);
test('a running backup tells nothing', finds, {tasks: [task({state: 'running', endedAt: null})]}, []);
test('a failed restore is news for a week', finds, {tasks: [task({kind: 'restore', state: 'failed', endedAt: hoursAgo(167)})]}, ['failed alice']);
test('a failed restore is old news after it', finds, {tasks: [task({kind: 'restore', state: 'failed', endedAt: hoursAgo(169)})]}, []);
test('a restore does not hide a failed backup', finds, {tasks: [task({state: 'failed'}), task({kind: 'restore', endedAt: hoursAgo(0.5)})]}, ['failed alice']);
test('an orphan that has expired is told as one', t => {
	const messageOf = (hours: number) => problemsOf({orphans: [orphan({expiresAt: hoursAgo(hours)})]})[0]!.message;

	t.regex(messageOf(-48), /its backups expire in 2 d\.$/v);
	t.regex(messageOf(48), /its backups expired 2 d ago, and go with the next cleanup\.$/v);
});

test('orphans that expire within a week', finds, {orphans: [orphan({expiresAt: hoursAgo(-167)}), orphan({name: 'oscar', expiresAt: hoursAgo(-169)})]}, ['orphan olga']);
