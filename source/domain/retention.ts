/** Which backups of an account stay and which go, each with its reasons. Pure: the same decision is shown before, and carried out. */
import type {Identity} from './account.ts';
import {dayOf} from './calendar-day.ts';
import {isLocked} from './backup-lock.ts';
import type {Backup} from './backup.ts';
import {isMadeAhead} from './clock-trust.ts';
import type {Job} from './job.ts';
import type {RotatedBackup} from './rotation-digest.ts';
import type {Schedule} from './schedule.ts';
import {formatDay, formatMinute} from './units.ts';

export type RetentionRules = {
	readonly jobs: ReadonlyArray<Pick<Job, 'name' | 'schedules' | 'manualRetain'>>;
	readonly onDemandRetain: number;
	/** Days; 0: for ever. So are those below. */
	readonly onDemandTtlDays: number;
	readonly safetyTtlDays: number;
	readonly orphanTtlDays: number;
};

export type RetentionFacts<Known extends RotatedBackup = Backup> = {
	readonly account: Pick<Identity, 'uuid' | 'status' | 'inactiveSince' | 'maxOnDemand'>;
	/** Those of other accounts are left aside. */
	readonly backups: readonly Known[];
	/** Ids of backups that a restore, or anything else, reads or is about to read. */
	readonly inUse: ReadonlySet<string>;
	readonly rules: RetentionRules;
	/** What the clock says. */
	readonly now: Date;
	/** Up to when time has passed for certain, where the clock is not believed: nothing expires that would later. */
	readonly provenNow?: Date | undefined;
};

export type RetentionDecision<Known extends RotatedBackup = Backup> = {
	readonly backup: Known;
	readonly isKept: boolean;
	/** Why, in words; completes "it is kept: …" or "it is removed: …". At least one. */
	readonly reasons: readonly string[];
};

const dayMs = 86_400_000;

/** One decision for each backup of the account, the newest first. */
export const decideRetention = <Known extends RotatedBackup>({provenNow, ...given}: RetentionFacts<Known>): ReadonlyArray<RetentionDecision<Known>> => {
	const own = sortNewest(given.backups.filter(({accountUuid}) => accountUuid === given.account.uuid));
	const [newestOfAll] = own;

	// One of a wrong clock would count as the newest for as long, and every later one as older than it.
	if (newestOfAll !== undefined && isMadeAhead(newestOfAll, given.now)) {
		return own.map(backup => ({backup, isKept: true, reasons: [`the clock is before the account's newest backup, of ${formatMinute(newestOfAll.createdAt)} UTC`]}));
	}

	const facts: RetentionFacts<Known> = {...given, now: provenNow ?? given.now};
	const isOrphan = facts.account.status === 'inactive';
	const rotation = new Rotation({...facts, backups: own});
	const newest = isOrphan ? undefined : newestComplete(own);

	return own.map(backup => {
		if (isLocked(backup, facts.now)) {
			return {backup, isKept: true, reasons: [describeLock(backup)]};
		}

		const shields = shieldsOf(backup, facts, newest);
		const verdict = isOrphan ? judgeOrphan(backup, facts) : rotation.judge(backup);
		const keeping = [...shields, ...verdict.keeping];

		return {backup, isKept: keeping.length > 0, reasons: keeping.length > 0 ? keeping : verdict.removing};
	});
};

/** How many backups on demand an account may have. Where new ones are not allowed, those that exist go on under the common rule. */
export const onDemandLimit = ({maxOnDemand}: Pick<Identity, 'maxOnDemand'>, {onDemandRetain}: Pick<RetentionRules, 'onDemandRetain'>): number =>
	maxOnDemand === 'global' || maxOnDemand === 0 ? onDemandRetain : maxOnDemand;

/** The newest first; of two at the same moment, the one with the higher id. */
export const sortNewest = <Known extends Pick<Backup, 'id' | 'createdAt'>>(backups: readonly Known[]): readonly Known[] => backups.toSorted((left, right) => {
	const [a, b] = left.createdAt === right.createdAt ? [left.id, right.id] : [left.createdAt, right.createdAt];

	return a < b ? 1 : -1;
});

/** What an account has at least, whatever rotation says; `latest:NAME`. */
export const newestComplete = <Known extends Pick<Backup, 'id' | 'createdAt' | 'status' | 'kind'>>(backups: readonly Known[]): Known | undefined => sortNewest(backups.filter(({status, kind}) => status === 'complete' && kind !== 'safety'))[0];

/** When the backup of an account that is gone expires: counted from its creation, or from the day the account became an orphan; `undefined`: never. */
export const orphanExpiry = ({createdAt}: Pick<Backup, 'createdAt'>, inactiveSince: string | null, ttlDays: number): Date | undefined =>
	expiryOf(inactiveSince !== null && inactiveSince > createdAt ? inactiveSince : createdAt, ttlDays);

/** `undefined`: never. */
export const expiryOf = (start: string, ttlDays: number): Date | undefined => ttlDays === 0 ? undefined : new Date(Date.parse(start) + (ttlDays * dayMs));

type Verdict = {readonly keeping: readonly string[]; readonly removing: readonly string[]};

const keep = (...keeping: readonly string[]): Verdict => ({keeping, removing: []});
const remove = (...removing: readonly string[]): Verdict => ({keeping: [], removing});

const describeLock = ({lockedUntil}: RotatedBackup): string => lockedUntil === null ? 'locked for ever' : `locked until ${dayOf(lockedUntil)}`;

const shieldsOf = ({id}: RotatedBackup, {inUse}: RetentionFacts<RotatedBackup>, newest: RotatedBackup | undefined): readonly string[] => [
	...(inUse.has(id) ? ['a task reads it'] : []),
	...(newest?.id === id ? ['the newest complete backup of the account'] : []),
];

/** For what belongs to an account that is gone nothing else counts. */
const judgeOrphan = (backup: RotatedBackup, {account, rules, now}: RetentionFacts<RotatedBackup>): Verdict => {
	const expiry = orphanExpiry(backup, account.inactiveSince, rules.orphanTtlDays);

	if (expiry === undefined) {
		return keep('backups of removed accounts never expire (orphans.ttlDays is 0)');
	}

	return expiry > now
		? keep(`its account was removed; it expires on ${formatDay(expiry.toISOString())}`)
		: remove(`its account was removed, and it expired on ${formatDay(expiry.toISOString())}`);
};

/** What the rules for the kinds of backups say. */
class Rotation {
	readonly #facts: RetentionFacts<RotatedBackup>;
	readonly #excessOnDemand: ReadonlySet<string>;
	/** Places from 1 on, by what is counted together and by the backup. */
	readonly #ranks: Ranks;

	/** Backups must be of the account alone, the newest first. */
	constructor(facts: RetentionFacts<RotatedBackup>) {
		this.#facts = facts;
		this.#excessOnDemand = findExcess(facts);
		this.#ranks = rankAll(facts);
	}

	#judgeScheduled(backup: RotatedBackup): Verdict {
		const known = schedulesOf(this.#facts.rules.jobs);
		const schedules = backup.schedules.flatMap(id => known.get(id) ?? []);

		if (schedules.length === 0) {
			return keep('its schedule was removed, so that nothing rotates it');
		}

		return join(schedules.map(({job, schedule}) => this.#judgeRank(backup, {
			keep: schedule.keep, rule: `${schedule.when} of ${job.name}`, group: schedule.id,
		})));
	}

	#judgeManual(backup: RotatedBackup): Verdict {
		const job = this.#facts.rules.jobs.find(({name}) => name === backup.job);

		return job === undefined
			? keep('its job was removed, so that nothing rotates it')
			: this.#judgeRank(backup, {keep: job.manualRetain, rule: `manual runs of ${job.name}`, group: manualGroup(job.name)});
	}

	#judgeOnDemand(backup: RotatedBackup): Verdict {
		const {account, rules, now} = this.#facts;
		const limit = onDemandLimit(account, rules);
		const expiry = expiryOf(backup.createdAt, rules.onDemandTtlDays);

		if (expiry !== undefined && expiry <= now) {
			return remove(`on demand; it expired on ${formatDay(expiry.toISOString())} (onDemand.ttlDays)`);
		}

		return this.#excessOnDemand.has(backup.id)
			? remove(`on demand; there are more than ${limit}`)
			: keep(expiry === undefined ? `on demand; at most ${limit} are kept` : `on demand; at most ${limit} are kept, this one until ${formatDay(expiry.toISOString())}`);
	}

	#judgeSafety(backup: RotatedBackup): Verdict {
		const expiry = expiryOf(backup.createdAt, this.#facts.rules.safetyTtlDays);

		if (expiry === undefined) {
			return keep('safety backups never expire (restore.safetyTtlDays is 0)');
		}

		return expiry > this.#facts.now
			? keep(`a safety backup; it expires on ${formatDay(expiry.toISOString())}`)
			: remove(`a safety backup; it expired on ${formatDay(expiry.toISOString())}`);
	}

	/** Complete ones are counted among themselves, and beside them all others. */
	#judgeRank(backup: RotatedBackup, {keep: kept, rule, group}: RankQuestion): Verdict {
		const rank = this.#ranks.get(groupKey(backup, group))!.get(backup.id)!;
		const kind = classOf(backup);

		return rank <= kept
			? keep(kept === 1 ? `the newest ${kind} one of ${rule}` : `number ${rank} of the ${kept} newest ${kind} ones kept for ${rule}`)
			: remove(kept === 1 ? `older than the newest ${kind} one of ${rule}` : `older than the ${kept} newest ${kind} ones of ${rule}`);
	}

	judge(backup: RotatedBackup): Verdict {
		switch (backup.kind) {
			case 'scheduled': {
				return this.#judgeScheduled(backup);
			}

			case 'manual': {
				return this.#judgeManual(backup);
			}

			case 'onDemand': {
				return this.#judgeOnDemand(backup);
			}

			case 'safety': {
				return this.#judgeSafety(backup);
			}

			case 'imported': {
				return keep('imported; nothing rotates it');
			}
		}
	}
}

type JobSchedules = ReadonlyMap<string, {readonly job: RetentionRules['jobs'][number]; readonly schedule: Schedule}>;

/** Asked for each of hundreds of thousands of backups, under the same rules. */
const knownSchedules = new WeakMap<RetentionRules['jobs'], JobSchedules>();

const schedulesOf = (jobs: RetentionRules['jobs']): JobSchedules => {
	const schedules = knownSchedules.get(jobs) ?? new Map(jobs.flatMap(job => job.schedules.map(schedule => [schedule.id, {job, schedule}] as const)));
	knownSchedules.set(jobs, schedules);

	return schedules;
};

type RankQuestion = {
	readonly keep: number;
	readonly rule: string;
	readonly group: string;
};

type Ranks = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Locked ones stand outside. */
const rankAll = ({backups, now}: RetentionFacts<RotatedBackup>): Ranks => {
	const ranks = new Map<string, Map<string, number>>();

	for (const backup of backups) {
		if (isLocked(backup, now)) {
			continue;
		}

		for (const group of groupsOf(backup)) {
			const key = groupKey(backup, group);
			const known = ranks.get(key) ?? new Map<string, number>();
			ranks.set(key, known.set(backup.id, known.size + 1));
		}
	}

	return ranks;
};

/** What a backup is counted in: ids of schedules, or the manual runs of its job. */
const groupsOf = ({kind, schedules, job}: RotatedBackup): readonly string[] => {
	if (kind === 'scheduled') {
		return schedules;
	}

	return kind === 'manual' && job !== null ? [manualGroup(job)] : [];
};

const manualGroup = (job: string): string => `manual ${job}`;

const groupKey = (backup: RotatedBackup, group: string): string => `${classOf(backup)} ${group}`;

const classOf = ({status}: RotatedBackup): 'complete' | 'partial' => status === 'complete' ? 'complete' : 'partial';

/** One rule that keeps it is enough. */
const join = (verdicts: readonly Verdict[]): Verdict => verdicts.length === 1
	? verdicts[0]!
	: {
		keeping: verdicts.flatMap(({keeping}) => keeping),
		removing: verdicts.flatMap(({removing}) => removing),
	};

/** The oldest unlocked ones beyond the limit; locked ones count, and stay. */
const findExcess = ({account, backups, rules, now}: RetentionFacts<RotatedBackup>): ReadonlySet<string> => {
	const onDemand = backups.filter(({kind}) => kind === 'onDemand');
	const excess = Math.max(0, onDemand.length - onDemandLimit(account, rules));
	const oldest = onDemand.filter(backup => !isLocked(backup, now)).toReversed().slice(0, excess);

	return new Set(oldest.map(({id}) => id));
};
