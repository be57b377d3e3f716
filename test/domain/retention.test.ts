import test from 'ava';
import type {Backup, BackupKind, BackupStatus} from '../../source/domain/backup.ts';
import {forecastRemoval} from '../../source/domain/retention-forecast.ts';
import {decideRetention, type RetentionDecision, type RetentionFacts} from '../../source/domain/retention.ts';
import {timeZone} from '../../source/domain/time-zone.ts';
import {Random} from '../benchmarks/random.ts';
import {uuidOf} from '../runner/new-task.ts';
import {newBackup} from './new-backup.ts';

const daily = 'dailydailydailyd';
const weekly = 'weeklyweeklyweek';
const dayMs = 86_400_000;
const now = new Date('2026-11-20T12:00:00.000Z');
const daysAgo = (days: number): string => new Date(now.getTime() - (days * dayMs)).toISOString();

const facts = (backups: readonly Backup[], changes: Partial<RetentionFacts> = {}): RetentionFacts => ({
	account: {
		uuid: uuidOf('alice'), status: 'active', inactiveSince: null, maxOnDemand: 'global',
	},
	backups,
	inUse: new Set(),
	rules: {
		jobs: [{name: 'nightly', manualRetain: 2, schedules: [{id: daily, when: 'daily@02:30', keep: 3}, {id: weekly, when: 'weekly/sun@02:30', keep: 2}]}],
		onDemandRetain: 2,
		onDemandTtlDays: 30,
		safetyTtlDays: 7,
		orphanTtlDays: 180,
	},
	now,
	...changes,
});

const kept = (decisions: readonly RetentionDecision[]): readonly number[] =>
	decisions.filter(({isKept}) => isKept).map(({backup}) => Math.round((now.getTime() - Date.parse(backup.createdAt)) / dayMs)).toSorted((left, right) => left - right);

type Row = readonly [daysAgo: number, changes?: Partial<Backup>];

const keeps = test.macro({
	exec(t, rows: readonly Row[], expected: readonly number[], changes: Partial<RetentionFacts> = {}) {
		const decisions = decideRetention(facts(rows.map(([days, each]) => newBackup({createdAt: daysAgo(days), ...each})), changes));

		t.deepEqual(kept(decisions), expected);
		t.true(decisions.every(({reasons}) => reasons.length > 0));
	},
	title: story => story!,
});

const partial: Partial<Backup> = {status: 'partial'};
const sunday: Partial<Backup> = {schedules: [daily, weekly]};
const manual: Partial<Backup> = {kind: 'manual', schedules: []};
const onDemand: Partial<Backup> = {kind: 'onDemand', schedules: []};
const safety: Partial<Backup> = {kind: 'safety', schedules: []};
const locked: Partial<Backup> = {locked: true};
const gone = {
	uuid: uuidOf('alice'), status: 'inactive', inactiveSince: daysAgo(100), maxOnDemand: 'global',
} as const;

test('the newest of a schedule', keeps, [[1], [2], [3], [4], [5]], [1, 2, 3]);
test('partial ones beside complete ones', keeps, [[1, partial], [2, partial], [3, partial], [4, partial], [5], [6], [7], [8]], [1, 2, 3, 5, 6, 7]);
test('a backup of two schedules is kept by either', keeps, [[1], [2], [3], [4, sunday], [5], [11, sunday], [18, sunday]], [1, 2, 3, 4, 11]);
test('a locked one stays and takes no place', keeps, [[1], [2, locked], [3], [4], [5, locked], [6]], [1, 2, 3, 4, 5]);
test('a lock ends by itself', keeps, [[1], [2], [3], [4, {locked: true, lockedUntil: daysAgo(0.1)}], [5, {locked: true, lockedUntil: daysAgo(-1)}]], [1, 2, 3, 5]);
test('the newest complete one, however many partial ones came after it', keeps, [[1, {...manual, ...partial}], [2, {...manual, ...partial}], [3, {...manual, ...partial}], [400, onDemand]], [1, 2, 400]);
test('a safety backup is not the newest complete one', keeps, [[1, safety], [40, onDemand], [41, onDemand]], [1, 40]);
test('manual runs have a count of their own', keeps, [[1], [2], [3], [4, manual], [5, manual], [6, manual]], [1, 2, 3, 4, 5]);
test('a job that was removed rotates nothing', keeps, [[1], [2, {...manual, job: 'gone'}], [3, {...manual, job: 'gone'}], [4, {...manual, job: 'gone'}]], [1, 2, 3, 4]);
test('a name that begins the same is another job', keeps, [[1, manual], [2, manual], [3, {...manual, job: 'nightly-2'}], [4, manual]], [1, 2, 3]);
test('a schedule that was removed rotates nothing', keeps, [[1], [2, {schedules: ['x']}], [3, {schedules: ['x']}]], [1, 2, 3]);
test('on demand: at most so many, the oldest goes', keeps, [[0], [1, onDemand], [2, onDemand], [3, onDemand]], [0, 1, 2]);
test('on demand: locked ones count', keeps, [[0], [1, onDemand], [2, onDemand], [3, {...onDemand, ...locked}]], [0, 1, 3]);
test('on demand: the account\'s own limit', keeps, [[0], [1, onDemand], [2, onDemand]], [0, 1], {account: {...gone, status: 'active', maxOnDemand: 1}});
test('on demand: where none are allowed any more, those that exist stay', keeps, [[0], [1, onDemand], [2, onDemand]], [0, 1, 2], {account: {...gone, status: 'active', maxOnDemand: 0}});
test('on demand: its days', keeps, [[0], [29, onDemand], [31, onDemand]], [0, 29]);
test('safety backups live for days', keeps, [[0], [6, safety], [8, safety], [9, {...safety, ...locked}]], [0, 6, 9]);
test('imported ones stay', keeps, [[0], [600, {kind: 'imported', schedules: []}]], [0, 600]);
test('of an account that is gone nothing rotates', keeps, [[101], [102], [103], [104], [105], [140, onDemand], [150, safety]], [101, 102, 103, 104, 105, 140, 150], {account: gone});
test('it expires, counted from the day it became an orphan', keeps, [[200], [700]], [200, 700], {account: gone});
test('or from its creation, where that is later', keeps, [[179], [181]], [179], {account: {...gone, inactiveSince: daysAgo(190)}});
test('locked ones never do', keeps, [[200], [201, locked]], [201], {account: {...gone, inactiveSince: daysAgo(190)}});

test('what a task reads stays', t => {
	const backups = [1, 2, 3, 4].map(days => newBackup({createdAt: daysAgo(days)}));
	const decisions = decideRetention(facts(backups, {inUse: new Set([backups[3]!.id])}));

	t.deepEqual(decisions.at(-1), {backup: backups[3]!, isKept: true, reasons: ['a task reads it']});
});

test('what expires later than time has passed for certain stays', keeps, [[0], [31, onDemand], [32, onDemand], [35, safety], [36, safety]], [0, 31, 32, 35, 36], {provenNow: new Date(daysAgo(30))});
test('so does a lock', keeps, [[1], [2], [3], [4, {locked: true, lockedUntil: daysAgo(0.1)}]], [1, 2, 3, 4], {provenNow: new Date(daysAgo(1))});
test('and an orphan', keeps, [[179], [181], [185]], [179, 181], {account: {...gone, inactiveSince: daysAgo(190)}, provenNow: new Date(daysAgo(2))});
test('counts need no clock', keeps, [[1], [2], [3], [4], [5]], [1, 2, 3], {provenNow: new Date(daysAgo(400))});

test('before the newest backup of the account nothing of it goes, and it is said why', t => {
	const backups = [newBackup({createdAt: daysAgo(-365)}), ...[1, 2, 3, 4].map(days => newBackup({createdAt: daysAgo(days)})), newBackup({createdAt: daysAgo(99), ...onDemand})];
	const decisions = decideRetention(facts(backups));

	t.true(decisions.every(({isKept}) => isKept));
	t.deepEqual(decisions[3]!.reasons, ['the clock is before the account\'s newest backup, of 2027-11-20 12:00 UTC']);

	const without = decideRetention(facts(backups.slice(1)));

	t.is(without.filter(({isKept}) => !isKept).length, 2, 'without that one');
});

test('a backup of another account from the future, or one of a moment ahead, changes nothing', t => {
	const own = [1, 2, 3, 4].map(days => newBackup({createdAt: daysAgo(days)}));
	const moment = new Date(now.getTime() + 5000).toISOString();
	const others = [newBackup({accountUuid: uuidOf('bob'), createdAt: daysAgo(-365)}), newBackup({createdAt: moment})];

	const removed = decideRetention(facts([...own, ...others])).filter(({isKept}) => !isKept);

	t.deepEqual(removed.map(({backup}) => backup.id), [own[2]!.id, own[3]!.id]);
});

test('reasons', t => {
	const backups = [newBackup({createdAt: daysAgo(1), ...sunday}), ...[2, 3, 4].map(days => newBackup({createdAt: daysAgo(days)}))];

	t.deepEqual(decideRetention(facts(backups)).map(({reasons}) => reasons), [
		['the newest complete backup of the account', 'number 1 of the 3 newest complete ones kept for daily@02:30 of nightly', 'number 1 of the 2 newest complete ones kept for weekly/sun@02:30 of nightly'],
		['number 2 of the 3 newest complete ones kept for daily@02:30 of nightly'],
		['number 3 of the 3 newest complete ones kept for daily@02:30 of nightly'],
		['older than the 3 newest complete ones of daily@02:30 of nightly'],
	]);
});

test('unlocking says what takes it and when', t => {
	const backups = [1, 2, 3, 4, 5].map(days => newBackup({createdAt: daysAgo(days), ...(days >= 3 && {locked: true})}));
	const forecast = (index: number, changes: Partial<RetentionFacts> = {}): string => forecastRemoval(backups[index]!, facts(backups, changes), {zone: timeZone('UTC')});

	t.is(forecast(2), 'It stays for now: number 3 of the 3 newest complete ones kept for daily@02:30 of nightly. The rotation takes it after 1 more of the runs of nightly, daily@02:30 keep 3: about 2026-11-21.');
	const full = facts([newBackup({createdAt: daysAgo(0)}), ...backups]);
	t.is(forecastRemoval(backups[4]!, full, {zone: timeZone('UTC')}), 'The rotation takes it after the next backup of the account, or with the next cleanup: older than the 3 newest complete ones of daily@02:30 of nightly.');
	t.is(forecast(4, {account: gone}), 'It stays for now: its account was removed; it expires on 2027-05-14.');
	t.regex(forecastRemoval(backups[2]!, facts(backups), {zone: timeZone('UTC'), idleJobs: new Map([['nightly', 'is switched off']])}), / As long as nightly is switched off, nothing takes it\.$/v);
});

/** One more each day, until the backup is gone: what the forecast says must come true. */
const turnsUntilGone = (target: Backup, start: RetentionFacts): number => {
	let {backups} = start;

	for (let turn = 1; turn <= 20; turn++) {
		backups = [...backups, newBackup({createdAt: daysAgo(-turn), kind: target.kind})];
		const later = new Date(daysAgo(-turn));
		const stays = new Set(decideRetention({...start, backups, now: later}).filter(({isKept}) => isKept).map(({backup}) => backup.id));

		if (!stays.has(target.id)) {
			return turn;
		}

		backups = backups.filter(({id}) => stays.has(id));
	}

	return Infinity;
};

for (const [what, lockedDays] of [['none beside it is locked', []], ['the newest is locked', [1]], ['older and newer ones are locked', [1, 5]], ['all others are locked', [1, 2, 4, 5]]] as const) {
	test(`the forecast of what is on demand comes true: ${what}`, t => {
		const backups = [1, 2, 3, 4, 5].map(days => newBackup({createdAt: daysAgo(days), kind: 'onDemand', locked: (lockedDays as readonly number[]).includes(days)}));
		const start = facts(backups, {rules: {...facts(backups).rules, onDemandRetain: 6, onDemandTtlDays: 0}});
		const target = backups[2]!;

		t.regex(forecastRemoval(target, start, {zone: timeZone('UTC')}), new RegExp(`takes it after ${turnsUntilGone(target, start)} more of the backups on demand`, 'v'));
	});
}

/** The rules, said once more, slowly: whether a backup may go. */
const canGo = (backup: Backup, {account, backups, inUse, rules, now: time}: RetentionFacts): boolean => {
	const isHeld = (each: Backup): boolean => each.locked && (each.lockedUntil === null || Date.parse(each.lockedUntil) > time.getTime());
	const isAfter = (left: Backup, right: Backup): boolean => left.createdAt > right.createdAt || (left.createdAt === right.createdAt && left.id > right.id);
	const own = backups.filter(({accountUuid}) => accountUuid === account.uuid);
	const ageDays = (time.getTime() - Date.parse(backup.createdAt)) / dayMs;

	if (backup.accountUuid !== account.uuid || isHeld(backup) || inUse.has(backup.id)) {
		return false;
	}

	if (account.status === 'inactive') {
		return rules.orphanTtlDays > 0 && Math.min(ageDays, (time.getTime() - Date.parse(account.inactiveSince!)) / dayMs) >= rules.orphanTtlDays;
	}

	if (backup.status === 'complete' && backup.kind !== 'safety' && own.every(other => !(other.status === 'complete' && other.kind !== 'safety' && isAfter(other, backup)))) {
		return false;
	}

	const isBeyond = (limit: number, isPeer: (other: Backup) => boolean): boolean =>
		own.filter(other => isPeer(other) && !isHeld(other) && (other.status === 'complete') === (backup.status === 'complete') && isAfter(other, backup)).length >= limit;

	switch (backup.kind) {
		case 'scheduled': {
			const schedules = rules.jobs.flatMap(job => job.schedules).filter(({id}) => backup.schedules.includes(id));

			return schedules.length > 0 && schedules.every(({id, keep}) => isBeyond(keep, other => other.kind === 'scheduled' && other.schedules.includes(id)));
		}

		case 'manual': {
			const job = rules.jobs.find(({name}) => name === backup.job);

			return job !== undefined && isBeyond(job.manualRetain, other => other.kind === 'manual' && other.job === backup.job);
		}

		case 'onDemand': {
			const peers = own.filter(({kind}) => kind === 'onDemand');
			const limit = typeof account.maxOnDemand === 'number' && account.maxOnDemand > 0 ? account.maxOnDemand : rules.onDemandRetain;
			const olderFree = peers.filter(other => !isHeld(other) && isAfter(backup, other)).length;

			return (rules.onDemandTtlDays > 0 && ageDays >= rules.onDemandTtlDays) || olderFree < peers.length - limit;
		}

		case 'safety': {
			return rules.safetyTtlDays > 0 && ageDays >= rules.safetyTtlDays;
		}

		case 'imported': {
			return false;
		}
	}
};

test('any set of backups: exactly what the rules say goes', t => {
	const random = new Random(2026);
	const [alice, bob] = [uuidOf('alice'), uuidOf('bob')];
	const pick = <Value>(...values: readonly Value[]): Value => values[random.below(values.length)]!;

	for (let round = 0; round < 3000; round++) {
		const lockEnd = daysAgo(random.below(20) - 10);
		const backups = Array.from({length: random.below(30)}, () => newBackup({
			accountUuid: pick(alice, alice, alice, bob),
			createdAt: daysAgo(random.below(40) * pick(0.5, 1, 7)),
			kind: pick<BackupKind>('scheduled', 'scheduled', 'scheduled', 'manual', 'onDemand', 'safety', 'imported'),
			status: pick<BackupStatus>('complete', 'complete', 'partial', 'damaged'),
			job: pick('nightly', 'nightly', 'nightly-2', null),
			schedules: pick([daily], [daily], [weekly], [daily, weekly], ['unknown'], []),
			...pick({}, {}, {}, {locked: true}, {locked: true, lockedUntil: lockEnd}),
		}));
		const common = facts(backups);
		const goneSince = daysAgo(random.below(300));
		const given = facts(backups, {
			rules: {...common.rules, orphanTtlDays: pick(0, 10, 180), onDemandTtlDays: pick(0, 30)},
			account: {
				uuid: alice, ...pick({status: 'active', inactiveSince: null}, {status: 'suspended', inactiveSince: null}, {status: 'inactive', inactiveSince: goneSince}), maxOnDemand: pick<'global' | number>('global', 0, 1, 3),
			},
			inUse: new Set(backups.filter(() => random.below(20) === 0).map(({id}) => id)),
		});
		const removed = decideRetention(given).filter(({isKept}) => !isKept);
		const provenNow = new Date(daysAgo(random.below(60)));
		const unproven = decideRetention({...given, provenNow}).filter(({isKept}) => !isKept);
		const early = new Date(daysAgo(random.below(60) + 1));
		const isTooEarly = backups.some(({accountUuid, createdAt}) => accountUuid === alice && createdAt > early.toISOString());
		const expected = backups.filter(backup => canGo(backup, given));

		t.deepEqual(removed.map(({backup}) => backup.id).toSorted(), expected.map(({id}) => id));
		t.deepEqual(unproven.map(({backup}) => backup.id).toSorted(), backups.filter(backup => canGo(backup, {...given, now: provenNow})).map(({id}) => id), 'as at the time that is proven');
		t.true(!isTooEarly || decideRetention({...given, now: early}).every(({isKept}) => isKept), 'nothing by a clock that is behind');
	}
});
