/** What an operator should look at first. Every problem is decided here, for the status and for the screens. */
import type {AccountView} from './account-view.ts';
import {isMadeAhead} from './clock-trust.ts';
import type {OrphanView} from './orphan.ts';
import type {Task} from './task.ts';
import {formatAge, formatMinute} from './units.ts';

export type Problem = {
	readonly type: 'source' | 'daemon' | 'destination' | 'account' | 'failed' | 'partial' | 'interrupted' | 'overdue' | 'orphan';
	/** Raw name; `null` when it is about no single account. */
	readonly account: string | null;
	/** A sentence; with an account it completes "alice: …". */
	readonly message: string;
	/** The next step. */
	readonly hint: string | null;
};

export type ProblemFacts = {
	/** Active and suspended ones. */
	readonly accounts: readonly AccountView[];
	readonly orphans: readonly OrphanView[];
	/** The newest of each account at least. */
	readonly tasks: readonly Task[];
	/** Sentences about the account source, and about destinations. */
	readonly sourceProblems: readonly string[];
	readonly destinationProblems: readonly string[];
	/** Jobs that should have run by the clock, where no daemon looks at it. */
	readonly missedRuns: ReadonlyArray<{readonly job: string; readonly since: Date}>;
	readonly overdueDays: number;
	readonly now: Date;
};

const dayMs = 86_400_000;
/** Orphans are mentioned this long before their first backup expires. */
const expiryNoticeMs = 7 * dayMs;
/** A server that was off for a moment needs nobody. */
const missedNoticeMs = 3_600_000;
/** A restore is not repeated every night, so its failure is not news for ever. */
const oldNewsMs = 7 * dayMs;

export const findProblems = (facts: ProblemFacts): readonly Problem[] => [
	...facts.sourceProblems.map((message): Problem => ({
		type: 'source', account: null, message, hint: null,
	})),
	...facts.destinationProblems.map((message): Problem => ({
		type: 'destination', account: null, message, hint: 'See more with "holdfast destination check".',
	})),
	...facts.missedRuns.flatMap(run => findMissedProblem(run, facts.now)),
	...findTaskProblems(facts),
	...facts.accounts.flatMap(account => findAccountProblems(account, facts)),
	...facts.orphans.flatMap(orphan => findOrphanProblems(orphan, facts.now)),
];

const findMissedProblem = ({job, since}: ProblemFacts['missedRuns'][number], now: Date): readonly Problem[] => now.getTime() - since.getTime() < missedNoticeMs
	? []
	: [{
		type: 'daemon',
		account: null,
		message: `The job ${job} should have run ${formatAge(since.getTime(), now.getTime())}, and no daemon runs that follows the clock.`,
		hint: 'Start it with "systemctl enable --now holdfast" or "holdfast daemon"; "holdfast daemon --print-unit" writes the unit for systemd.',
	}];

/** The newest finished task of each kind tells how an account does; what was aborted was so on purpose. */
const findTaskProblems = ({tasks, now}: ProblemFacts): readonly Problem[] => {
	const newest = new Map<string, Task & {endedAt: string}>();

	for (const task of tasks) {
		const key = `${task.kind} ${task.accountUuid ?? ''}`;

		if (hasEnded(task) && task.state !== 'aborted' && (newest.get(key)?.endedAt ?? '') < task.endedAt) {
			newest.set(key, task);
		}
	}

	return Array.from(newest, ([, task]) => task).flatMap(task => describeTask(task, now));
};

const hasEnded = (task: Task): task is Task & {endedAt: string} => task.endedAt !== null;

const describeTask = ({id, kind, state, account, endedAt, error}: Task & {endedAt: string}, now: Date): readonly Problem[] => {
	const isOldNews = kind !== 'backup' && now.getTime() - Date.parse(endedAt) > oldNewsMs;

	if (isOldNews || (state !== 'failed' && state !== 'partial' && state !== 'interrupted')) {
		return [];
	}

	const outcome = {failed: 'failed', partial: 'was partial', interrupted: 'was interrupted'}[state];

	return [{
		type: state,
		account,
		message: `The last ${kind} ${outcome} ${formatAge(Date.parse(endedAt), now.getTime())}${error === null ? '.' : `: ${error.message}`}`,
		hint: `See what happened with "holdfast queue show ${id}".`,
	}];
};

const findAccountProblems = ({name, problem, lastBackupAt, firstSeenAt}: AccountView, {overdueDays, now}: ProblemFacts): readonly Problem[] => {
	const problems: Problem[] = problem === null
		? []
		: [{
			type: 'account', account: name, message: `${problem[0]!.toUpperCase()}${problem.slice(1)}.`, hint: null,
		}];

	if (lastBackupAt !== null && isMadeAhead({createdAt: lastBackupAt}, now)) {
		problems.push({
			type: 'account',
			account: name,
			message: `Its last backup is of ${formatMinute(lastBackupAt)} UTC, which the clock says is yet to come; nothing of it is removed.`,
			hint: 'Set the clock right; if it is, delete the backups of the time when it was not with "holdfast backup delete".',
		});
	}

	if (now.getTime() - Date.parse(lastBackupAt ?? firstSeenAt) > overdueDays * dayMs) {
		problems.push({
			type: 'overdue',
			account: name,
			message: lastBackupAt === null ? 'It has no backup.' : `Its last backup was made ${formatAge(Date.parse(lastBackupAt), now.getTime())}.`,
			hint: 'Back it up with "holdfast backup create".',
		});
	}

	return problems;
};

const findOrphanProblems = ({name, uuid, expiresAt}: OrphanView, now: Date): readonly Problem[] => {
	if (expiresAt === null || Date.parse(expiresAt) - now.getTime() > expiryNoticeMs) {
		return [];
	}

	const age = formatAge(Date.parse(expiresAt), now.getTime());

	return [{
		type: 'orphan',
		account: name,
		message: expiresAt > now.toISOString() ? `The account was removed; its backups expire ${age}.` : `The account was removed; its backups expired ${age}, and go with the next cleanup.`,
		hint: `Whoever wants to keep them locks them: see "holdfast orphan show ${uuid}".`,
	}];
};
