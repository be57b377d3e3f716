/** The mail on a task's end: who gets it and what it says. */
import type {Backup} from './backup.ts';
import {toScreen} from './raw-name.ts';
import {isUnfinished} from './task-state.ts';
import type {Task} from './task.ts';
import {wallTimeOf, type TimeZone} from './time-zone.ts';
import {
	countOf,
	formatBytes,
	formatCount,
	formatDuration,
} from './units.ts';

export type NotificationFacts = {
	readonly task: Task;
	/** The backup it made; `undefined` for all else. */
	readonly backup: Backup | undefined;
	readonly machine: string;
	readonly zone: TimeZone;
};

export type RecipientFacts = {
	readonly task: Pick<Task, 'state'>;
	/** Which results are mailed. */
	readonly on: 'all' | 'problems' | 'none';
	/** Addresses of administrators, separated by commas, or `none`. */
	readonly to: string;
	/** The account's own address. */
	readonly email: string | null;
};

export type Mail = {readonly subject: string; readonly text: string};

/** What was aborted was so on purpose. */
const problemStates: ReadonlySet<Task['state']> = new Set(['failed', 'partial', 'interrupted']);
const mostFindings = 20;
const width = 72;

/** Each address once; nobody for a task that goes well where only problems are mailed, or that somebody aborted on purpose. */
export const recipientsOf = ({task: {state}, on, to, email}: RecipientFacts): readonly string[] => {
	const isWanted = on === 'all' || (on === 'problems' && problemStates.has(state));

	if (!isWanted || isUnfinished(state)) {
		return [];
	}

	const administrators = to === 'none' ? [] : to.split(',').map(address => address.trim()).filter(address => address !== '');

	return [...new Set([...administrators, ...(email === null ? [] : [email])])];
};

export const composeMail = ({task, backup, machine, zone}: NotificationFacts): Mail => {
	const what = `${task.kind} of ${task.account === null ? 'the server' : toScreen(task.account)}`;
	const outcome = outcomeWords[task.state];

	return {
		subject: `[${machine}] ${what} ${outcome}`,
		text: [
			`The ${what} on ${machine} ${outcome}.`,
			'',
			...facts(task, backup, zone),
			...describeError(task),
			...describeFindings(task),
			'',
			'-- ',
			`Holdfast on ${machine}; notify.on says what is mailed.`,
			'',
		].join('\n'),
	};
};

const outcomeWords: Readonly<Record<Task['state'], string>> = {
	pending: 'waits',
	running: 'runs',
	completed: 'is complete',
	partial: 'was partial',
	failed: 'failed',
	aborted: 'was aborted',
	interrupted: 'was interrupted',
};

const facts = (task: Task, backup: Backup | undefined, zone: TimeZone): readonly string[] => {
	const {
		id, startedAt, endedAt, requestedBy, summary,
	} = task;
	const seconds = startedAt === null || endedAt === null ? undefined : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;

	return [
		...(startedAt === null ? [] : [`  Began     ${showWallTime(startedAt, zone)}${seconds === undefined ? '' : `, took ${formatDuration(seconds)}`}`]),
		...(backup === undefined ? [] : [`  Backup    ${backup.id}: ${countOf(backup.fileCount, 'file')}, ${formatBytes(backup.sizeBytes)}; ${formatBytes(backup.storedBytes)} added`]),
		...(summary === null ? [] : [`  Result    ${countOf(summary.created.count + summary.overwritten.count, 'entry', 'entries')} written, ${formatCount(summary.kept.count)} kept, ${formatCount(summary.deleted.count)} deleted, ${formatCount(summary.failed.count)} failed`]),
		`  Asked by  ${requestedBy}`,
		`  Task      ${id}`,
	];
};

const describeError = ({error}: Task): readonly string[] => error === null
	? []
	: ['', ...wrap(`What is wrong: ${error.message}`), ...(error.hint === null ? [] : wrap(`What to do: ${error.hint}`))];

const describeFindings = ({findings}: Task): readonly string[] => {
	const problems = findings.filter(({level}) => level === 'problem');

	return problems.length === 0
		? []
		: [
			'',
			...problems.slice(0, mostFindings).map(({path, message}) => `  - ${path === '' ? '' : `${toScreen(path)}: `}${message}`),
			...(problems.length > mostFindings ? [`  and ${countOf(problems.length - mostFindings, 'more', 'more')}`] : []),
		];
};

const showWallTime = (iso: string, zone: TimeZone): string => new Date(wallTimeOf(Date.parse(iso), zone)).toISOString().slice(0, 16).replace('T', ' ');

const wrap = (text: string): readonly string[] => {
	const lines: string[] = [];

	for (const word of text.split(' ')) {
		const last = lines.at(-1);

		if (last === undefined || last.length + word.length >= width) {
			lines.push(word);
		} else {
			lines[lines.length - 1] = `${last} ${word}`;
		}
	}

	return lines;
};
