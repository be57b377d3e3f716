import test from 'ava';
import {defaultAccountSettings, type Identity} from '../../source/domain/account.ts';
import {digestBackups} from '../../source/domain/backup-digest.ts';
import type {Backup} from '../../source/domain/backup.ts';
import {isLocked} from '../../source/domain/backup-lock.ts';
import {viewOrphan} from '../../source/domain/orphan.ts';
import {orphanExpiry} from '../../source/domain/retention.ts';
import {Random} from '../benchmarks/random.ts';
import {uuidOf} from '../runner/new-task.ts';
import {newBackup} from './new-backup.ts';

const dayMs = 86_400_000;
const now = new Date('2026-11-20T12:00:00.000Z');
const daysAgo = (days: number): string => new Date(now.getTime() - (days * dayMs)).toISOString();

const identity: Identity = {
	...defaultAccountSettings,
	uuid: uuidOf('alice'),
	name: 'alice',
	uid: 2000,
	gid: 2000,
	home: '/home/alice',
	homeInode: null,
	homeBirthNs: null,
	firstSeenAt: daysAgo(900),
	lastSeenAt: daysAgo(100),
	inactiveSince: daysAgo(100),
	hadBackupAt: null,
	status: 'inactive',
};

/** When the first of them expires, said backup by backup. */
const firstExpiry = (backups: readonly Backup[], ttlDays: number): string | null => backups.flatMap(backup => {
	const expiry = orphanExpiry(backup, identity.inactiveSince, ttlDays)?.toISOString();

	if (expiry === undefined || (backup.locked && backup.lockedUntil === null)) {
		return [];
	}

	return backup.lockedUntil !== null && backup.lockedUntil > expiry ? backup.lockedUntil : expiry;
}).toSorted()[0] ?? null;

test('what is told of an orphan is true of its backups, whatever is locked', t => {
	const random = new Random(7);

	for (let round = 0; round < 500; round++) {
		const ttlDays = [0, 30, 180][round % 3]!;
		const backups = Array.from({length: 1 + random.below(5)}, (): Backup => {
			const isHeld = random.below(2) === 0;

			return newBackup({
				createdAt: daysAgo(random.below(300)),
				locked: isHeld,
				lockedUntil: isHeld && random.below(3) > 0 ? daysAgo(random.below(400) - 300) : null,
				encrypted: random.below(4) === 0,
				sizeBytes: random.below(1000),
			});
		});
		const orphan = viewOrphan(identity, digestBackups(backups), {ttlDays, now})!;
		const times = backups.map(({createdAt}) => createdAt).toSorted();

		t.is(orphan.backupCount, backups.length);
		t.is(orphan.lockedCount, backups.filter(backup => isLocked(backup, now)).length);
		t.is(orphan.expiresAt, firstExpiry(backups, ttlDays));
		t.is(orphan.encrypted, backups.some(({encrypted}) => encrypted));
		t.is(orphan.sizeBytes, backups.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0));
		t.deepEqual([orphan.oldestAt, orphan.newestAt], [times[0], times.at(-1)]);
	}
});

test('no orphan: without backups, or with a live account', t => {
	t.is(viewOrphan(identity, digestBackups([]), {ttlDays: 180, now}), undefined);
	const one = digestBackups([newBackup()]);
	t.is(viewOrphan({...identity, status: 'active'}, one, {ttlDays: 180, now}), undefined);
});
