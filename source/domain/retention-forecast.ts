import {isLocked} from './backup-lock.ts';
import type {Backup} from './backup.ts';
import {nextOccurrences} from './occurrences.ts';
import {decideRetention, onDemandLimit, type RetentionFacts} from './retention.ts';
import {formatSchedule, parseTiming, type Schedule} from './schedule.ts';
import type {TimeZone} from './time-zone.ts';
import {formatCount, formatDay} from './units.ts';

/** Far enough to say when; beyond it nobody plans. */
const mostCounted = 1000;

export type ForecastOptions = {
	readonly zone: TimeZone;
	/** Jobs by whose schedules nothing is made of the account now, by their names, with why: completes "nightly …". */
	readonly idleJobs?: ReadonlyMap<string, string>;
};

/** What becomes of a backup of the account once it is not locked any more, as sentences: which rotation takes it, and when. */
export const forecastRemoval = (backup: Backup, facts: RetentionFacts, options: ForecastOptions): string => {
	const unlocked = {...backup, locked: false, lockedUntil: null};
	const backups = facts.backups.map(each => each.id === backup.id ? unlocked : each);
	const decision = decideRetention({...facts, backups}).find(each => each.backup.id === backup.id)!;

	return decision.isKept
		? [`It stays for now: ${decision.reasons.join('; ')}.`, ...describeEnd(unlocked, {...facts, backups}, options)].join(' ')
		: `The rotation takes it after the next backup of the account, or with the next cleanup: ${decision.reasons.join('; ')}.`;
};

/** When its place in a rotation ends; nothing where the reasons have said it. */
const describeEnd = (backup: Backup, facts: RetentionFacts, options: ForecastOptions): readonly string[] => {
	const {account, rules} = facts;

	if (account.status === 'inactive') {
		return [];
	}

	switch (backup.kind) {
		case 'scheduled': {
			return describeSchedules(backup, facts, options);
		}

		case 'manual': {
			const job = rules.jobs.find(({name}) => name === backup.job);

			return job === undefined
				? []
				: [`${describeTurns(job.manualRetain - countNewer(backup, facts, ({kind, job: name}) => kind === 'manual' && name === backup.job), `manual runs of ${job.name}`)}.`];
		}

		case 'onDemand': {
			// Where none can be made, only its age takes it, as the reasons say.
			return account.maxOnDemand === 0 ? [] : [`${describeTurns(onDemandLimit(account, rules) - countBeside(backup, facts), 'backups on demand')}.`];
		}

		case 'safety':
		case 'imported': {
			return [];
		}
	}
};

const describeTurns = (turns: number, what: string): string => `The rotation takes it after ${formatCount(Math.max(1, turns))} more of the ${what}`;

/** The schedule that keeps it longest. */
const describeSchedules = (backup: Backup, facts: RetentionFacts, {zone, idleJobs = new Map()}: ForecastOptions): readonly string[] => {
	const own = facts.rules.jobs.flatMap(({name, schedules}) => schedules.filter(({id}) => backup.schedules.includes(id)).map(schedule => ({name, schedule})));
	const ends = own.map(({name, schedule}): {readonly text: string; readonly at: number | undefined} => {
		const whyIdle = idleJobs.get(name);

		if (whyIdle !== undefined) {
			return {text: `As long as ${name} ${whyIdle}, nothing takes it`, at: undefined};
		}

		const turns = Math.max(1, schedule.keep - countNewer(backup, facts, ({kind, schedules}) => kind === 'scheduled' && schedules.includes(schedule.id)));

		return {text: describeTurns(turns, `runs of ${name}, ${formatSchedule(schedule)}`), at: findTurn(schedule, {turns, zone, now: facts.now})};
	});
	const [last] = ends.toSorted((left, right) => (right.at ?? Infinity) - (left.at ?? Infinity));

	return last === undefined ? [] : [last.at === undefined ? `${last.text}.` : `${last.text}: about ${formatDay(new Date(last.at).toISOString())}.`];
};

/** When a schedule has come due so many times more; `undefined` where no clock tells. */
const findTurn = ({when}: Schedule, {turns, zone, now}: {readonly turns: number; readonly zone: TimeZone; readonly now: Date}): number | undefined => {
	const timing = parseTiming(when);

	return timing.type === 'after' || turns > mostCounted ? undefined : nextOccurrences(timing, {after: now.getTime(), zone, count: turns}).at(-1);
};

/** Those on demand that have to go after it, or cannot go: newer ones, and locked ones, which count and stay. */
const countBeside = (backup: Backup, {backups, account, now}: RetentionFacts): number =>
	backups.filter(other => other.accountUuid === account.uuid && other.id !== backup.id && other.kind === 'onDemand' && (other.createdAt > backup.createdAt || isLocked(other, now))).length;

const countNewer = (backup: Backup, {backups, account, now}: RetentionFacts, isSame: (other: Backup) => boolean): number =>
	backups.filter(other => other.accountUuid === account.uuid
		&& other.createdAt > backup.createdAt
		&& isSame(other)
		&& (other.status === 'complete') === (backup.status === 'complete')
		&& !isLocked(other, now)).length;
