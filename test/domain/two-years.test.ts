import test from 'ava';
import {type Identity, defaultAccountSettings} from '../../source/domain/account.ts';
import type {Backup, BackupKind} from '../../source/domain/backup.ts';
import {allAccounts, membersOf, type Job} from '../../source/domain/job.ts';
import {decideRetention, type RetentionRules} from '../../source/domain/retention.ts';
import {decideScheduling, type SchedulerMemory} from '../../source/domain/scheduling.ts';
import {timeZone} from '../../source/domain/time-zone.ts';
import {Random} from '../benchmarks/random.ts';
import {uuidOf} from '../runner/new-task.ts';
import {newBackup} from './new-backup.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const zone = timeZone('Europe/Berlin');
const start = Date.UTC(2025, 0, 1, 12);
const days = 730;
const accountCount = 50;

const jobOf = (name: string, tags: readonly string[], schedules: ReadonlyArray<readonly [string, number]>): Job => ({
	name,
	accounts: {...allAccounts, isAll: tags.length === 0, tags},
	items: ['homedir'],
	structure: 'incremental',
	destination: 'destinationdesti',
	encrypted: false,
	enabled: true,
	schedules: schedules.map(([when, keep], index) => ({id: `${name}-${index}`, when, keep})),
	excludes: [],
	manualRetain: 3,
});

const jobs = [
	jobOf('nightly', [], [['daily@02:30', 7], ['weekly/sun@02:30', 4], ['monthly/last@02:30', 6]]),
	jobOf('often', ['busy'], [['hourly/6', 5]]),
];
const rules: RetentionRules = {
	jobs, onDemandRetain: 3, onDemandTtlDays: 30, safetyTtlDays: 7, orphanTtlDays: 180,
};

const identityOf = (name: string, time: number, isBusy: boolean): Identity => ({
	...defaultAccountSettings,
	uuid: uuidOf(name),
	name,
	uid: 2000,
	gid: 2000,
	home: `/home/${name}`,
	homeInode: null,
	homeBirthNs: null,
	firstSeenAt: new Date(time).toISOString(),
	lastSeenAt: new Date(time).toISOString(),
	inactiveSince: null,
	hadBackupAt: null,
	status: 'active',
	tags: isBusy ? ['busy'] : [],
	maxOnDemand: isBusy ? 1 : 'global',
});

const isHeld = ({locked, lockedUntil}: Backup, now: number): boolean => locked && (lockedUntil === null || Date.parse(lockedUntil) > now);

const newestOf = (made: readonly Backup[]): Backup | undefined => made.findLast(({status, kind}) => status === 'complete' && kind !== 'safety');

/** What the rules keep of an account's backups, said by counting, one rule after another. */
const oracle = (account: Identity, made: readonly Backup[], {now, inUse}: {readonly now: number; readonly inUse: ReadonlySet<string>}): ReadonlySet<string> => {
	const kept = new Set(made.filter(backup => isHeld(backup, now) || inUse.has(backup.id)).map(({id}) => id));
	const age = ({createdAt}: Backup): number => now - Date.parse(createdAt);
	if (account.status === 'inactive') {
		for (const backup of made) {
			if (Math.min(age(backup), now - Date.parse(account.inactiveSince!)) < 180 * dayMs) {
				kept.add(backup.id);
			}
		}

		return kept;
	}

	const newestFirst = made.toReversed();
	const keepNewest = (count: number, isPeer: (backup: Backup) => boolean): void => {
		for (const status of ['complete', 'partial']) {
			for (const {id} of newestFirst.filter(backup => backup.status === status && isPeer(backup) && !isHeld(backup, now)).slice(0, count)) {
				kept.add(id);
			}
		}
	};

	for (const {id, keep} of jobs.flatMap(({schedules}) => schedules)) {
		keepNewest(keep, ({schedules}) => schedules.includes(id));
	}

	keepNewest(3, ({kind}) => kind === 'manual');

	// One goes after the other, the oldest first, until no more are there than may be.
	const onDemand = made.filter(({kind}) => kind === 'onDemand');
	const free = onDemand.filter(each => !isHeld(each, now));
	let count = onDemand.length;

	for (const backup of free) {
		if (count > (account.maxOnDemand === 'global' ? 3 : 1)) {
			count--;
		} else if (age(backup) < 30 * dayMs) {
			kept.add(backup.id);
		}
	}

	for (const backup of made) {
		if (backup.kind === 'safety' && age(backup) < 7 * dayMs) {
			kept.add(backup.id);
		}
	}

	kept.add(newestOf(made)?.id ?? '');

	return kept;
};

test('two years of fifty accounts that come and go: every day exactly the backups that the rules say', t => {
	const random = new Random(50);
	const backups = new Map<string, Backup[]>();
	let accounts = Array.from({length: accountCount}, (_, index) => identityOf(`a${index}`, start, index % 10 === 0));
	let memory: SchedulerMemory = {schedules: [], runs: []};
	let made = accountCount;
	let runs = 0;
	let removals = 0;
	const wrong: string[] = [];
	const removedKinds = new Map<string, number>();

	const add = (account: Identity, changes: Partial<Backup> & {readonly kind: BackupKind}): void => {
		const list = backups.get(account.uuid) ?? [];
		list.push(newBackup({
			accountUuid: account.uuid, account: account.name, status: random.below(15) === 0 ? 'partial' : 'complete', ...changes,
		}));
		backups.set(account.uuid, list);
	};

	/** `known`: also those of other accounts, which must not go, nor count. */
	const rotate = (account: Identity, now: Date, {known = backups.get(account.uuid) ?? [], inUse = new Set<string>()}: {readonly known?: readonly Backup[]; readonly inUse?: ReadonlySet<string>} = {}): void => {
		const list = backups.get(account.uuid) ?? [];
		const gone = decideRetention({
			account, backups: known, inUse, rules, now,
		}).filter(({isKept}) => !isKept).map(({backup}) => backup);
		const removed = new Set(gone.map(({id}) => id));
		const expected = oracle(account, list, {now: now.getTime(), inUse});
		const left = list.filter(({id}) => !removed.has(id));
		const shielded = account.status === 'inactive' ? undefined : newestOf(list);
		removals += removed.size;
		backups.set(account.uuid, left);

		for (const {kind} of gone) {
			const what = account.status === 'inactive' ? 'orphan' : kind;
			removedKinds.set(what, (removedKinds.get(what) ?? 0) + 1);
		}

		const isRight = left.length === list.filter(({id}) => expected.has(id)).length
			&& left.every(({id}) => expected.has(id))
			&& gone.every(backup => backup.accountUuid === account.uuid && !isHeld(backup, now.getTime()) && backup.id !== shielded?.id);
		wrong.push(...isRight ? [] : [`${account.name} at ${now.toISOString()}`]);
	};

	for (let day = 0; day < days; day++) {
		// On some days the server is off.
		for (let hour = day % 37 === 5 ? 24 : 0; hour < 24; hour += 2) {
			const now = new Date(start + (day * dayMs) + (hour * hourMs));
			const decision = decideScheduling({
				jobs, memory, busyJobs: new Set(), zone, now,
			});
			memory = decision.memory;

			for (const {job, schedules} of decision.due) {
				runs++;

				for (const account of membersOf(job, accounts).members) {
					add(account, {
						kind: 'scheduled', createdAt: now.toISOString(), job: job.name, schedules: schedules.map(({id}) => id),
					});
					rotate(account, now);
				}
			}
		}

		const now = new Date(start + ((day + 1) * dayMs) - 1000);
		const account = accounts[random.below(accounts.length)]!;
		const list = backups.get(account.uuid) ?? [];
		const one = list[random.below(Math.max(1, list.length))];

		if (one !== undefined && random.below(5) === 0) {
			const until = random.below(2) === 0 ? null : new Date(now.getTime() + (random.below(90) * dayMs)).toISOString();
			backups.set(account.uuid, list.map(backup => backup.id === one.id ? {...backup, locked: true, lockedUntil: until} : backup));
		}

		const held = list.find(({locked}) => locked);

		if (held !== undefined && random.below(4) === 0) {
			backups.set(account.uuid, backups.get(account.uuid)!.map(backup => backup.id === held.id ? {...backup, locked: false, lockedUntil: null} : backup));
		}

		// Most of what is asked for by hand is asked for by the same few.
		for (const kind of ['manual', 'onDemand', 'onDemand', 'safety'] as const) {
			const asking = accounts[random.below(random.below(2) === 0 ? accounts.length : 5)]!;

			if (asking.status !== 'inactive' && random.below(2) === 0) {
				add(asking, {kind, createdAt: now.toISOString(), schedules: []});
			}
		}

		if (account.status !== 'inactive' && random.below(5) === 0) {
			accounts = accounts.map(each => each.uuid === account.uuid ? {...each, status: each.status === 'active' ? 'suspended' : 'active'} : each);
		}

		if (account.status !== 'inactive' && random.below(10) === 0) {
			accounts = accounts.map(each => each.uuid === account.uuid ? {...each, status: 'inactive', inactiveSince: now.toISOString()} : each);
			accounts = [...accounts, identityOf(`a${made++}`, now.getTime(), random.below(10) === 0)];
		}

		const known = [...backups].flatMap(([, all]) => all);
		const inUse = new Set([known[random.below(known.length)]?.id ?? '']);

		const owners = accounts.filter(({uuid}) => (backups.get(uuid)?.length ?? 0) > 0);

		for (const each of owners) {
			// On some days with all that there is, as one that asks for no account does.
			rotate(each, now, day % 30 === 0 ? {known, inUse} : {inUse});
		}
	}

	t.deepEqual(wrong, []);
	t.true(runs > days * 3, `${runs} runs`);
	t.true(removals > 10_000, `${removals} removed`);
	t.true(accounts.length > accountCount + 20);
	t.deepEqual([...removedKinds].filter(([, count]) => count > 100).map(([kind]) => kind).toSorted(), ['manual', 'onDemand', 'orphan', 'safety', 'scheduled'], JSON.stringify([...removedKinds]));
});
